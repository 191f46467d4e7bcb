// What an agent that keeps a device's rules has not got yet.

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/sqlite_device_rules.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {
namespace {

using store::ClassFeed;
using store::Lane;

struct Place {
    std::int64_t device = 0;
    std::int64_t rules = 0;
};

std::optional<Place> open(Connection& db, const store::RuleTarget& target, ClassFeed& feed) {
    auto row = db.statement(
        "SELECT d.id, c.id, d.last_seq, p.quick, p.bulk FROM class_devices d JOIN class_names c ON c.name = "
        "?2 JOIN class_positions p ON p.device = d.id AND p.class = c.id WHERE d.name = ?1");
    if (!row.bind(target.device, target.rules).step()) return std::nullopt;
    feed.last_seq = row.integer(2);
    feed.recorded = {row.integer(3), row.integer(4)};
    return Place{row.integer(0), row.integer(1)};
}

void take_lane(Connection& db, const Place& place, Lane lane, std::size_t limit, ClassFeed& feed) {
    auto& reached = lane == Lane::quick ? feed.up_to.quick : feed.up_to.bulk;
    const auto room = limit - feed.rules.size();
    auto rows = db.statement(
        "SELECT key, want, seq, expires_at FROM class_rules INDEXED BY class_rules_by_seq WHERE device = ?1 "
        "AND class = ?2 AND lane = ?3 AND seq > ?4 ORDER BY seq LIMIT ?5");
    rows.bind(place.device, place.rules, lane == Lane::bulk ? 1 : 0, reached, room + 1);
    for (std::size_t taken = 0; rows.step(); ++taken) {
        if (taken == room) {
            feed.rest = ClassFeed::Rest::more;
            return;
        }
        reached = rows.integer(2);
        if (const auto key = rows.packed<RuleKey>(0))
            feed.rules.push_back({*key, rows.packed<RuleValue>(1), reached, lane, rows.optional_time(3)});
    }
    reached = feed.last_seq;
}

}  // namespace

Result<ClassFeed> SqliteDeviceRules::feed(const store::RuleTarget& target, const store::LanePositions& since,
                                          std::size_t limit) {
    ClassFeed feed;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        feed = {};
        feed.up_to = since;
        auto& db = static_cast<SqliteTransaction&>(view).connection();  // the store is ours
        if (const auto place = open(db, target, feed))
            for (const Lane lane : {Lane::quick, Lane::bulk})
                take_lane(db, *place, lane, limit, feed);
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    return feed;
}

}  // namespace garita::sqlite
