#pragma once
// What switches said lately about devices that nobody waited for: a device may be plugged in moments, or
// hours, before somebody approves it, and a port that was taken out of service does not tell twice.

#include <cstddef>
#include <unordered_map>
#include <vector>

#include "model/mac_hash.hpp"

namespace garita::access {

/// The last event of each of the last `most` devices; whoever makes up more pushes out the oldest. One
/// thread. Said: what is kept of an event, filled by the caller, who bounds it.
template <typename Said>
class RecentEvents {
  public:
    static constexpr std::size_t most = 4096;
    static constexpr std::size_t longest_line = 1024;  ///< bytes; longer ones are not to be remembered

    /// The place for what is said about it now: that of what was said before, or of the oldest.
    [[nodiscard]] Said& place_for(const MacAddress& mac) {
        if (const auto known = places_.find(mac); known != places_.end()) return ring_[known->second].said;
        if (ring_.size() < most) {
            places_.emplace(mac, ring_.size());
            return ring_.emplace_back(Entry{mac, {}}).said;
        }
        auto& oldest = ring_[next_];
        places_.erase(oldest.mac);
        places_.emplace(mac, next_);
        oldest.mac = mac;
        next_ = (next_ + 1) % most;
        return oldest.said;
    }
    [[nodiscard]] const Said* find(const MacAddress& mac) const {
        const auto known = places_.find(mac);
        return known == places_.end() ? nullptr : &ring_[known->second].said;
    }

  private:
    struct Entry {
        MacAddress mac;
        Said said;
    };

    std::vector<Entry> ring_;
    std::size_t next_ = 0;  ///< the oldest, once the ring is full
    std::unordered_map<MacAddress, std::size_t, MacHash> places_;
};

}  // namespace garita::access
