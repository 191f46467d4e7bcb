#include <algorithm>

#include "adapters/sqlite/held_classes_file.hpp"

namespace garita::sqlite {
namespace {

using store::Lane;
using store::RefusedRule;

void put_refusal(Connection& db, const HeldClass& held, const RefusedRule& one) {
    // only where the refused change is the last one
    db.statement(
          "INSERT INTO refusals (class, key, seq, hub_seq, error, attempts, next_try) SELECT class, key, "
          "seq, "
          "hub_seq, ?4, ?5, ?6 FROM rules WHERE class = ?1 AND key = ?2 AND seq = ?3 ON CONFLICT DO UPDATE "
          "SET seq = excluded.seq, hub_seq = excluded.hub_seq, error = excluded.error, attempts = "
          "excluded.attempts, next_try = excluded.next_try")
        .bind(held.id, one.key, one.seq,
              one.error.empty() ? std::string("refused without a reason") : one.error, one.attempts,
              one.next_try)
        .run();
}

/// Rows that are neither wanted nor there any more.
void forget_gone(Connection& db, const HeldClass& held, Lane lane, std::int64_t up_to) {
    std::vector<RuleKey> gone;
    {
        auto rows = db.statement(
            "SELECT r.key FROM rules r INDEXED BY rules_unwanted WHERE r.class = ?1 AND r.lane = ?2 AND "
            "r.seq "
            "<= ?3 AND r.want IS NULL AND NOT EXISTS (SELECT 1 FROM refusals f WHERE f.class = ?1 AND f.key "
            "= "
            "r.key AND f.seq = r.seq)");
        rows.bind(held.id, number_of(lane), up_to);
        while (rows.step())
            if (const auto key = rows.packed<RuleKey>(0)) gone.push_back(*key);
    }
    for (const auto& key : gone)
        db.statement("DELETE FROM rules WHERE class = ?1 AND key = ?2").bind(held.id, key).run();
}

void confirm(Connection& db, HeldClass& held, Lane lane, std::int64_t up_to) {
    {
        auto row =
            db.statement("SELECT max(hub_seq) FROM marks WHERE class = ?1 AND lane = ?2 AND seq <= ?3");
        if (row.bind(held.id, number_of(lane), up_to).step() && !row.is_null(0)) {
            auto& confirmed = position(held.confirmed, lane);
            confirmed = std::max(confirmed, row.integer(0));
        }
    }
    db.statement("DELETE FROM marks WHERE class = ?1 AND lane = ?2 AND seq <= ?3")
        .bind(held.id, number_of(lane), up_to)
        .run();
}

}  // namespace

Result<std::vector<store::PendingRule>> SqliteHeldClasses::Book::pending(std::string_view rules, Lane lane,
                                                                         std::int64_t after,
                                                                         std::size_t limit) {
    using Rules = std::vector<store::PendingRule>;
    return file_.read<Rules>([&](Connection& db) {
        Rules all;
        const auto held = find_held_class(db, rules);
        if (!held) return all;
        auto rows = db.statement(
            "SELECT key, want, seq FROM rules INDEXED BY rules_by_seq WHERE class = ?1 AND lane = ?2 AND seq "
            "> "
            "?3 ORDER BY seq LIMIT ?4");
        rows.bind(held->id, number_of(lane), after, limit);
        while (rows.step())
            if (const auto key = rows.packed<RuleKey>(0))
                all.push_back({*key, std::nullopt, rows.packed<RuleValue>(1), rows.integer(2)});
        return all;
    });
}

Result<std::int64_t> SqliteHeldClasses::Book::recorded(std::string_view rules, Lane lane) {
    return file_.read<std::int64_t>([&](Connection& db) {
        auto held = find_held_class(db, rules);
        return held ? position(held->recorded, lane) : 0;
    });
}

Result<void> SqliteHeldClasses::Book::record(std::string_view rules, Lane lane, std::int64_t up_to,
                                             std::span<const RefusedRule> refused, Time /*now*/) {
    const auto done = file_.write<void>([&](Connection& db) -> Result<void> {
        auto held = find_held_class(db, rules);
        if (!held) return {};
        auto& recorded = position(held->recorded, lane);
        recorded = std::max(recorded, std::min(up_to, held->last_seq));
        for (const auto& one : refused)
            if (one.seq <= up_to) put_refusal(db, *held, one);
        confirm(db, *held, lane, recorded);
        forget_gone(db, *held, lane, recorded);
        save_held_class(db, *held);
        return {};
    });
    if (done) file_.heard();
    return done;
}

Result<std::vector<RefusedRule>> SqliteHeldClasses::Book::refused(std::string_view rules) {
    using Rules = std::vector<RefusedRule>;
    return file_.read<Rules>([&](Connection& db) {
        Rules all;
        const auto held = find_held_class(db, rules);
        if (!held) return all;
        auto rows = db.statement(
            "SELECT key, seq, error, attempts, next_try FROM refusals WHERE class = ?1 AND seq > 0 ORDER BY "
            "seq");
        rows.bind(held->id);
        while (rows.step())
            if (const auto key = rows.packed<RuleKey>(0))
                all.push_back({*key, rows.integer(1), rows.text(2), static_cast<int>(rows.integer(3)),
                               rows.optional_time(4)});
        return all;
    });
}

Result<void> SqliteHeldClasses::Book::retried(std::string_view rules, std::span<const RefusedRule> tried,
                                              std::span<const RefusedRule> still, Time /*now*/) {
    const auto done = file_.write<void>([&](Connection& db) -> Result<void> {
        const auto held = find_held_class(db, rules);
        if (!held) return {};
        for (const auto& one : still)
            put_refusal(db, *held, one);
        for (const auto& one : tried) {
            const bool again = std::any_of(still.begin(), still.end(), [&](const RefusedRule& other) {
                return other.key == one.key && other.seq == one.seq;
            });
            if (!again)
                db.statement("DELETE FROM refusals WHERE class = ?1 AND key = ?2 AND seq = ?3")
                    .bind(held->id, one.key, one.seq)
                    .run();
        }
        return {};
    });
    if (done) file_.heard();
    return done;
}

Result<std::int64_t> SqliteHeldClasses::Book::wanted(std::string_view rules, const WantedSink& sink) {
    return file_.read<std::int64_t>([&](Connection& db) -> std::int64_t {
        const auto held = find_held_class(db, rules);
        if (!held) return 0;
        auto rows = db.statement("SELECT key, want FROM rules WHERE class = ?1 AND want IS NOT NULL");
        rows.bind(held->id);
        while (rows.step()) {
            const auto key = rows.packed<RuleKey>(0);
            const auto want = rows.packed<RuleValue>(1);
            if (key && want) sink(*key, *want);
        }
        return held->last_seq;
    });
}

}  // namespace garita::sqlite
