#include "adapters/sqlite/class_writing.hpp"

namespace garita::sqlite {
namespace {

std::int64_t number_of(store::Lane lane) {
    return lane == store::Lane::bulk ? 1 : 0;
}

}  // namespace

ClassWriting::ClassWriting(Connection& db, Origin origin) : db_(db), origin_(std::move(origin)) {
    db_.statement("INSERT INTO class_changes (at, author, comment, what, changed) VALUES (?1, ?2, ?3, ?4, 0)")
        .bind(origin_.now, origin_.author, origin_.comment, origin_.what)
        .run();
    change_ = db_.last_insert_id();
}

ClassWriting::Device& ClassWriting::device(const std::string& name) {
    const auto [at, is_new] = devices_.try_emplace(name);
    if (!is_new) return at->second;
    db_.statement("INSERT INTO class_devices (name, last_seq) VALUES (?1, 0) ON CONFLICT DO NOTHING")
        .bind(name)
        .run();
    auto row = db_.statement("SELECT id, last_seq FROM class_devices WHERE name = ?1");
    if (!row.bind(name).step()) throw BrokenRule("a device of classes is missing");
    at->second = {row.integer(0), row.integer(1), false};
    return at->second;
}

ClassWriting::Place& ClassWriting::place(const store::RuleTarget& target) {
    const auto [at, is_new] = places_.try_emplace(target);
    Place& place = at->second;
    if (!is_new) return place;
    place.device = &device(target.device);
    db_.statement("INSERT INTO class_names (name) VALUES (?1) ON CONFLICT DO NOTHING")
        .bind(target.rules)
        .run();
    {
        auto row = db_.statement("SELECT id FROM class_names WHERE name = ?1");
        if (!row.bind(target.rules).step()) throw BrokenRule("a class of rules is missing");
        place.rules = row.integer(0);
    }
    db_.statement(
           "INSERT INTO class_positions (device, class, wanted, quick, bulk) VALUES (?1, ?2, 0, 0, 0) "
           "ON CONFLICT DO NOTHING")
        .bind(place.device->id, place.rules)
        .run();
    auto row = db_.statement(
        "SELECT quick, bulk, EXISTS (SELECT 1 FROM class_refusals f WHERE f.device = ?1 AND f.class = ?2) "
        "FROM class_positions WHERE device = ?1 AND class = ?2");
    if (!row.bind(place.device->id, place.rules).step()) throw BrokenRule("a position of rules is missing");
    place.quick = row.integer(0);
    place.bulk = row.integer(1);
    place.some_refused = row.integer(2) != 0;
    return place;
}

ClassWriting::Effect ClassWriting::write(Place& place, const RuleKey& key,
                                         const std::optional<RuleValue>& want) {
    if (want && insert(place, key, *want)) {
        ++place.more_wanted;
        return count(place);
    }
    const auto stored = find(place, key);
    if (!stored) return Effect::none;
    if (stored->want == want) {
        if (!want || stored->expires_at == origin_.expires_at) return Effect::none;
        // nothing for the device to do, but an agent that keeps it ends it by itself, and has to know when
        db_.statement(
               "UPDATE class_rules SET expires_at = ?4, have = ?5, seq = ?6, lane = ?7 WHERE device = ?1 AND "
               "class = ?2 AND key = ?3")
            .bind(place.device->id, place.rules, key, origin_.expires_at, current(place, key, *stored),
                  ++place.device->last_seq, number_of(origin_.lane))
            .run();
        return count(place);
    }
    replace(place, key, *stored, want);
    place.more_wanted += (want ? 1 : 0) - (stored->want ? 1 : 0);
    return count(place);
}

ClassWriting::Effect ClassWriting::count(Place& place) {
    ++changed_;
    place.device->touched = true;
    return Effect::changed;
}

bool ClassWriting::insert(Place& place, const RuleKey& key, const RuleValue& want) {
    db_.statement(
           "INSERT INTO class_rules (device, class, key, want, have, seq, lane, at, change, expires_at) "
           "VALUES (?1, ?2, ?3, ?4, NULL, ?5, ?6, ?7, ?8, ?9) ON CONFLICT DO NOTHING")
        .bind(place.device->id, place.rules, key, want, place.device->last_seq + 1, number_of(origin_.lane),
              origin_.now, change_, origin_.expires_at)
        .run();
    if (db_.changes() == 0) return false;
    ++place.device->last_seq;
    return true;
}

std::optional<ClassWriting::Stored> ClassWriting::find(const Place& place, const RuleKey& key) {
    auto row = db_.statement(
        "SELECT want, have, seq, lane, at, change, expires_at FROM class_rules WHERE device = ?1 AND class = "
        "?2 AND key = ?3");
    if (!row.bind(place.device->id, place.rules, key).step()) return std::nullopt;
    return Stored{
        row.packed<RuleValue>(0), row.packed<RuleValue>(1), row.integer(2), row.integer(3), row.time(4),
        row.integer(5),           row.optional_time(6)};
}

std::optional<RuleValue> ClassWriting::current(const Place& place, const RuleKey& key, const Stored& stored) {
    if (stored.seq > (stored.lane == 0 ? place.quick : place.bulk)) return stored.have;
    if (!place.some_refused) return stored.want;
    auto row = db_.statement(
        "SELECT 1 FROM class_refusals WHERE device = ?1 AND class = ?2 AND key = ?3 AND seq = ?4");
    return row.bind(place.device->id, place.rules, key, stored.seq).step() ? stored.have : stored.want;
}

void ClassWriting::replace(Place& place, const RuleKey& key, const Stored& stored,
                           const std::optional<RuleValue>& want) {
    const auto id = place.device->id;
    const auto have = current(place, key, stored);
    db_.statement(
           "INSERT INTO class_history (device, class, key, seq, want, at, change, ended) VALUES (?1, ?2, ?3, "
           "?4, "
           "?5, ?6, ?7, ?8)")
        .bind(id, place.rules, key, stored.seq, stored.want, stored.at, stored.change, origin_.now)
        .run();
    db_.statement(
           "UPDATE class_rules SET want = ?4, have = ?5, seq = ?6, lane = ?7, at = ?8, change = ?9, "
           "expires_at "
           "= ?10 WHERE device = ?1 AND class = ?2 AND key = ?3")
        .bind(id, place.rules, key, want, have, ++place.device->last_seq, number_of(origin_.lane),
              origin_.now, change_, want ? origin_.expires_at : std::nullopt)
        .run();
    if (!place.some_refused) return;
    db_.statement("DELETE FROM class_refusals WHERE device = ?1 AND class = ?2 AND key = ?3")
        .bind(id, place.rules, key)
        .run();
}

void ClassWriting::finish() {
    for (const auto& [target, place] : places_)
        if (place.more_wanted != 0)
            db_.statement("UPDATE class_positions SET wanted = wanted + ?3 WHERE device = ?1 AND class = ?2")
                .bind(place.device->id, place.rules, place.more_wanted)
                .run();
    for (const auto& [name, device] : devices_)
        db_.statement("UPDATE class_devices SET last_seq = ?2 WHERE id = ?1")
            .bind(device.id, device.last_seq)
            .run();
    if (changed_ == 0)
        db_.statement("DELETE FROM class_changes WHERE id = ?1").bind(change_).run();
    else
        db_.statement("UPDATE class_changes SET changed = ?2 WHERE id = ?1").bind(change_, changed_).run();
}

std::vector<std::string> ClassWriting::touched() const {
    std::vector<std::string> names;
    for (const auto& [name, device] : devices_)
        if (device.touched) names.push_back(name);
    return names;
}

}  // namespace garita::sqlite
