#pragma once
// What switches said lately about devices that nobody waited for: a device may be plugged in moments, or
// hours, before somebody approves it, and a port that was taken out of service does not tell twice.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "adapters/syslog/waiting.hpp"
#include "model/ip.hpp"

namespace garita::syslog {

/// The last event of each of the last `most` devices; whoever makes up more pushes out the oldest. One
/// thread.
class RecentEvents {
  public:
    static constexpr std::size_t most = 4096;
    static constexpr std::size_t longest_line = 1024;  ///< bytes; longer ones are not remembered

    struct Said {
        IpAddress sender;
        std::string line;
    };
    void remember(const MacAddress& mac, const IpAddress& sender, std::string_view line) {
        if (line.size() > longest_line) return;
        if (const auto known = places_.find(mac); known != places_.end()) {
            fill(ring_[known->second], sender, line);
            return;
        }
        if (ring_.size() < most) {
            places_.emplace(mac, ring_.size());
            ring_.push_back({mac, {sender, std::string(line)}});
            return;
        }
        auto& oldest = ring_[next_];
        places_.erase(oldest.mac);
        places_.emplace(mac, next_);
        oldest.mac = mac;
        fill(oldest, sender, line);
        next_ = (next_ + 1) % most;
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
    static void fill(Entry& entry, const IpAddress& sender, std::string_view line) {
        entry.said.sender = sender;
        entry.said.line.assign(line);
    }

    std::vector<Entry> ring_;
    std::size_t next_ = 0;  ///< the oldest, once the ring is full
    std::unordered_map<MacAddress, std::size_t, MacHash> places_;
};

}  // namespace garita::syslog
