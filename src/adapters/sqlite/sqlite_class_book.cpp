#include "adapters/sqlite/sqlite_class_book.hpp"

#include <algorithm>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {
namespace {

using store::Lane;
using store::RefusedRule;

struct Place {
    std::int64_t device = 0;
    std::int64_t rules = 0;
    std::int64_t last_seq = 0;
    std::int64_t quick = 0;
    std::int64_t bulk = 0;
};

Connection& own(store::View& view) {
    return static_cast<SqliteTransaction&>(view).connection();  // the store is ours
}

/// Nothing where no producer has ever wanted anything of it.
std::optional<Place> find_place(Connection& db, std::string_view device, std::string_view rules) {
    auto row = db.statement(
        "SELECT d.id, c.id, d.last_seq, p.quick, p.bulk FROM class_devices d JOIN class_names c ON c.name = "
        "?2 "
        "JOIN class_positions p ON p.device = d.id AND p.class = c.id WHERE d.name = ?1");
    if (!row.bind(device, rules).step()) return std::nullopt;
    return Place{row.integer(0), row.integer(1), row.integer(2), row.integer(3), row.integer(4)};
}

int number_of(Lane lane) {
    return lane == Lane::bulk ? 1 : 0;
}

std::int64_t position(const Place& place, Lane lane) {
    return lane == Lane::bulk ? place.bulk : place.quick;
}

void put_refusal(Connection& db, const Place& place, const RefusedRule& one) {
    // only where the refused change is the last one
    db.statement(
          "INSERT INTO class_refusals (device, class, key, seq, error, attempts, next_try) SELECT device, "
          "class, "
          "key, seq, ?5, ?6, ?7 FROM class_rules WHERE device = ?1 AND class = ?2 AND key = ?3 AND seq = ?4 "
          "ON CONFLICT DO UPDATE SET seq = excluded.seq, error = excluded.error, attempts = "
          "excluded.attempts, "
          "next_try = excluded.next_try")
        .bind(place.device, place.rules, one.key, one.seq,
              one.error.empty() ? std::string("refused without a reason") : one.error, one.attempts,
              one.next_try)
        .run();
}

bool is_among(std::span<const RefusedRule> all, const RefusedRule& one) {
    return std::any_of(all.begin(), all.end(), [&](const RefusedRule& other) {
        return other.key == one.key && other.seq == one.seq;
    });
}

}  // namespace

Result<std::vector<store::PendingRule>> SqliteClassBook::pending(std::string_view rules, Lane lane,
                                                                 std::int64_t after, std::size_t limit) {
    std::vector<store::PendingRule> all;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        auto& db = own(view);
        const auto place = find_place(db, device_, rules);
        if (!place) return {};
        auto rows = db.statement(
            "SELECT key, have, want, seq FROM class_rules INDEXED BY class_rules_by_seq WHERE device = ?1 "
            "AND "
            "class = ?2 AND lane = ?3 AND seq > ?4 ORDER BY seq LIMIT ?5");
        rows.bind(place->device, place->rules, number_of(lane), after, limit);
        const auto recorded = position(*place, lane);
        while (rows.step()) {
            const auto key = rows.packed<RuleKey>(0);
            if (!key) continue;
            store::PendingRule rule{*key, rows.packed<RuleValue>(1), rows.packed<RuleValue>(2),
                                    rows.integer(3)};
            if (rule.seq <= recorded) rule.have = rule.want;
            all.push_back(rule);
        }
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return all;
}

Result<std::int64_t> SqliteClassBook::recorded(std::string_view rules, Lane lane) {
    std::int64_t found = 0;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        if (const auto place = find_place(own(view), device_, rules)) found = position(*place, lane);
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return found;
}

Result<void> SqliteClassBook::record(std::string_view rules, Lane lane, std::int64_t up_to,
                                     std::span<const RefusedRule> refused, Time /*now*/) {
    return store_.write([&](store::Transaction& tx) -> Result<void> {
        auto& db = own(tx);
        const auto place = find_place(db, device_, rules);
        if (!place) return {};
        const std::string_view advance =
            lane == Lane::bulk
                ? "UPDATE class_positions SET bulk = ?3 WHERE device = ?1 AND class = ?2 AND bulk < ?3"
                : "UPDATE class_positions SET quick = ?3 WHERE device = ?1 AND class = ?2 AND quick < ?3";
        db.statement(advance).bind(place->device, place->rules, std::min(up_to, place->last_seq)).run();
        for (const auto& one : refused)
            if (one.seq <= up_to) put_refusal(db, *place, one);
        return {};
    });
}

Result<std::vector<RefusedRule>> SqliteClassBook::refused(std::string_view rules) {
    std::vector<RefusedRule> all;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        auto& db = own(view);
        const auto place = find_place(db, device_, rules);
        if (!place) return {};
        auto rows = db.statement(
            "SELECT key, seq, error, attempts, next_try FROM class_refusals WHERE device = ?1 AND class = ?2 "
            "ORDER BY seq");
        rows.bind(place->device, place->rules);
        while (rows.step())
            if (const auto key = rows.packed<RuleKey>(0))
                all.push_back({*key, rows.integer(1), rows.text(2), static_cast<int>(rows.integer(3)),
                               rows.optional_time(4)});
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return all;
}

Result<void> SqliteClassBook::retried(std::string_view rules, std::span<const RefusedRule> tried,
                                      std::span<const RefusedRule> still, Time /*now*/) {
    return store_.write([&](store::Transaction& tx) -> Result<void> {
        auto& db = own(tx);
        const auto place = find_place(db, device_, rules);
        if (!place) return {};
        for (const auto& one : still)
            put_refusal(db, *place, one);
        for (const auto& one : tried)
            if (!is_among(still, one))
                db.statement(
                      "DELETE FROM class_refusals WHERE device = ?1 AND class = ?2 AND key = ?3 AND seq = ?4")
                    .bind(place->device, place->rules, one.key, one.seq)
                    .run();
        return {};
    });
}

Result<std::int64_t> SqliteClassBook::wanted(std::string_view rules, const WantedSink& sink) {
    std::int64_t last = 0;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        auto& db = own(view);
        const auto place = find_place(db, device_, rules);
        if (!place) return {};
        last = place->last_seq;
        auto rows = db.statement(
            "SELECT key, want FROM class_rules WHERE device = ?1 AND class = ?2 AND want IS NOT NULL");
        rows.bind(place->device, place->rules);
        while (rows.step()) {
            const auto key = rows.packed<RuleKey>(0);
            const auto want = rows.packed<RuleValue>(1);
            if (key && want) sink(*key, *want);
        }
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return last;
}

}  // namespace garita::sqlite
