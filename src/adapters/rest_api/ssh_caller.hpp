#pragma once
// Out of which SSH session a local caller speaks: one that was there before a block proves nothing about it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

#include "model/time.hpp"

namespace garita::rest_api {

/// What is known of the SSH session that a process belongs to.
struct CallersSession {
    enum class Seen {
        none,    ///< no sshd among its ancestors: a console, a timer
        hidden,  ///< its ancestors cannot be seen up to the first process (/proc with hidepid): nobody can
                 ///< tell
        session
    } seen = Seen::none;
    Time began{};  ///< of a session, by the system's clock
};
/// `proc` is "/proc" except in tests.
[[nodiscard]] CallersSession ssh_session_of(pid_t process, Time now, const std::string& proc = "/proc");

/// What a line of /proc/PID/stat says, as far as it is needed here. Pure; nothing where it is not one.
struct ProcessLine {
    std::string name;
    pid_t parent = 0;
    std::uint64_t start_ticks = 0;  ///< since the machine was started
};
/// A process and whose it is.
struct Ancestor {
    ProcessLine line;
    enum class Owner { root, other } owner = Owner::other;
};
/// Which of a process and its ancestors (the first process last) is the sshd that its session hangs on: the
/// nearest one that is root's, as are all above it. What an ordinary user calls sshd is none. Pure.
[[nodiscard]] const Ancestor* sshd_above(const std::vector<Ancestor>& line_of_descent);
[[nodiscard]] std::optional<ProcessLine> parse_process_line(std::string_view line);

}  // namespace garita::rest_api
