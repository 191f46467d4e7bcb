#include "adapters/rest_api/ssh_caller.hpp"

#include <algorithm>
#include <charconv>
#include <ctime>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include "runtime/proc/process_owner.hpp"

namespace garita::rest_api {
namespace {

constexpr std::size_t most_ancestors = 64;

std::string text_of(const std::string& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::optional<Ancestor> look_at(const std::string& proc, pid_t process) {
    const auto folder = proc + "/" + std::to_string(process);
    auto line = parse_process_line(text_of(folder + "/stat"));
    const auto owner = runtime::parse_process_owner(text_of(folder + "/status"));
    if (!line || !owner) return std::nullopt;
    return Ancestor{std::move(*line), owner->wholly_root() ? Ancestor::Owner::root : Ancestor::Owner::other};
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

const Ancestor* sshd_above(const std::vector<Ancestor>& line_of_descent) {
    const Ancestor* nearest = nullptr;
    for (auto it = line_of_descent.rbegin(); it != line_of_descent.rend(); ++it) {
        if (it->owner != Ancestor::Owner::root) break;
        if (it->line.name == "sshd" || it->line.name == "sshd-session") nearest = &*it;
    }
    return nearest;
}

CallersSession ssh_session_of(pid_t process, Time now, const std::string& proc) {
    using Seen = CallersSession::Seen;
    std::vector<Ancestor> line_of_descent;
    while (process > 1 && line_of_descent.size() < most_ancestors) {
        auto ancestor = look_at(proc, process);
        if (!ancestor) return {Seen::hidden, {}};
        process = ancestor->line.parent;
        line_of_descent.push_back(std::move(*ancestor));
    }
    if (process > 1) return {Seen::hidden, {}};
    const auto* const sshd = sshd_above(line_of_descent);
    if (sshd == nullptr) return {};
    return {Seen::session, began(sshd->line.start_ticks, now)};
}

}  // namespace garita::rest_api
