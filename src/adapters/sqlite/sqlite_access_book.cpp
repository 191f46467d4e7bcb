#include "adapters/sqlite/sqlite_access_book.hpp"

#include <limits>

#include "adapters/sqlite/access_rows.hpp"
#include "adapters/sqlite/strict_reading.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {
namespace {

/// As the partial indexes say it.
const std::string is_open_row = "state IN ('confirming', 'waiting', 'working') ";

Connection& of(store::View& view) {
    return dynamic_cast<SqliteTransaction&>(view).connection();  // the store is ours
}

std::size_t changes_of(const Connection& db) {
    return static_cast<std::size_t>(db.changes());
}

bool is_due(const AccessSurvey& survey, AccessState state) {
    return store::wants_surveys(state) && (!survey.asked_at || !survey.cleared);
}

/// What is asked for only, so that an index can be used.
std::string conditions(const store::AccessQuery& query) {
    std::string text = "id < ?1 ";
    text += query.mac ? "AND mac = ?2 " : "AND ?2 IS NULL ";
    text += query.switch_name.empty() ? "AND ?3 = '' " : "AND switch_name = ?3 ";
    if (query.states.empty()) return text;
    std::string words;
    for (const auto state : query.states)
        words.append(words.empty() ? "'" : ", '").append(to_text(state)).append("'");
    return text + "AND state IN (" + words + ") ";
}

/// With all that belongs to them, as far as `limit` rows go.
std::size_t remove_request(Connection& db, AccessId id, std::size_t limit) {
    db.statement("DELETE FROM access_log WHERE id IN (SELECT id FROM access_log WHERE request = ?1 LIMIT ?2)")
        .bind(id, limit)
        .run();
    const auto lines = changes_of(db);
    if (lines >= limit) return lines;  // the rest another time
    db.statement("DELETE FROM access_surveys WHERE request = ?1").bind(id).run();
    db.statement("DELETE FROM access_requests WHERE id = ?1").bind(id).run();
    return lines + 1;
}

}  // namespace

std::vector<AccessRequest> SqliteAccessBook::requests(store::View& view, const store::AccessQuery& query) {
    auto rows = of(view).statement(select_request + conditions(query) + "ORDER BY id DESC LIMIT ?4");
    const auto before = query.before ? query.before->value : std::numeric_limits<std::int64_t>::max();
    const auto mac = query.mac ? std::optional(query.mac->text()) : std::nullopt;
    return all_rows<AccessRequest>(rows.bind(before, mac, query.switch_name, query.limit));
}

std::vector<AccessRequest> SqliteAccessBook::open_requests(store::View& view) {
    auto rows = of(view).statement(select_request + is_open_row + "ORDER BY id");
    return all_rows<AccessRequest>(rows);
}

std::size_t SqliteAccessBook::open_count(store::View& view) {
    auto row = of(view).statement("SELECT count(*) FROM access_requests WHERE " + is_open_row);
    return row.step() ? static_cast<std::size_t>(row.integer(0)) : 0;
}

std::optional<AccessRequest> SqliteAccessBook::find(store::View& view, AccessId id) {
    auto row = of(view).statement(select_request + "id = ?1");
    return one_row<AccessRequest>(row.bind(id));
}

std::optional<AccessRequest> SqliteAccessBook::open_request(store::View& view, const MacAddress& mac) {
    auto row = of(view).statement(select_request + "mac = ?1 AND " + is_open_row);
    return one_row<AccessRequest>(row.bind(mac.text()));
}

std::vector<AccessLine> SqliteAccessBook::log(store::View& view, AccessId id, std::int64_t after,
                                              std::size_t limit) {
    auto rows = of(view).statement(select_line + "request = ?1 AND id > ?2 ORDER BY id LIMIT ?3");
    return all_rows<AccessLine>(rows.bind(id, after, limit));
}

std::vector<AccessSurvey> SqliteAccessBook::surveys(store::View& view, AccessId id) {
    auto rows = of(view).statement(select_survey + "request = ?1 ORDER BY switch_name");
    return all_rows<AccessSurvey>(rows.bind(id));
}

std::vector<AccessSurvey> SqliteAccessBook::due_surveys(store::View& view, std::string_view switch_name,
                                                        Time now, std::size_t limit) {
    auto rows =
        of(view).statement(select_survey +
                           "switch_name = ?1 AND due = 1 AND (next_try IS NULL OR next_try <= ?2) ORDER BY "
                           "request LIMIT ?3");
    return all_rows<AccessSurvey>(rows.bind(switch_name, now, limit));
}

AccessId SqliteAccessBook::insert(store::Transaction& transaction, const AccessRequest& request) {
    auto& db = of(transaction);
    db.statement(
          "INSERT INTO access_requests (mac, version, state, approver, channel, proof, reply_to, letter, "
          "dry_run, created_at, deadline, ended_at, code_digest, code_expires, code_wrong, switch_name, "
          "port, seen_at, next_try, tries, journal, outcome, facts, killed_by) VALUES (?1, 1, ?2, ?3, ?4, "
          "?5, ?6, ?7, "
          "?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23)")
        .bind(request.mac.text(), to_text(request.state), request.approver, request.channel, request.proof,
              request.reply_to, request.letter, request.dry_run ? 1 : 0, request.created_at, request.deadline,
              request.ended_at, request.code_digest, request.code_expires, request.code_wrong,
              request.switch_name, request.port, request.seen_at, request.next_try, request.tries,
              request.journal, request.outcome, facts_text(request.facts), request.killed_by)
        .run();
    const AccessId id{db.last_insert_id()};
    transaction.ring({store::Topic::access, {}});
    return id;
}

