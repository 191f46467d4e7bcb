#pragma once
// The MAC addresses that somebody waits for: exchanged as a whole, looked up without a lock being held.

#include <memory>
#include <mutex>
#include <unordered_set>

#include "model/mac_hash.hpp"

namespace garita::syslog {

using MacSet = std::unordered_set<MacAddress, MacHash>;

/// For any threads.
class WaitingMacs {
  public:
    void exchange(MacSet macs) {
        auto next = std::make_shared<const MacSet>(std::move(macs));
        const std::lock_guard lock(mutex_);
        current_.swap(next);
    }
    /// The set as it is now; it stays as it is.
    [[nodiscard]] std::shared_ptr<const MacSet> now() const {
        const std::lock_guard lock(mutex_);
        return current_;
    }

  private:
    mutable std::mutex mutex_;
    std::shared_ptr<const MacSet> current_ = std::make_shared<const MacSet>();
};

}  // namespace garita::syslog
