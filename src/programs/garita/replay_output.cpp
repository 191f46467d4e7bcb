#include "programs/garita/replay_output.hpp"

#include <chrono>
#include <cstdio>
#include <string>
#include <unistd.h>
#include <utility>

#include <fmt/core.h>

#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace {

namespace json = runtime::json;

std::string stamp(detect::EventTime when) {
    return to_iso8601(Time{when}).substr(0, 19) + "Z";  // logs are in whole seconds
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

void print_table(std::FILE* out, const detect::ReplayReport& report) {
    if (!report.alarms.empty())
        fmt::print(out, "{:<43} {:>9} {:>9}  {:<20}  {:<20}\n", "ADDRESS", "COUNT", "PEAK", "FIRST", "LAST");
    for (const auto& alarm : report.alarms)
        fmt::print(out, "{:<43} {:>9} {:>9}  {:<20}  {:<20}\n", alarm.source.text(), alarm.count, alarm.peak,
                   stamp(alarm.first), stamp(alarm.last));
    fmt::print(out, "{}", summary(report));
}

void print_table(std::FILE* out, const detect::LoginReport& report) {
    constexpr auto row = "{:<16} {:<39} {:<22} {:>7}  {:<20}  {:<20}  {}\n";
    if (!report.logins.empty())
        fmt::print(out, row, "USER", "ADDRESS", "METHOD", "COUNT", "FIRST", "LAST", "KEY");
    for (const auto& login : report.logins)
        fmt::print(out, row, printable(login.user), login.address.text(), printable(login.method),
                   login.count, stamp(login.first), stamp(login.last), printable(login.key));
    fmt::print(out, "{} lines, {} logins, {} different\n", report.lines, report.matched,
               report.logins.size());
    if (report.unparsed != 0)
        fmt::print(out, "{} lines do not begin as syslog or the journal writes them\n", report.unparsed);
    if (report.left_out != 0)
        fmt::print(out, "{} logins were left out: more than {} combinations of user, address and key\n",
                   report.left_out, detect::LoginReport::most_logins);
}

boost::json::value to_json(const detect::ReplayAlarm& alarm) {
    return json::Writer()
        .text("address", alarm.source.text())
        .number("count", number(alarm.count))
        .number("peak", alarm.peak)
        .text("first", stamp(alarm.first))
        .text("last", stamp(alarm.last))
        .finish();
}

boost::json::value to_json(const detect::ReplayLogin& login) {
    return json::Writer()
        .text("user", login.user)
        .text("address", login.address.text())
        .text("method", login.method)
        .text_if("key", login.key)
        .number("count", number(login.count))
        .text("first", stamp(login.first))
        .text("last", stamp(login.last))
        .finish();
}

/// `head` is an object; the list becomes its last member.
template <typename Items>
void print_json(std::FILE* out, json::Writer head, std::string_view name, const Items& items) {
    auto text = json::serialize(head.finish());
    text.pop_back();  // the brace
    fmt::print(out, "{},\"{}\":[", text, name);
    const char* comma = "";
    for (const auto& item : items)
        fmt::print(out, "{}{}", std::exchange(comma, ","), json::serialize(to_json(item)));
    fmt::print(out, "]}}\n");
}

}  // namespace

void print(std::FILE* out, ReplayForm form, const detect::ReplayReport& report) {
    if (form == ReplayForm::table) return print_table(out, report);
    json::Writer head;
    head.text("detector", report.detector)
        .number("lines", number(report.lines))
        .number("matched", number(report.matched))
        .number("unparsed", number(report.unparsed))
        .number("late", number(report.late))
        .number("evicted", number(report.evicted))
        .number("from_proxy", number(report.from_proxy));
    print_json(out, std::move(head), "alarms", report.alarms);
}

void print(std::FILE* out, ReplayForm form, const detect::LoginReport& report) {
    if (form == ReplayForm::table) return print_table(out, report);
    json::Writer head;
    head.text("detector", "ssh_sessions")
        .number("lines", number(report.lines))
        .number("matched", number(report.matched))
        .number("unparsed", number(report.unparsed))
        .number("left_out", number(report.left_out));
    print_json(out, std::move(head), "logins", report.logins);
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
