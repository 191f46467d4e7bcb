#include <algorithm>
#include <charconv>
#include <set>

#include "fakes/memory_device_rules_rows.hpp"
#include "store/rule_changes_text.hpp"

namespace garita::fakes {
namespace {

using store::Lane;
using store::RefusedRule;
using State = MemoryDeviceRulesState;

struct Origin {
    Time now{};
    Lane lane = Lane::quick;
    std::int64_t change = 0;
    std::optional<Time> expires_at;
};

bool write_one(State& state, const store::RuleTarget& target, const RuleKey& key,
               const std::optional<RuleValue>& want, const Origin& origin) {
    auto& place = state.places[target];
    const auto at = place.rules.find(key);
    auto& last = state.last_seq[target.device];
    if (at == place.rules.end()) {
        if (!want) return false;
        place.rules[key] = {want,       std::nullopt,  ++last,           origin.lane,
                            origin.now, origin.change, origin.expires_at};
        return true;
    }
    auto& kept = at->second;
    if (kept.want == want) {
        if (!want || kept.expires_at == origin.expires_at) return false;
        // whoever keeps the rule elsewhere ends it by itself, and has to know when
        kept.have = current(place, key, kept);
        kept.seq = ++last;
        kept.lane = origin.lane;
        kept.expires_at = origin.expires_at;
        return true;
    }
    const auto have = current(place, key, kept);
    state.history.push_back({target, key, kept.seq, kept.want, kept.at, kept.change, origin.now});
    place.refused.erase(key);
    kept = {
        want, have, ++last, origin.lane, origin.now, origin.change, want ? origin.expires_at : std::nullopt};
    return true;
}

std::string author_of(const State& state, std::int64_t change) {
    const auto at = state.changes.find(change);
    return at == state.changes.end() ? "" : at->second.author;
}
std::string comment_of(const State& state, std::int64_t change) {
    const auto at = state.changes.find(change);
    return at == state.changes.end() ? "" : at->second.comment;
}

store::DeviceRule shown(const State& state, const store::RuleTarget& target, const State::Place& place,
                        const RuleKey& key, const State::Kept& kept) {
    store::DeviceRule rule;
    rule.target = target;
    rule.key = key;
    rule.want = kept.want;
    rule.current = current(place, key, kept);
    rule.expires_at = kept.expires_at;
    rule.seq = kept.seq;
    rule.lane = kept.lane;
    rule.changed_at = kept.at;
    rule.author = author_of(state, kept.change);
    rule.comment = comment_of(state, kept.change);
    if (is_refused(place, key, kept.seq)) {
        rule.error = place.refused.at(key).error;
        rule.attempts = place.refused.at(key).attempts;
    }
    return rule;
}

bool asked_for(const store::DeviceRuleQuery& query, const store::DeviceRule& rule) {
    using Which = store::DeviceRuleQuery::Which;
    if (!query.device.empty() && query.device != rule.target.device) return false;
    if (!query.rules.empty() && query.rules != rule.target.rules) return false;
    if (query.key && *query.key != rule.key) return false;
    if (query.which == Which::refused) return !rule.error.empty();
    if (query.which == Which::different) return !rule.settled();
    return rule.want || rule.current || !rule.error.empty();
}

}  // namespace

std::shared_ptr<const State> MemoryDeviceRules::state() {
    const std::lock_guard lock(mutex_);
    return state_;
}

Result<void> MemoryDeviceRules::write(const Work& work) {
    std::shared_ptr<State> copy;
    const auto written = store_.write([&](store::Transaction& tx) -> Result<void> {
        copy = std::make_shared<State>(*state());
        work(*copy, tx);
        return {};
    });
    if (!written) return written;
    const std::lock_guard lock(mutex_);
    state_ = std::move(copy);
    return {};
}

Result<store::ChangesOutcome> MemoryDeviceRules::change(const store::RuleChanges& changes, Time now) {
    store::ChangesOutcome outcome;
    const auto written = write([&](State& state, store::Transaction& tx) {
        const auto& key = changes.idempotency_key;
        if (const auto saved = key.empty() ? std::nullopt : tx.saved_answer(scope_of(changes), key)) {
            outcome = store::read_outcome(*saved);
            return;
        }
        const auto change = ++state.last_change;
        std::set<std::string> devices;
        std::int64_t changed = 0;
        for (const auto& wish : changes.wishes) {
            const auto& target = changes.targets.at(wish.target);
            if (!write_one(state, target, wish.key, wish.want,
                           {now, lane_of(changes), change, changes.expires_at}))
                continue;
            ++changed;
            devices.insert(target.device);
        }
        for (const auto& device : devices)
            tx.ring({store::Topic::device_rules, device});
        outcome = {changed, static_cast<std::int64_t>(changes.wishes.size()) - changed};
        if (changed > 0) {
            state.changes[change] = {change,           now,    changes.by.text(), changes.comment,
                                     what_of(changes), changed};
            tx.add_audit(audit_of(changes, changed, now));
        }
        if (!key.empty()) tx.save_answer(scope_of(changes), key, outcome_text(outcome), now);
    });
    if (!written) return tl::unexpected(written.error());
    return outcome;
}

Result<store::DeviceRulePage> MemoryDeviceRules::list(const store::DeviceRuleQuery& query) {
    std::size_t skip = 0;
    const auto* const end = query.after.data() + query.after.size();
    if (!query.after.empty() && std::from_chars(query.after.data(), end, skip).ptr != end)
        return fail(ErrorCode::invalid, "this place in the list of rules is not known");
    store::DeviceRulePage page;
    std::size_t row = 0;
    const auto now = state();
    for (const auto& [target, place] : now->places)
        for (const auto& [key, kept] : place.rules) {
            auto rule = shown(*now, target, place, key, kept);
            if (++row <= skip || !asked_for(query, rule)) continue;
            if (page.rules.size() == query.limit) {
                page.next = std::to_string(row - 1);
                return page;
            }
            page.rules.push_back(std::move(rule));
        }
    return page;
}

Result<std::vector<store::RuleVersion>> MemoryDeviceRules::versions(const store::RuleTarget& target,
                                                                    const RuleKey& key, std::size_t limit) {
    const auto now = state();
    std::map<std::int64_t, store::RuleVersion, std::greater<>> found;
    if (const auto place = now->places.find(target); place != now->places.end())
        if (const auto kept = place->second.rules.find(key); kept != place->second.rules.end())
            found[kept->second.seq] = {kept->second.want, kept->second.at,
                                       author_of(*now, kept->second.change),
                                       comment_of(*now, kept->second.change)};
    for (const auto& past : now->history)
        if (past.target == target && past.key == key)
            found[past.seq] = {past.want, past.at, author_of(*now, past.change),
                               comment_of(*now, past.change)};
    std::vector<store::RuleVersion> all;
    for (auto& [seq, version] : found)
        if (all.size() < limit) all.push_back(std::move(version));
    return all;
}

Result<std::vector<store::RuleChangesEntry>> MemoryDeviceRules::changes(std::int64_t before,
                                                                        std::size_t limit) {
    std::vector<store::RuleChangesEntry> all;
    const auto now = state();
    for (auto at = now->changes.rbegin(); at != now->changes.rend() && all.size() < limit; ++at)
        if (before == 0 || at->first < before) all.push_back(at->second);
    return all;
}

Result<std::vector<store::ClassCounts>> MemoryDeviceRules::counts() {
    std::vector<store::ClassCounts> all;
    const auto now = state();
    for (const auto& [target, place] : now->places) {
        store::ClassCounts counts;
        counts.target = target;
        for (const auto& [key, kept] : place.rules) {
            if (kept.want) ++counts.wanted;
            if (kept.seq > position(place, kept.lane)) ++counts.pending;
        }
        counts.refused = static_cast<std::int64_t>(place.refused.size());
        all.push_back(counts);
    }
    return all;
}

Result<std::size_t> MemoryDeviceRules::expire(Time now, std::size_t limit) {
    std::size_t ended = 0;
    const auto written = write([&](State& state, store::Transaction& tx) {
        std::vector<std::pair<store::RuleTarget, RuleKey>> due;
        for (const auto& [target, place] : state.places)
            for (const auto& [key, kept] : place.rules)
                if (kept.expires_at && *kept.expires_at <= now && due.size() < limit)
                    due.emplace_back(target, key);
        ended = due.size();
        if (due.empty()) return;
        const auto change = ++state.last_change;
        const auto lane = due.size() > store::quick_wishes ? Lane::bulk : Lane::quick;
        std::set<std::string> devices;
        for (const auto& [target, key] : due) {
            write_one(state, target, key, std::nullopt, {now, lane, change, std::nullopt});
            devices.insert(target.device);
        }
        state.changes[change] = {change,
                                 now,
                                 std::string(store::expiry_author),
                                 "",
                                 "what came to its end",
                                 static_cast<std::int64_t>(ended)};
        for (const auto& device : devices)
            tx.ring({store::Topic::device_rules, device});
    });
    if (!written) return tl::unexpected(written.error());
    return ended;
}

Result<std::optional<Time>> MemoryDeviceRules::next_expiry() {
    std::optional<Time> next;
    const auto now = state();
    for (const auto& [target, place] : now->places)
        for (const auto& [key, kept] : place.rules)
            if (kept.expires_at && (!next || *kept.expires_at < *next)) next = kept.expires_at;
    return next;
}

Result<std::size_t> MemoryDeviceRules::prune(Time history_before, std::size_t limit) {
    std::size_t removed = 0;
    const auto written = write([&](State& state, store::Transaction&) {
        for (auto& [target, place] : state.places)
            for (auto at = place.rules.begin(); at != place.rules.end();) {
                const auto& [key, kept] = *at;
                const bool gone =
                    !kept.want && kept.seq <= position(place, kept.lane) && !place.refused.contains(key);
                if (!gone || removed >= limit) {
                    ++at;
                    continue;
                }
                state.history.push_back({target, key, kept.seq, kept.want, kept.at, kept.change, kept.at});
                at = place.rules.erase(at);
                ++removed;
            }
        const auto before = state.history.size() + state.changes.size();
        std::erase_if(state.history, [&](const auto& past) { return past.ended < history_before; });
        std::erase_if(state.changes, [&](const auto& one) { return one.second.at < history_before; });
        removed += before - state.history.size() - state.changes.size();
    });
    if (!written) return tl::unexpected(written.error());
    return removed;
}

}  // namespace garita::fakes
