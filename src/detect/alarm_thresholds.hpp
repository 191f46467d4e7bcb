#pragma once
// When a source that keeps sending events is reported, and when it is reported again.

#include <algorithm>
#include <cstdint>
#include <optional>

#include "detect/address_window.hpp"
#include "detect/finding.hpp"

namespace garita::detect {

/// Counts within the window; 0 switches a level off.
struct AlarmThresholds {
    std::uint32_t warning = 20;
    std::uint32_t critical = 50;
    /// A source that stays above its threshold is reported again after this time; until then only when it
    /// turns from warning to critical, or when it comes back after its window had emptied.
    std::chrono::seconds repeat_after{3600};

    [[nodiscard]] std::uint32_t highest() const { return std::max({warning, critical, 1U}); }
};

/// Counts events per source and says when one has to be reported, and how severe that is.
class AlarmWindow {
  public:
    AlarmWindow(WindowLimits limits, SourcePrefixes prefixes, AlarmThresholds thresholds)
        : window_(with_threshold(limits, thresholds), prefixes), limits_(limits), thresholds_(thresholds) {}

    /// A finding with everything but its kind and facts.
    [[nodiscard]] std::optional<Finding> add(const IpAddress& address, EventTime when);
    [[nodiscard]] WindowStats stats() const { return window_.stats(); }

  private:
    enum Level : std::uint32_t { quiet, warning, critical };
    struct Note {
        std::uint32_t level = quiet;        // what was reported last
        std::uint32_t reported_second = 0;  // in event time
    };
    static WindowLimits with_threshold(WindowLimits limits, const AlarmThresholds& thresholds) {
        limits.threshold = thresholds.highest();
        return limits;
    }
    [[nodiscard]] Level level_of(std::uint32_t count) const;

    AddressWindow<Note> window_;
    WindowLimits limits_;
    AlarmThresholds thresholds_;
};

}  // namespace garita::detect