bool SqliteAccessBook::update(store::Transaction& transaction, const AccessRequest& changed) {
    auto& db = of(transaction);
    db.statement(
          "UPDATE access_requests SET version = version + 1, archived = 0, state = ?3, approver = ?4, "
          "channel = ?5, proof "
          "= ?6, reply_to = ?7, letter = ?8, dry_run = ?9, deadline = ?10, ended_at = ?11, code_digest = "
          "?12, code_expires = ?13, code_wrong = ?14, switch_name = ?15, port = ?16, seen_at = ?17, next_try "
          "= ?18, tries = ?19, journal = ?20, outcome = ?21, facts = ?22, killed_by = ?23 WHERE id = ?1 AND "
          "version = ?2")
        .bind(changed.id, changed.version, to_text(changed.state), changed.approver, changed.channel,
              changed.proof, changed.reply_to, changed.letter, changed.dry_run ? 1 : 0, changed.deadline,
              changed.ended_at, changed.code_digest, changed.code_expires, changed.code_wrong,
              changed.switch_name, changed.port, changed.seen_at, changed.next_try, changed.tries,
              changed.journal, changed.outcome, facts_text(changed.facts), changed.killed_by)
        .run();
    if (db.changes() == 0) return false;
    db.statement(
          "UPDATE access_surveys SET due = ?2 AND (asked_at IS NULL OR cleared = 0) WHERE request = ?1 AND "
          "due != (?2 AND (asked_at IS NULL OR cleared = 0))")
        .bind(changed.id, store::wants_surveys(changed.state) ? 1 : 0)
        .run();
    transaction.ring({store::Topic::access, {}});
    return true;
}

void SqliteAccessBook::add_line(store::Transaction& transaction, const AccessLine& line) {
    of(transaction)
        .statement("INSERT INTO access_log (request, at, kind, place, text) VALUES (?1, ?2, ?3, ?4, ?5)")
        .bind(line.request, line.at, to_text(line.kind), line.place, line.text)
        .run();
    of(transaction)
        .statement("UPDATE access_requests SET archived = 0 WHERE id = ?1 AND archived = 1")
        .bind(line.request)
        .run();
}

void SqliteAccessBook::put_survey(store::Transaction& transaction, const AccessSurvey& survey) {
    auto& db = of(transaction);
    auto request = db.statement("SELECT state FROM access_requests WHERE id = ?1");
    if (!request.bind(survey.request).step())
        throw BrokenRule("there is no request " + std::to_string(survey.request.value) + " for access");
    const auto state = word(request, 0, parse_access_state, "state of a request for access");
    db.statement(
          "INSERT OR REPLACE INTO access_surveys (request, switch_name, asked_at, ports, error, cleared, "
          "next_try, due) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)")
        .bind(survey.request, survey.switch_name, survey.asked_at, survey.ports, survey.error,
              survey.cleared ? 1 : 0, survey.next_try, is_due(survey, state) ? 1 : 0)
        .run();
}

bool SqliteAccessBook::use_up(store::Transaction& transaction, std::string_view scope, std::string_view what,
                              Time now) {
    auto& db = of(transaction);
    db.statement("INSERT INTO access_used (scope, what, at) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING")
        .bind(scope, what, now)
        .run();
    return db.changes() > 0;
}

bool SqliteAccessBook::is_used_up(store::View& view, std::string_view scope, std::string_view what) {
    auto row = of(view).statement("SELECT 1 FROM access_used WHERE scope = ?1 AND what = ?2");
    return row.bind(scope, what).step();
}

std::vector<AccessRequest> SqliteAccessBook::unarchived(store::View& view, std::size_t limit) {
    auto rows = of(view).statement(select_request +
                                   "ended_at IS NOT NULL AND archived = 0 ORDER BY ended_at, id LIMIT ?1");
    return all_rows<AccessRequest>(rows.bind(limit));
}

void SqliteAccessBook::set_archived(store::Transaction& transaction, const AccessRequest& request,
                                    std::int64_t last_line) {
    of(transaction)
        .statement(
            "UPDATE access_requests SET archived = 1 WHERE id = ?1 AND version = ?2 AND NOT EXISTS (SELECT 1 "
            "FROM access_log WHERE request = ?1 AND id > ?3)")
        .bind(request.id, request.version, last_line)
        .run();
}

std::size_t SqliteAccessBook::prune(store::Transaction& transaction, Time before, Time used_before,
                                    std::size_t limit) {
    auto& db = of(transaction);
    db.statement(
          "DELETE FROM access_used WHERE (scope, what) IN (SELECT scope, what FROM access_used WHERE at < ?1 "
          "LIMIT ?2)")
        .bind(used_before, limit)
        .run();
    auto removed = changes_of(db);
    std::vector<AccessId> over;
    {
        auto rows = db.statement(
            "SELECT id FROM access_requests WHERE ended_at IS NOT NULL AND ended_at < ?1 ORDER BY ended_at "
            "LIMIT ?2");
        rows.bind(before, limit);
        while (rows.step())
            over.push_back(rows.id<AccessId>(0));
    }
    for (const auto id : over) {
        if (removed >= limit) break;
        removed += remove_request(db, id, limit - removed);
    }
    return removed;
}

}  // namespace garita::sqlite
