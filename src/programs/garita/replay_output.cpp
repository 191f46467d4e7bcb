#include "programs/garita/replay_output.hpp"

#include <chrono>
#include <cstdio>
#include <unistd.h>

#include <fmt/core.h>

#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace {

namespace json = runtime::json;

std::string stamp(detect::EventTime when) {
    auto text = to_iso8601(Time{when});
    text.replace(19, std::string::npos, "Z");  // logs are in whole seconds
    return text;
}

/// Names come from a log: what a terminal would obey becomes a question mark.
std::string printable(std::string text) {
    for (char& c : text)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return text;
}

std::int64_t number(std::uint64_t value) {
    return static_cast<std::int64_t>(value);
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

std::string to_table(const detect::LoginReport& report) {
    std::string text;
    if (!report.logins.empty())
        text = fmt::format("{:<16} {:<39} {:<22} {:>7}  {:<20}  {:<20}  {}\n", "USER", "ADDRESS", "METHOD",
                           "COUNT", "FIRST", "LAST", "KEY");
    for (const auto& login : report.logins)
        text += fmt::format("{:<16} {:<39} {:<22} {:>7}  {:<20}  {:<20}  {}\n", printable(login.user),
                            login.address.text(), printable(login.method), login.count, stamp(login.first),
                            stamp(login.last), printable(login.key));
    text += fmt::format("{} lines, {} logins, {} different\n", report.lines, report.matched,
                        report.logins.size());
    if (report.unparsed != 0)
        text += fmt::format("{} lines do not begin as syslog or the journal writes them\n", report.unparsed);
    if (report.left_out != 0)
        text += fmt::format("{} logins were left out: more than {} combinations of user, address and key\n",
                            report.left_out, detect::LoginReport::most_logins);
    return text;
}

std::string to_json(const detect::ReplayReport& report) {
    boost::json::array alarms;
    alarms.reserve(report.alarms.size());
    for (const auto& alarm : report.alarms)
        alarms.push_back(json::Writer()
                             .text("address", alarm.source.text())
                             .number("count", number(alarm.count))
                             .number("peak", alarm.peak)
                             .text("first", stamp(alarm.first))
                             .text("last", stamp(alarm.last))
                             .finish());
    return json::serialize(json::Writer()
                               .text("detector", report.detector)
                               .number("lines", number(report.lines))
                               .number("matched", number(report.matched))
                               .number("unparsed", number(report.unparsed))
                               .number("late", number(report.late))
                               .number("evicted", number(report.evicted))
                               .number("from_proxy", number(report.from_proxy))
                               .value("alarms", std::move(alarms))
                               .finish()) +
           "\n";
}

std::string to_json(const detect::LoginReport& report) {
    boost::json::array logins;
    for (const auto& login : report.logins)
        logins.push_back(json::Writer()
                             .text("user", login.user)
                             .text("address", login.address.text())
                             .text("method", login.method)
                             .text_if("key", login.key)
                             .number("count", number(login.count))
                             .text("first", stamp(login.first))
                             .text("last", stamp(login.last))
                             .finish());
    return json::serialize(json::Writer()
                               .text("detector", "ssh_sessions")
                               .number("lines", number(report.lines))
                               .number("matched", number(report.matched))
                               .number("unparsed", number(report.unparsed))
                               .number("left_out", number(report.left_out))
                               .value("logins", std::move(logins))
                               .finish()) +
           "\n";
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
