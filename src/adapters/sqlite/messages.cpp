// Copies of questions in the channels, and what their buttons mean.

#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {
namespace {

/// About an open case `c`. The first half is where the search begins (see mark_complete), the second what is
/// true.
const std::string wants_message =
    "c.state = 'open' AND c.id > coalesce((SELECT complete_up_to FROM message_places "
    "WHERE channel = ?1 AND place = ?2), 0) AND NOT EXISTS (SELECT 1 FROM messages m "
    "WHERE m.case_id = c.id AND m.channel = ?1 AND m.place = ?2) ";

}  // namespace

std::vector<Case> SqliteTransaction::cases_without_message(std::string_view channel, std::string_view place,
                                                           std::size_t limit) {
    auto rows = db_.statement(select_case + wants_message + "ORDER BY c.id LIMIT ?3");
    return all_rows<Case>(rows.bind(channel, place, limit));
}

std::vector<Message> SqliteTransaction::stale_messages(std::string_view channel, Time now,
                                                       std::size_t limit) {
    auto rows =
        db_.statement(select_message +
                      "channel = ?1 AND abandoned = 0 AND (external_id = '' OR shown_version < case_version) "
                      "AND (next_try IS NULL OR next_try <= ?2) ORDER BY id LIMIT ?3");
    return all_rows<Message>(rows.bind(channel, now, limit));
}

std::vector<Message> SqliteTransaction::messages_of(CaseId id) {
    auto rows = db_.statement(select_message + "case_id = ?1 ORDER BY id");
    return all_rows<Message>(rows.bind(id));
}

std::optional<ButtonTicket> SqliteTransaction::find_ticket(std::string_view ticket) {
    auto row = db_.statement(
        "SELECT ticket, case_id, response, channel, place, created_at FROM tickets WHERE ticket = ?1");
    if (!row.bind(ticket).step()) return std::nullopt;
    const auto response = parse_response(row.view(2));
    if (!response) return std::nullopt;
    return ButtonTicket{row.text(0), row.id<CaseId>(1), *response, row.text(3), row.text(4), row.time(5)};
}

std::int64_t SqliteTransaction::insert_message(const Message& message) {
    auto insert = db_.statement(
        "INSERT INTO messages (case_id, channel, place, external_id, shown_version, case_version, attempts, "
        "sending_since, next_try, last_error, abandoned) VALUES (?1, ?2, ?3, ?4, ?5, "
        "(SELECT version FROM cases WHERE id = ?1), ?6, ?7, ?8, ?9, ?10)");
    insert
        .bind(message.case_id, message.channel, message.place, message.external_id, message.shown_version,
              message.attempts, message.sending_since, message.next_try, message.last_error,
              static_cast<int>(message.abandoned))
        .run();
    const auto id = db_.last_insert_id();
    mark_complete(message.channel, message.place);
    return id;
}

/// Moves the mark behind the open cases that have their message here. Those that it passes are not looked at
/// again, so all calls together cost no more than there were cases.
void SqliteTransaction::mark_complete(std::string_view channel, std::string_view place) {
    db_.statement(
           "INSERT INTO message_places (channel, place, complete_up_to) VALUES (?1, ?2, coalesce("
           "(SELECT c.id - 1 FROM cases c WHERE " +
           wants_message +
           "ORDER BY c.id LIMIT 1), (SELECT max(id) FROM cases), 0)) "
           "ON CONFLICT (channel, place) DO UPDATE SET complete_up_to = excluded.complete_up_to")
        .bind(channel, place)
        .run();
}

void SqliteTransaction::update_message(const Message& message) {
    db_.statement(
           "UPDATE messages SET external_id = ?2, shown_version = ?3, attempts = ?4, sending_since = ?5, "
           "next_try = ?6, last_error = ?7, abandoned = ?8 WHERE id = ?1")
        .bind(message.id, message.external_id, message.shown_version, message.attempts, message.sending_since,
              message.next_try, message.last_error, static_cast<int>(message.abandoned))
        .run();
}

void SqliteTransaction::show_new_version(CaseId id) {
    db_.statement(
           "UPDATE messages SET case_version = (SELECT version FROM cases WHERE id = ?1), "
           "next_try = CASE WHEN last_error = ?2 THEN NULL ELSE next_try END WHERE case_id = ?1")
        .bind(id, held_back)
        .run();
}

void SqliteTransaction::move_messages(std::string_view channel, std::string_view from_place,
                                      std::string_view to_place) {
    // a case that has a copy in the new place already needs no second one
    db_.statement(
           "DELETE FROM messages WHERE channel = ?1 AND place = ?2 AND case_id IN "
           "(SELECT case_id FROM messages WHERE channel = ?1 AND place = ?3)")
        .bind(channel, from_place, to_place)
        .run();
    db_.statement(
           "UPDATE messages SET place = ?3, external_id = '', shown_version = 0, sending_since = NULL, "
           "next_try = NULL, abandoned = abandoned OR NOT EXISTS (SELECT 1 FROM cases c WHERE "
           "c.id = messages.case_id AND c.state IN ('open', 'decided')) WHERE channel = ?1 AND place = ?2")
        .bind(channel, from_place, to_place)
        .run();
    db_.statement("UPDATE tickets SET place = ?3 WHERE channel = ?1 AND place = ?2")
        .bind(channel, from_place, to_place)
        .run();
}

void SqliteTransaction::insert_tickets(const std::vector<ButtonTicket>& tickets) {
    for (const auto& ticket : tickets)
        db_.statement(
               "INSERT INTO tickets (ticket, case_id, response, channel, place, created_at) "
               "VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            .bind(ticket.ticket, ticket.case_id, to_text(ticket.response), ticket.channel, ticket.place,
                  ticket.created_at)
            .run();
}

}  // namespace garita::sqlite
