#include "programs/garita/replay_output.hpp"

#include <chrono>
#include <cstdio>
#include <unistd.h>

#include <fmt/core.h>

namespace garita::programs {
namespace {

std::string stamp(detect::EventTime when) {
    auto text = to_iso8601(Time{when});
    text.replace(19, std::string::npos, "Z");  // logs are in whole seconds
    return text;
}

std::string summary(const detect::ReplayReport& report) {
    auto text = fmt::format("{} lines, {} matched, {} sources would have alarmed", report.lines,
                            report.matched, report.alarms.size());
    if (report.unparsed != 0)
        text += fmt::format("\n{} lines are not of the expected format", report.unparsed);
    if (report.from_proxy != 0)
        text += fmt::format("\n{} lines came through a trusted proxy that does not name the client",
                            report.from_proxy);
    if (report.late != 0)
        text += fmt::format(
            "\n{} matches came too late for their window: name the files oldest first, or raise --lateness",
            report.late);
    if (report.evicted != 0)
        text += fmt::format(
            "\n{} sources were forgotten to save memory: counts may be too small; raise --max-tracked",
            report.evicted);
    return text + "\n";
}

}  // namespace

std::string to_table(const detect::ReplayReport& report) {
    std::string text;
    if (!report.alarms.empty())
        text =
            fmt::format("{:<43} {:>9} {:>9}  {:<20}  {:<20}\n", "ADDRESS", "COUNT", "PEAK", "FIRST", "LAST");
    for (const auto& alarm : report.alarms)
        text += fmt::format("{:<43} {:>9} {:>9}  {:<20}  {:<20}\n", alarm.source.text(), alarm.count,
                            alarm.peak, stamp(alarm.first), stamp(alarm.last));
    return text + summary(report);
}

// Everything in it is a number, a word of ours, or the text of an address or time: nothing needs escaping.
std::string to_json(const detect::ReplayReport& report) {
    auto text = fmt::format(
        R"({{"detector":"{}","lines":{},"matched":{},"unparsed":{},"late":{},"evicted":{},"from_proxy":{},"alarms":[)",
        report.detector, report.lines, report.matched, report.unparsed, report.late, report.evicted,
        report.from_proxy);
    const char* comma = "";
    for (const auto& alarm : report.alarms) {
        text +=
            fmt::format(R"({}{{"address":"{}","count":{},"peak":{},"first":"{}","last":"{}"}})", comma,
                        alarm.source.text(), alarm.count, alarm.peak, stamp(alarm.first), stamp(alarm.last));
        comma = ",";
    }
    return text + "]}\n";
}

detect::ReplayProgress progress_to_terminal() {
    if (isatty(STDERR_FILENO) == 0) return {};
    using Clock = std::chrono::steady_clock;
    return [shown = Clock::now()](const detect::ReplaySource& source, std::uint64_t lines) mutable {
        const auto now = Clock::now();
        if (now - shown < std::chrono::seconds{1}) return;
        shown = now;
        const auto size = source.file_size();
        const auto part = size == 0 ? std::string() : fmt::format(" {}%", source.bytes_read() * 100 / size);
        fmt::print(stderr, "\r\033[K{}{}, {} lines", source.path(), part, lines);
        std::fflush(stderr);
    };
}

void clear_progress() {
    if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "\r\033[K");
}

}  // namespace garita::programs
