#include "detect/alarm_thresholds.hpp"

namespace garita::detect {

AlarmWindow::Level AlarmWindow::level_of(std::uint32_t count) const {
    if (thresholds_.critical != 0 && count >= thresholds_.critical) return critical;
    if (thresholds_.warning != 0 && count >= thresholds_.warning) return warning;
    return quiet;
}

std::optional<Finding> AlarmWindow::add(const IpAddress& address, EventTime when) {
    const auto outcome = window_.add(address, when);
    if (outcome.order == EventOrder::refused) return std::nullopt;
    auto& note = *outcome.note;
    if (outcome.resumed) note.level = quiet;
    const auto level = level_of(outcome.in_window);
    if (level == quiet) return std::nullopt;
    const bool worse = level > note.level;
    const bool again =
        level == note.level && outcome.newest >= note.reported_second &&
        std::chrono::seconds{outcome.newest - note.reported_second} >= thresholds_.repeat_after;
    if (!worse && !again) return std::nullopt;
    note.level = level;
    note.reported_second = outcome.newest;
    Finding finding;
    finding.severity = level == critical ? Severity::critical : Severity::warning;
    finding.source = window_.source_of(address);
    finding.count = outcome.in_window;
    finding.window = limits_.window;
    finding.last = EventTime{std::chrono::seconds{outcome.newest}};
    finding.first = finding.last - std::chrono::seconds{outcome.oldest_age};
    return finding;
}

}  // namespace garita::detect
