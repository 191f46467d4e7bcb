#pragma once
// How far an agent's copy of its rules can be, as far as this hub knows: what its store had when the hub
// began, or what it has given since. A copy that is further was given by a hub whose store went back to a
// backup since then.

#include <algorithm>
#include <map>
#include <mutex>
#include <string>

#include "store/device_rules.hpp"

namespace garita::hub_link {

/// Of all agents. Lives as long as the hub, over its reloads. Any thread.
class FurthestGiven {
  public:
    /// What the store has; only the first counts.
    void begin(const store::RuleTarget& target, std::int64_t last_seq) {
        const std::lock_guard lock(mutex_);
        given_.try_emplace(key_of(target), store::LanePositions{last_seq, last_seq});
    }
    void give(const store::RuleTarget& target, const store::LanePositions& up_to) {
        const std::lock_guard lock(mutex_);
        const auto found = given_.find(key_of(target));
        if (found == given_.end()) return;
        found->second.quick = std::max(found->second.quick, up_to.quick);
        found->second.bulk = std::max(found->second.bulk, up_to.bulk);
    }
    /// False where nothing is known of the target.
    [[nodiscard]] bool is_beyond(const store::RuleTarget& target, const store::LanePositions& held) const {
        const std::lock_guard lock(mutex_);
        const auto found = given_.find(key_of(target));
        return found != given_.end() && (held.quick > found->second.quick || held.bulk > found->second.bulk);
    }

  private:
    static std::string key_of(const store::RuleTarget& target) { return target.device + '\0' + target.rules; }

    mutable std::mutex mutex_;
    std::map<std::string, store::LanePositions> given_;
};

}  // namespace garita::hub_link
