#include "adapters/sqlite/audit.hpp"

#include <algorithm>
#include <limits>
#include <stdexcept>

#include "adapters/sqlite/migrations.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/transaction.hpp"
#include "runtime/audit/audit_hash.hpp"

namespace garita::sqlite {
namespace {

constexpr std::string_view chain_step = "0003_audit_chain.sql";
constexpr std::int64_t old_rows_at_once = 10'000;

AuditHead newest(Connection& db) {
    auto row = db.statement("SELECT id, hash, at FROM audit ORDER BY id DESC LIMIT 1");
    return row.step() ? AuditHead{row.integer(0), row.hash(1), row.time(2)} : AuditHead{};
}

void rewrite(Connection& db, const AuditRow& row) {
    db.statement(
          "UPDATE audit SET by_kind = ?2, by_name = ?3, by_channel = ?4, by_role = ?5, verb = ?6, "
          "object = ?7, detail = ?8, prev = ?9, hash = ?10 WHERE id = ?1")
        .bind(row.seq, row.by_kind, row.by_name, row.by_channel, row.by_role, row.verb, row.object,
              row.detail, row.prev, row.hash)
        .run();
}

std::vector<AuditRow> rows_after(Connection& db, std::int64_t seq, std::int64_t limit) {
    auto rows = db.statement(select_chain + "id > ?1 ORDER BY id LIMIT ?2");
    return all_rows<AuditRow>(rows.bind(seq, limit));
}

}  // namespace

void chain_old_audit_rows(Connection& db, std::int64_t steps_done_before) {
    const auto steps = hub_migrations();
    const auto step =
        std::find_if(steps.begin(), steps.end(), [](const Migration& one) { return one.file == chain_step; });
    if (step == steps.end()) throw std::logic_error("no step chains the audit trail");
    if (steps_done_before > step - steps.begin()) return;
    AuditHead head;
    for (auto rows = rows_after(db, 0, old_rows_at_once); !rows.empty();
         rows = rows_after(db, head.seq, old_rows_at_once))
        for (auto& row : rows) {
            const auto link = runtime::audit::next_row(std::move(row), head);
            rewrite(db, link);
            head = head_of(link);
        }
}

std::vector<AuditEntry> SqliteTransaction::audit(const store::AuditQuery& query) {
    const std::int64_t before = query.before.value_or(std::numeric_limits<std::int64_t>::max());
    const auto since = query.since.value_or(Time::min());
    if (query.object.empty()) {
        auto rows = db_.statement(select_audit + "id < ?1 AND +at >= ?3 ORDER BY id DESC LIMIT ?2");
        return all_rows<AuditEntry>(rows.bind(before, query.limit, since));
    }
    auto rows =
        db_.statement(select_audit + "object = ?4 AND id < ?1 AND +at >= ?3 ORDER BY id DESC LIMIT ?2");
    return all_rows<AuditEntry>(rows.bind(before, query.limit, since, query.object));
}

std::vector<AuditRow> SqliteTransaction::audit_rows(const store::AuditRange& range) {
    const auto since = range.since.value_or(Time::min());
    if (range.object.empty()) {
        auto rows = db_.statement(select_chain + "id > ?1 AND +at >= ?3 ORDER BY id LIMIT ?2");
        return all_rows<AuditRow>(rows.bind(range.after, range.limit, since));
    }
    auto rows = db_.statement(select_chain + "object = ?4 AND id > ?1 AND +at >= ?3 ORDER BY id LIMIT ?2");
    return all_rows<AuditRow>(rows.bind(range.after, range.limit, since, range.object));
}

AuditHead SqliteTransaction::audit_head() {
    return newest(db_);
}

std::int64_t SqliteTransaction::add_audit(const AuditEntry& entry) {
    const auto row = runtime::audit::next_row(entry, newest(db_));
    db_.statement(
           "INSERT INTO audit (id, at, by_kind, by_name, by_channel, by_role, verb, object, detail, prev, "
           "hash) "
           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)")
        .bind(row.seq, row.at, row.by_kind, row.by_name, row.by_channel, row.by_role, row.verb, row.object,
              row.detail, row.prev, row.hash)
        .run();
    return row.seq;
}

std::size_t SqliteTransaction::prune_audit(Time before, Time now, std::size_t limit) {
    if (now <= before) return 0;
    AuditCut cut{0, {}, before};
    std::size_t removed = 0;
    {
        auto rows = db_.statement("SELECT id, hash, at FROM audit ORDER BY id LIMIT ?1");
        rows.bind(limit);
        while (rows.step()) {
            const auto old_enough = removed == 0 ? before - store::audit_prune_step : before;
            if (rows.time(2) >= old_enough) break;
            cut.up_to = rows.integer(0);
            cut.hash = rows.hash(1);
            ++removed;
        }
    }
    if (removed == 0) return 0;
    (void)add_audit(entry_of(cut, now));  // first: the chain goes on from the last row, which may be the one
    db_.statement("DELETE FROM audit WHERE id <= ?1").bind(cut.up_to).run();
    return removed;
}

}  // namespace garita::sqlite
