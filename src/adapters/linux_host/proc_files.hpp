#pragma once
// What /proc says, as pure parsers and a bounded reader. A process chooses its own name and arguments, so
// every byte of them is foreign.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "detect/cpu_source.hpp"

namespace garita::linux_host {

/// Some of /proc/PID/stat.
struct ProcessStat {
    std::int32_t pid = 0;
    std::int32_t parent = 0;
    char state = '?';
    std::string name;               ///< at most 15 bytes, may hold spaces and parentheses
    std::uint64_t cpu_ticks = 0;    ///< user and system
    std::uint64_t start_ticks = 0;  ///< field 22
};

[[nodiscard]] std::optional<ProcessStat> parse_process_stat(std::string_view text);
/// The first line of /proc/stat.
[[nodiscard]] std::optional<detect::CpuTimes> parse_cpu_times(std::string_view text);
/// /proc/PID/cmdline as one line of printable text, at most 256 bytes.
[[nodiscard]] std::string printable_command(std::string_view cmdline);
/// What /proc/net/snmp counts of TCP in a network namespace, for both families.
struct TcpCounts {
    std::uint64_t accepted = 0;  ///< connections that ever came in
    std::uint64_t open = 0;      ///< at the moment, in either direction
    friend bool operator==(const TcpCounts&, const TcpCounts&) = default;
};
[[nodiscard]] std::optional<TcpCounts> parse_tcp_counts(std::string_view snmp);
/// The inode in "socket:[4711]".
[[nodiscard]] std::optional<std::uint32_t> parse_socket_link(std::string_view target);

/// The directory, "/proc" except in tests.
class ProcFiles {
  public:
    explicit ProcFiles(std::string root = "/proc") : root_(std::move(root)) {}

    /// At most `limit` bytes of a file below the root; nothing when it cannot be read.
    [[nodiscard]] std::optional<std::string> read(const std::string& path, std::size_t limit = 4096) const;
    /// The process's own name, as in its stat, but much cheaper.
    [[nodiscard]] std::optional<std::string> name(std::int32_t pid) const;
    [[nodiscard]] std::optional<ProcessStat> stat(std::int32_t pid) const;
    [[nodiscard]] std::string command(std::int32_t pid) const;
    /// Root's under every identity that it has.
    [[nodiscard]] bool is_roots(std::int32_t pid) const;
    /// The name of the file that the process runs, without its folder, also when the file has been replaced
    /// since; empty when this cannot be seen.
    [[nodiscard]] std::string program(std::int32_t pid) const;
    [[nodiscard]] std::vector<std::int32_t> pids() const;
    /// Inodes of the sockets that the process holds.
    [[nodiscard]] std::vector<std::uint32_t> sockets(std::int32_t pid) const;

  private:
    std::string root_;
};

}  // namespace garita::linux_host
