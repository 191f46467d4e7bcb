// Writing: bulk changes, ends, upkeep.

#include "adapters/sqlite/sqlite_device_rules.hpp"

#include <algorithm>
#include <numeric>

#include "adapters/sqlite/class_writing.hpp"
#include "adapters/sqlite/sqlite_class_book.hpp"
#include "adapters/sqlite/transaction.hpp"
#include "store/rule_changes_text.hpp"

namespace garita::sqlite {
namespace {

SqliteTransaction& own(store::Transaction& tx) {
    return static_cast<SqliteTransaction&>(tx);  // the store is ours
}

void ring_for(store::Transaction& tx, const ClassWriting& writing) {
    for (const auto& device : writing.touched())
        tx.ring({store::Topic::device_rules, device});
}

/// Neighbours of the tree one after the other, so that each page is looked at once; of the same rule as they
/// came.
std::vector<std::uint32_t> in_order_of_keys(const std::vector<store::RuleWish>& wishes) {
    std::vector<std::uint32_t> order(wishes.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
        const auto& one = wishes[a];
        const auto& other = wishes[b];
        return one.target != other.target ? one.target < other.target : one.key < other.key;
    });
    return order;
}

store::ChangesOutcome carry_out(store::Transaction& tx, const store::RuleChanges& changes, Time now) {
    ClassWriting writing(own(tx).connection(), {now, changes.by.text(), changes.comment, what_of(changes),
                                                lane_of(changes), changes.expires_at});
    std::vector<ClassWriting::Place*> places;
    for (const auto& target : changes.targets)
        places.push_back(&writing.place(target));
    for (const auto row : in_order_of_keys(changes.wishes)) {
        const auto& wish = changes.wishes[row];
        writing.write(*places.at(wish.target), wish.key, wish.want);
    }
    writing.finish();
    ring_for(tx, writing);
    const auto changed = writing.changed();
    const auto count = static_cast<std::int64_t>(changes.wishes.size());
    if (changed > 0) tx.add_audit(audit_of(changes, changed, now));
    return {changed, count - changed};
}

struct Ending {
    store::RuleTarget target;
    RuleKey key;
};

std::vector<Ending> ending(Connection& db, Time now, std::size_t limit) {
    auto rows = db.statement(
        "SELECT d.name, c.name, r.key FROM (SELECT device, class, key FROM class_rules WHERE expires_at <= "
        "?1 "
        "ORDER BY expires_at LIMIT ?2) r JOIN class_devices d ON d.id = r.device JOIN class_names c ON c.id "
        "= "
        "r.class");
    std::vector<Ending> all;
    rows.bind(now, limit);
    while (rows.step())
        if (const auto key = rows.packed<RuleKey>(2)) all.push_back({{rows.text(0), rows.text(1)}, *key});
    return all;
}

/// Names one row of class_rules, or with its seq one of class_history.
struct RowName {
    std::int64_t device = 0;
    std::int64_t rules = 0;
    RuleKey key;
    std::int64_t seq = 0;
};

/// Rows are found first and then removed one by one: a condition on all columns of a key at once is answered
/// by walking through the first two.
std::vector<RowName> named_by(Statement& rows) {
    std::vector<RowName> all;
    while (rows.step())
        if (const auto key = rows.packed<RuleKey>(2))
            all.push_back({rows.integer(0), rows.integer(1), *key, rows.integer(3)});
    return all;
}

/// Rules that are neither wanted nor there any more; the wish to take them away becomes history.
std::size_t prune_gone(Connection& db, int lane, std::size_t limit) {
    std::vector<RowName> gone;
    {
        auto rows = db.statement(
            "SELECT r.device, r.class, r.key, r.seq FROM class_positions p CROSS JOIN class_rules r INDEXED "
            "BY "
            "class_rules_unwanted ON r.device = p.device AND r.class = p.class WHERE r.want IS NULL AND "
            "r.lane = "
            "?1 AND r.seq <= (CASE ?1 WHEN 0 THEN p.quick ELSE p.bulk END) AND NOT EXISTS (SELECT 1 FROM "
            "class_refusals f WHERE f.device = r.device AND f.class = r.class AND f.key = r.key) LIMIT ?2");
        gone = named_by(rows.bind(lane, limit));
    }
    for (const auto& row : gone) {
        db.statement(
              "INSERT INTO class_history (device, class, key, seq, want, at, change, ended) SELECT device, "
              "class, "
              "key, seq, NULL, at, change, at FROM class_rules WHERE device = ?1 AND class = ?2 AND key = ?3")
            .bind(row.device, row.rules, row.key)
            .run();
        db.statement("DELETE FROM class_rules WHERE device = ?1 AND class = ?2 AND key = ?3")
            .bind(row.device, row.rules, row.key)
            .run();
    }
    return gone.size();
}

std::size_t prune_history(Connection& db, Time before, std::size_t limit) {
    std::vector<RowName> old;
    {
        auto rows =
            db.statement("SELECT device, class, key, seq FROM class_history WHERE ended < ?1 LIMIT ?2");
        old = named_by(rows.bind(before, limit));
    }
    for (const auto& row : old)
        db.statement("DELETE FROM class_history WHERE device = ?1 AND class = ?2 AND key = ?3 AND seq = ?4")
            .bind(row.device, row.rules, row.key, row.seq)
            .run();
    db.statement(
          "DELETE FROM class_changes WHERE id IN (SELECT id FROM class_changes WHERE at < ?1 LIMIT ?2)")
        .bind(before, limit)
        .run();
    return old.size() + static_cast<std::size_t>(db.changes());
}

}  // namespace

Result<store::ChangesOutcome> SqliteDeviceRules::change(const store::RuleChanges& changes, Time now) {
    store::ChangesOutcome outcome;
    const auto& key = changes.idempotency_key;
    const auto scope = scope_of(changes);
    const auto written = store_.write([&](store::Transaction& tx) -> Result<void> {
        const auto saved = key.empty() ? std::nullopt : tx.saved_answer(scope, key);
        if (saved) {
            outcome = store::read_outcome(*saved);
            return {};
        }
        outcome = carry_out(tx, changes, now);
        if (!key.empty()) tx.save_answer(scope, key, outcome_text(outcome), now);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return outcome;
}

Result<std::size_t> SqliteDeviceRules::expire(Time now, std::size_t limit) {
    std::size_t ended = 0;
    const auto written = store_.write([&](store::Transaction& tx) -> Result<void> {
        auto& db = own(tx).connection();
        const auto due = ending(db, now, limit);
        ended = due.size();
        if (due.empty()) return {};
        const auto lane = due.size() > store::quick_wishes ? store::Lane::bulk : store::Lane::quick;
        ClassWriting writing(
            db, {now, std::string(store::expiry_author), "", "what came to its end", lane, std::nullopt});
        for (const auto& one : due)
            writing.write(writing.place(one.target), one.key, std::nullopt);
        writing.finish();
        ring_for(tx, writing);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return ended;
}

Result<std::size_t> SqliteDeviceRules::prune(Time history_before, std::size_t limit) {
    std::size_t removed = 0;
    const auto written = store_.write([&](store::Transaction& tx) -> Result<void> {
        auto& db = own(tx).connection();
        removed = prune_gone(db, 0, limit);
        if (removed < limit) removed += prune_gone(db, 1, limit - removed);
        if (removed < limit) removed += prune_history(db, history_before, limit - removed);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return removed;
}

std::unique_ptr<store::ClassBook> SqliteDeviceRules::book(std::string device) {
    return std::make_unique<SqliteClassBook>(store_, std::move(device));
}

}  // namespace garita::sqlite
