#include "adapters/sqlite/access_rows.hpp"

#include "adapters/sqlite/strict_reading.hpp"

namespace garita::sqlite {

const std::string select_request =
    "SELECT id, mac, state, version, approver, channel, proof, reply_to, letter, dry_run, created_at, "
    "deadline, ended_at, code_digest, code_expires, code_wrong, switch_name, port, seen_at, next_try, tries, "
    "journal, outcome, facts, killed_by FROM access_requests WHERE ";
const std::string select_line = "SELECT id, request, at, kind, place, text FROM access_log WHERE ";
const std::string select_survey =
    "SELECT request, switch_name, asked_at, ports, error, cleared, next_try FROM access_surveys WHERE ";
const std::string select_letter =
    "SELECT id, to_address, language, words, facts, appended, about, answers, message_id, created_at, state, "
    "next_try, tries, last_error FROM queued_letters WHERE ";

void read_row(const Statement& row, AccessRequest& request) {
    request.id = row.id<AccessId>(0);
    request.mac = word(row, 1, MacAddress::parse, "MAC address");
    request.state = word(row, 2, parse_access_state, "state of a request for access");
    request.version = row.integer(3);
    request.approver = row.text(4);
    request.channel = row.text(5);
    request.proof = row.text(6);
    request.reply_to = row.text(7);
    request.letter = row.text(8);
    request.dry_run = row.integer(9) != 0;
    request.created_at = row.time(10);
    request.deadline = row.time(11);
    request.ended_at = row.optional_time(12);
    request.code_digest = row.text(13);
    request.code_expires = row.optional_time(14);
    request.code_wrong = static_cast<int>(row.integer(15));
    request.switch_name = row.text(16);
    request.port = row.text(17);
    request.seen_at = row.optional_time(18);
    request.next_try = row.optional_time(19);
    request.tries = static_cast<int>(row.integer(20));
    request.journal = row.text(21);
    request.outcome = row.text(22);
    request.facts = facts_of(row.view(23));
    request.killed_by = row.text(24);
}

void read_row(const Statement& row, AccessLine& line) {
    line.id = row.integer(0);
    line.request = row.id<AccessId>(1);
    line.at = row.time(2);
    line.kind = word(row, 3, parse_access_line_kind, "kind of line");
    line.place = row.text(4);
    line.text = row.text(5);
}

void read_row(const Statement& row, AccessSurvey& survey) {
    survey.request = row.id<AccessId>(0);
    survey.switch_name = row.text(1);
    survey.asked_at = row.optional_time(2);
    survey.ports = row.text(3);
    survey.error = row.text(4);
    survey.cleared = row.integer(5) != 0;
    survey.next_try = row.optional_time(6);
}

void read_row(const Statement& row, QueuedLetter& letter) {
    letter.id = row.integer(0);
    letter.to = row.text(1);
    letter.language = row.text(2);
    letter.words = row.text(3);
    letter.facts = facts_of(row.view(4));
    letter.appended = row.text(5);
    letter.about = row.text(6);
    letter.answers = row.text(7);
    letter.message_id = row.text(8);
    letter.created_at = row.time(9);
    letter.state = word(row, 10, parse_letter_state, "state of a letter");
    letter.next_try = row.optional_time(11);
    letter.tries = static_cast<int>(row.integer(12));
    letter.last_error = row.text(13);
}

}  // namespace garita::sqlite
