#include "adapters/rest_api/ssh_caller.hpp"

#include <charconv>
#include <ctime>
#include <fstream>
#include <unistd.h>
#include <vector>

namespace garita::rest_api {
namespace {

constexpr int most_ancestors = 64;

std::optional<ProcessLine> process_line(pid_t process) {
    std::ifstream file("/proc/" + std::to_string(process) + "/stat");
    std::string line;
    if (!std::getline(file, line)) return std::nullopt;
    return parse_process_line(line);
}

Time began(std::uint64_t start_ticks, Time now) {
    timespec since_boot{};
    clock_gettime(CLOCK_BOOTTIME, &since_boot);
    const auto up = std::chrono::seconds{since_boot.tv_sec} + std::chrono::nanoseconds{since_boot.tv_nsec};
    const auto ticks = static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    const auto start = std::chrono::microseconds{static_cast<std::int64_t>(start_ticks * 1'000'000 / ticks)};
    return now - (std::chrono::duration_cast<Duration>(up) - start);
}

}  // namespace

std::optional<ProcessLine> parse_process_line(std::string_view line) {
    const auto opened = line.find('(');
    const auto closed = line.rfind(')');  // the name itself may hold brackets and blanks
    if (opened == line.npos || closed == line.npos || closed < opened) return std::nullopt;
    ProcessLine read;
    read.name = line.substr(opened + 1, closed - opened - 1);
    std::vector<std::string_view> fields;
    auto rest = line.substr(closed + 1);
    while (!rest.empty()) {
        const auto begin = rest.find_first_not_of(' ');
        if (begin == rest.npos) break;
        rest.remove_prefix(begin);
        const auto end = std::min(rest.find(' '), rest.size());
        fields.push_back(rest.substr(0, end));
        rest.remove_prefix(end);
    }
    constexpr std::size_t parent_field = 1;  // after the name: state, parent, …, the 22nd of all
    constexpr std::size_t start_field = 19;
    if (fields.size() <= start_field) return std::nullopt;
    const auto number = [](std::string_view text, auto& value) {
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
        return parsed.ec == std::errc{} && parsed.ptr == text.data() + text.size();
    };
    if (!number(fields[parent_field], read.parent) || !number(fields[start_field], read.start_ticks))
        return std::nullopt;
    return read;
}

std::optional<Time> ssh_session_began(pid_t process, Time now) {
    for (int i = 0; i < most_ancestors && process > 1; ++i) {
        const auto line = process_line(process);
        if (!line) return std::nullopt;
        if (line->name == "sshd" || line->name == "sshd-session") return began(line->start_ticks, now);
        process = line->parent;
    }
    return std::nullopt;
}

}  // namespace garita::rest_api
