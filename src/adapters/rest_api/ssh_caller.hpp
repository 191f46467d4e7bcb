#pragma once
// Out of which SSH session a local caller speaks: one that was there before a block proves nothing about it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <sys/types.h>

#include "model/time.hpp"

namespace garita::rest_api {

/// When the SSH session began that the process belongs to, by the system's clock; nothing where no sshd is
/// among its ancestors (a console, a timer).
[[nodiscard]] std::optional<Time> ssh_session_began(pid_t process, Time now);

/// What a line of /proc/PID/stat says, as far as it is needed here. Pure; nothing where it is not one.
struct ProcessLine {
    std::string name;
    pid_t parent = 0;
    std::uint64_t start_ticks = 0;  ///< since the machine was started
};
[[nodiscard]] std::optional<ProcessLine> parse_process_line(std::string_view line);

}  // namespace garita::rest_api
