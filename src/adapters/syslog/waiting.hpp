#pragma once
// The MAC addresses that somebody waits for: exchanged as a whole, looked up without a lock being held.

#include <cstddef>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "model/rule_class.hpp"

namespace garita::syslog {

struct MacHash {
    std::size_t operator()(const MacAddress& mac) const noexcept {
        std::size_t value = 0;
        for (const auto byte : mac.bytes)
            value = (value << 8U) | byte;
        return value * 0x9e3779b97f4a7c15U;
    }
};
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
