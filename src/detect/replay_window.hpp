#pragma once
// Totals and peaks per source for a replay. Events are gathered in small batches, so that the slots of a
// batch come into the cache together instead of one miss after the other.

#include <algorithm>
#include <array>
#include <cstdint>

#include "detect/address_window.hpp"
#include "detect/replay.hpp"

namespace garita::detect {

class ReplayWindow {
  public:
    ReplayWindow(WindowLimits limits, SourcePrefixes prefixes, std::uint32_t threshold)
        : window_(remembering(limits, threshold), prefixes), threshold_(std::max(threshold, 1U)) {}

    void add(const IpAddress& address, EventTime when) {
        window_.prefetch(address);
        batch_[filled_++] = {address, when};
        if (filled_ == batch_.size()) flush();
    }
    /// Completes the report's alarms and the counts that the window knows.
    void finish(ReplayReport& report);

  private:
    struct Note {
        std::uint32_t total = 0;
        std::uint32_t first = 0;
        std::uint32_t peak = 0;
    };
    struct Event {
        IpAddress address;
        EventTime when;
    };
    static WindowLimits remembering(WindowLimits limits, std::uint32_t threshold) {
        limits.threshold = threshold;
        limits.cold_keys = ColdKeys::remember;
        return limits;
    }
    void flush();

    AddressWindow<Note> window_;
    std::uint32_t threshold_;
    std::array<Event, 64> batch_{};
    std::size_t filled_ = 0;
};

}  // namespace garita::detect
