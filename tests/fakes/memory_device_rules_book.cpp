#include <algorithm>
#include <map>

#include "fakes/memory_device_rules_rows.hpp"

namespace garita::fakes {
namespace {

using store::Lane;
using store::RefusedRule;
using State = MemoryDeviceRulesState;

void put_refusal(State::Place& place, const RefusedRule& one) {
    const auto at = place.rules.find(one.key);
    if (at == place.rules.end() || at->second.seq != one.seq) return;
    place.refused[one.key] = one;
    if (one.error.empty()) place.refused[one.key].error = "refused without a reason";
}

}  // namespace

/// Of one device.
class MemoryDeviceRules::Book final : public store::ClassBook {
  public:
    Book(MemoryDeviceRules& rules, std::string device) : rules_(rules), device_(std::move(device)) {}

    Result<std::vector<store::PendingRule>> pending(std::string_view rules, Lane lane, std::int64_t after,
                                                    std::size_t limit) override {
        const auto now = rules_.state();
        std::map<std::int64_t, store::PendingRule> found;
        if (const auto* const place = find(*now, rules))
            for (const auto& [key, kept] : place->rules)
                if (kept.lane == lane && kept.seq > after)
                    found[kept.seq] = {key, kept.seq <= position(*place, lane) ? kept.want : kept.have,
                                       kept.want, kept.seq};
        std::vector<store::PendingRule> all;
        for (const auto& [seq, rule] : found)
            if (all.size() < limit) all.push_back(rule);
        return all;
    }

    Result<std::int64_t> recorded(std::string_view rules, Lane lane) override {
        const auto now = rules_.state();
        const auto* const place = find(*now, rules);
        return place == nullptr ? 0 : position(*place, lane);
    }

    Result<void> record(std::string_view rules, Lane lane, std::int64_t up_to,
                        std::span<const RefusedRule> refused, Time /*now*/) override {
        return on_place(rules, [&](State& state, State::Place& place) {
            auto& at = place.positions[lane];
            at = std::max(at, std::min(up_to, state.last_seq[device_]));
            for (const auto& one : refused)
                if (one.seq <= up_to) put_refusal(place, one);
        });
    }

    Result<std::vector<RefusedRule>> refused(std::string_view rules) override {
        const auto now = rules_.state();
        std::vector<RefusedRule> all;
        if (const auto* const place = find(*now, rules))
            for (const auto& [key, one] : place->refused)
                all.push_back(one);
        std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
        return all;
    }

    Result<void> retried(std::string_view rules, std::span<const RefusedRule> tried,
                         std::span<const RefusedRule> still, Time /*now*/) override {
        return on_place(rules, [&](State&, State::Place& place) {
            for (const auto& one : tried) {
                const bool again = std::any_of(still.begin(), still.end(), [&](const RefusedRule& other) {
                    return other.key == one.key && other.seq == one.seq;
                });
                if (!again && is_refused(place, one.key, one.seq)) place.refused.erase(one.key);
            }
            for (const auto& one : still)
                put_refusal(place, one);
        });
    }

    Result<std::int64_t> wanted(std::string_view rules, const WantedSink& sink) override {
        const auto now = rules_.state();
        const auto* const place = find(*now, rules);
        if (place == nullptr) return 0;
        for (const auto& [key, kept] : place->rules)
            if (kept.want) sink(key, *kept.want);
        return now->last_seq.at(device_);
    }

  private:
    [[nodiscard]] const State::Place* find(const State& state, std::string_view rules) const {
        const auto at = state.places.find({device_, std::string(rules)});
        return at == state.places.end() ? nullptr : &at->second;
    }
    Result<void> on_place(std::string_view rules, const std::function<void(State&, State::Place&)>& work) {
        return rules_.write([&](State& state, store::Transaction&) {
            const auto at = state.places.find({device_, std::string(rules)});
            if (at != state.places.end()) work(state, at->second);
        });
    }

    MemoryDeviceRules& rules_;
    std::string device_;
};

Result<store::ClassFeed> MemoryDeviceRules::feed(const store::RuleTarget& target,
                                                 const store::LanePositions& since, std::size_t limit) {
    store::ClassFeed feed;
    feed.up_to = since;
    const auto now = state();
    const auto at = now->places.find(target);
    if (at == now->places.end()) return feed;
    feed.last_seq = now->last_seq.at(target.device);
    const auto position = [&](Lane lane) {
        const auto found = at->second.positions.find(lane);
        return found == at->second.positions.end() ? 0 : found->second;
    };
    feed.recorded = {position(Lane::quick), position(Lane::bulk)};
    for (const Lane lane : {Lane::quick, Lane::bulk}) {
        auto& reached = lane == Lane::quick ? feed.up_to.quick : feed.up_to.bulk;
        std::vector<store::FedRule> rules;
        for (const auto& [key, kept] : at->second.rules)
            if (kept.lane == lane && kept.seq > reached)
                rules.push_back({key, kept.want, kept.seq, lane, kept.expires_at});
        std::sort(rules.begin(), rules.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
        const auto room = limit - feed.rules.size();
        if (rules.size() > room) {
            rules.resize(room);
            feed.rest = store::ClassFeed::Rest::more;
            if (!rules.empty()) reached = rules.back().seq;
        } else {
            reached = feed.last_seq;
        }
        feed.rules.insert(feed.rules.end(), rules.begin(), rules.end());
    }
    return feed;
}

std::unique_ptr<store::ClassBook> MemoryDeviceRules::book(std::string device) {
    return std::make_unique<Book>(*this, std::move(device));
}

}  // namespace garita::fakes
