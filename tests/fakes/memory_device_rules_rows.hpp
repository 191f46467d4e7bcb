#pragma once
// How one row of rules in memory stands to its device.

#include "fakes/memory_device_rules.hpp"

namespace garita::fakes {

inline std::int64_t position(const MemoryDeviceRulesState::Place& place, store::Lane lane) {
    const auto at = place.positions.find(lane);
    return at == place.positions.end() ? 0 : at->second;
}

inline bool is_refused(const MemoryDeviceRulesState::Place& place, const RuleKey& key, std::int64_t seq) {
    const auto at = place.refused.find(key);
    return at != place.refused.end() && at->second.seq == seq;
}

inline std::optional<RuleValue> current(const MemoryDeviceRulesState::Place& place, const RuleKey& key,
                                        const MemoryDeviceRulesState::Kept& kept) {
    const bool there = kept.seq <= position(place, kept.lane) && !is_refused(place, key, kept.seq);
    return there ? kept.want : kept.have;
}

}  // namespace garita::fakes
