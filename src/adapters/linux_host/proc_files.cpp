#include "adapters/linux_host/proc_files.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <dirent.h>
#include <fcntl.h>
#include <memory>
#include <unistd.h>

#include "runtime/proc/process_owner.hpp"

namespace garita::linux_host {
namespace {

struct DirCloser {
    void operator()(DIR* directory) const { closedir(directory); }
};
using Directory = std::unique_ptr<DIR, DirCloser>;

template <typename Number>
std::optional<Number> number(std::string_view text) {
    Number value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return value;
}

/// Cuts the next word off the text; empty at the end.
std::string_view next_word(std::string_view& text) {
    const auto start = text.find_first_not_of(" \n");
    if (start == std::string_view::npos) {
        text = {};
        return {};
    }
    text.remove_prefix(start);
    const auto word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(word.size());
    return word;
}

}  // namespace

std::optional<ProcessStat> parse_process_stat(std::string_view text) {
    const auto open = text.find(" (");
    const auto close = text.rfind(')');  // the name may hold parentheses itself
    if (open == std::string_view::npos || close == std::string_view::npos || close < open + 2)
        return std::nullopt;
    ProcessStat stat;
    const auto pid = number<std::int32_t>(text.substr(0, open));
    if (!pid || *pid <= 0) return std::nullopt;
    stat.pid = *pid;
    stat.name = text.substr(open + 2, close - open - 2);
    auto rest = text.substr(close + 1);
    std::array<std::string_view, 20> fields;  // from field 3 to field 22
    for (auto& field : fields)
        field = next_word(rest);
    const auto parent = number<std::int32_t>(fields[1]);
    const auto user = number<std::uint64_t>(fields[11]);
    const auto system = number<std::uint64_t>(fields[12]);
    const auto start = number<std::uint64_t>(fields[19]);
    if (fields[0].size() != 1 || !parent || !user || !system || !start) return std::nullopt;
    stat.state = fields[0].front();
    stat.parent = *parent;
    stat.cpu_ticks = *user + *system;
    stat.start_ticks = *start;
    return stat;
}

std::optional<detect::CpuTimes> parse_cpu_times(std::string_view text) {
    if (next_word(text) != "cpu") return std::nullopt;
    // user nice system idle iowait irq softirq steal; guest times are within user already
    std::array<std::uint64_t, 8> times{};
    text = text.substr(0, text.find('\n'));
    for (std::size_t i = 0; i < times.size(); ++i) {
        const auto value = number<std::uint64_t>(next_word(text));
        if (!value && i < 4) return std::nullopt;
        times[i] = value.value_or(0);
    }
    return detect::CpuTimes{times[0] + times[1] + times[2] + times[5] + times[6] + times[7],
                            times[3] + times[4]};
}

std::optional<TcpCounts> parse_tcp_counts(std::string_view snmp) {
    constexpr std::string_view head = "Tcp: ";
    const auto take_line = [&](std::size_t from) -> std::string_view {
        const auto at = from == std::string_view::npos ? from : snmp.find(head, from);
        if (at == std::string_view::npos || (at > 0 && snmp[at - 1] != '\n')) return {};
        return snmp.substr(at, snmp.substr(at).find('\n'));
    };
    auto names = take_line(0);
    if (names.empty()) return std::nullopt;
    auto values = take_line(static_cast<std::size_t>(names.data() - snmp.data()) + names.size());
    std::optional<std::uint64_t> accepted;
    std::optional<std::uint64_t> open;
    for (auto name = next_word(names); !name.empty(); name = next_word(names)) {
        const auto value = next_word(values);
        if (name == "PassiveOpens") accepted = number<std::uint64_t>(value);
        if (name == "CurrEstab") open = number<std::uint64_t>(value);
    }
    if (!accepted || !open) return std::nullopt;
    return TcpCounts{*accepted, *open};
}

std::string printable_command(std::string_view cmdline) {
    constexpr std::size_t longest = 256;
    while (!cmdline.empty() && (cmdline.back() == '\0' || cmdline.back() == ' '))
        cmdline.remove_suffix(1);
    std::string command(cmdline.substr(0, longest));
    for (char& c : command) {
        if (c == '\0') c = ' ';
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    }
    return command;
}

std::optional<std::uint32_t> parse_socket_link(std::string_view target) {
    constexpr std::string_view prefix = "socket:[";
    if (!target.starts_with(prefix) || !target.ends_with(']')) return std::nullopt;
    return number<std::uint32_t>(target.substr(prefix.size(), target.size() - prefix.size() - 1));
}

std::optional<std::string> ProcFiles::read(const std::string& path, std::size_t limit) const {
    const int fd = open((root_ + "/" + path).c_str(), O_RDONLY | O_CLOEXEC);
    if (fd < 0) return std::nullopt;
    std::string text(limit, '\0');
    std::size_t size = 0;
    while (size < limit) {
        const auto got = ::read(fd, text.data() + size, limit - size);
        if (got < 0 && errno == EINTR) continue;
        if (got <= 0) break;
        size += static_cast<std::size_t>(got);
    }
    close(fd);
    text.resize(size);
    return text;
}

std::optional<std::string> ProcFiles::name(std::int32_t pid) const {
    auto text = read(std::to_string(pid) + "/comm", 64);
    if (text && text->ends_with('\n')) text->pop_back();
    return text;
}

std::optional<ProcessStat> ProcFiles::stat(std::int32_t pid) const {
    const auto text = read(std::to_string(pid) + "/stat");
    return text ? parse_process_stat(*text) : std::nullopt;
}

std::string ProcFiles::command(std::int32_t pid) const {
    return printable_command(read(std::to_string(pid) + "/cmdline").value_or(""));
}

bool ProcFiles::is_roots(std::int32_t pid) const {
    const auto text = read(std::to_string(pid) + "/status");
    const auto owner = text ? runtime::parse_process_owner(*text) : std::nullopt;
    return owner && owner->wholly_root();
}

std::string ProcFiles::program(std::int32_t pid) const {
    constexpr std::string_view replaced = " (deleted)";
    std::array<char, 4096> target{};
    const auto link = root_ + "/" + std::to_string(pid) + "/exe";
    const auto size = readlink(link.c_str(), target.data(), target.size());
    if (size <= 0) return {};
    std::string_view path(target.data(), static_cast<std::size_t>(size));
    if (path.ends_with(replaced)) path.remove_suffix(replaced.size());
    return std::string(path.substr(path.rfind('/') + 1));
}

std::vector<std::int32_t> ProcFiles::pids() const {
    std::vector<std::int32_t> pids;
    const Directory directory(opendir(root_.c_str()));
    while (directory) {
        const dirent* entry = readdir(directory.get());
        if (entry == nullptr) break;
        if (const auto pid = number<std::int32_t>(entry->d_name)) pids.push_back(*pid);
    }
    return pids;
}

std::vector<std::uint32_t> ProcFiles::sockets(std::int32_t pid) const {
    std::vector<std::uint32_t> inodes;
    const Directory directory(opendir((root_ + "/" + std::to_string(pid) + "/fd").c_str()));
    while (directory) {
        const dirent* entry = readdir(directory.get());
        if (entry == nullptr) break;
        std::array<char, 64> target{};
        const auto size = readlinkat(dirfd(directory.get()), entry->d_name, target.data(), target.size());
        if (size <= 0) continue;
        if (const auto inode = parse_socket_link({target.data(), static_cast<std::size_t>(size)}))
            inodes.push_back(*inode);
    }
    return inodes;
}

}  // namespace garita::linux_host
