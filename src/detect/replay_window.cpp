#include "detect/replay_window.hpp"

namespace garita::detect {

void ReplayWindow::flush() {
    constexpr std::size_t ahead = 8;
    for (std::size_t i = 0; i < filled_; ++i) {
        if (i + ahead < filled_) window_.prefetch_block(batch_[i + ahead].address);
        const auto& event = batch_[i];
        const auto outcome = window_.add(event.address, event.when);
        auto& note = *outcome.note;
        const auto second = static_cast<std::uint32_t>(event.when.time_since_epoch().count());
        note.first = note.total == 0 ? second : std::min(note.first, second);
        ++note.total;
        note.peak = std::max(note.peak, outcome.in_window);
    }
    filled_ = 0;
}

void ReplayWindow::finish(ReplayReport& report) {
    flush();
    window_.for_each([&](const IpNetwork& source, const Note& note, std::uint32_t newest) {
        if (note.peak < threshold_) return;
        report.alarms.push_back({source, note.total, note.peak, EventTime{std::chrono::seconds{note.first}},
                                 EventTime{std::chrono::seconds{newest}}});
    });
    std::sort(report.alarms.begin(), report.alarms.end(), [](const ReplayAlarm& a, const ReplayAlarm& b) {
        return a.count != b.count ? a.count > b.count : a.source < b.source;
    });
    const auto stats = window_.stats();
    report.late = stats.late;
    report.evicted = stats.evicted;
    report.tracked = stats.tracked;
    report.window_bytes = stats.bytes;
}

}  // namespace garita::detect
