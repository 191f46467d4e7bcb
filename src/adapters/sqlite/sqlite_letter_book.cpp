#include "adapters/sqlite/sqlite_letter_book.hpp"

#include "adapters/sqlite/access_rows.hpp"
#include "adapters/sqlite/transaction.hpp"
#include "store/random_hex.hpp"

namespace garita::sqlite {
namespace {

/// As the partial indexes say it.
const std::string is_open_row = "state IN ('waiting', 'sending') ";
const std::string is_over_row = "state IN ('sent', 'given_up') ";

Connection& of(store::View& view) {
    return dynamic_cast<SqliteTransaction&>(view).connection();  // the store is ours
}

std::size_t number_in(Statement& row) {
    return row.step() ? static_cast<std::size_t>(row.integer(0)) : 0;
}

bool is_over(QueuedLetter::State state) {
    return state == QueuedLetter::State::sent || state == QueuedLetter::State::given_up;
}

}  // namespace

std::vector<QueuedLetter> SqliteLetterBook::due(store::View& view, Time now, std::size_t limit) {
    auto rows =
        of(view).statement(select_letter + is_open_row +
                           "AND (state = 'sending' OR next_try IS NULL OR next_try <= ?1) ORDER BY id LIMIT "
                           "?2");
    return all_rows<QueuedLetter>(rows.bind(now, limit));
}

std::optional<Time> SqliteLetterBook::next_due(store::View& view) {
    auto row = of(view).statement(
        "SELECT min(CASE WHEN state = 'sending' THEN created_at ELSE coalesce(next_try, created_at) END) "
        "FROM queued_letters WHERE " +
        is_open_row);
    return row.step() ? row.optional_time(0) : std::nullopt;
}

std::vector<QueuedLetter> SqliteLetterBook::about(store::View& view, std::string_view about,
                                                  std::size_t limit) {
    auto rows = of(view).statement(select_letter + "about = ?1 ORDER BY id LIMIT ?2");
    return all_rows<QueuedLetter>(rows.bind(about, limit));
}

std::size_t SqliteLetterBook::waiting(store::View& view) {
    auto row = of(view).statement("SELECT count(*) FROM queued_letters WHERE " + is_open_row);
    return number_in(row);
}

std::size_t SqliteLetterBook::queued_since(store::View& view, std::string_view to, Time since) {
    auto row =
        of(view).statement("SELECT count(*) FROM queued_letters WHERE to_address = ?1 AND created_at >= ?2");
    return number_in(row.bind(to, since));
}

std::int64_t SqliteLetterBook::add(store::Transaction& transaction, const QueuedLetter& letter) {
    auto& db = of(transaction);
    db.statement(
          "INSERT INTO queued_letters (to_address, language, words, facts, appended, about, answers, "
          "message_id, created_at, state, next_try, tries, last_error) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, "
          "?8, ?9, ?10, ?11, ?12, ?13)")
        .bind(letter.to, letter.language, letter.words, facts_text(letter.facts), letter.appended,
              letter.about, letter.answers, store::random_hex(store::message_id_bytes), letter.created_at,
              to_text(letter.state), letter.next_try, letter.tries, letter.last_error)
        .run();
    const auto id = db.last_insert_id();
    transaction.ring({store::Topic::letters, {}});
    return id;
}

void SqliteLetterBook::update(store::Transaction& transaction, const QueuedLetter& letter) {
    auto& db = of(transaction);
    db.statement(
          "UPDATE queued_letters SET state = ?2, next_try = ?3, tries = ?4, last_error = ?5 WHERE id = ?1")
        .bind(letter.id, to_text(letter.state), letter.next_try, letter.tries, letter.last_error)
        .run();
    if (!is_over(letter.state)) return;
    db.statement("UPDATE queued_letters SET facts = '{}', appended = '' WHERE id = ?1").bind(letter.id).run();
}

std::size_t SqliteLetterBook::prune(store::Transaction& transaction, Time before, std::size_t limit) {
    auto& db = of(transaction);
    db.statement("DELETE FROM queued_letters WHERE id IN (SELECT id FROM queued_letters WHERE " +
                 is_over_row + "AND created_at < ?1 ORDER BY created_at LIMIT ?2)")
        .bind(before, limit)
        .run();
    return static_cast<std::size_t>(db.changes());
}

}  // namespace garita::sqlite
