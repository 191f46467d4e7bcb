#pragma once
// What is done once to a host: ending a session, reboot, power off.

#include <cstdint>
#include <string>

#include "model/ip.hpp"
#include "model/result.hpp"

namespace garita::enforce {

/// One SSH session as it was detected. The start time makes it this process and no later one with the same
/// id.
struct SshSessionRef {
    std::int32_t pid = 0;           ///< of a process of the session; 0: unknown, only the connection is
    std::uint64_t start_ticks = 0;  ///< field 22 of /proc/PID/stat
    IpAddress peer;
    std::uint16_t peer_port = 0;
    std::uint16_t local_port = 0;  ///< 0: any
};

enum class SessionEnd {
    ended,         ///< its processes were killed, or its connection destroyed, by this call
    already_gone,  ///< neither the process nor the connection was there any more
};

struct SessionClosed {
    SessionEnd end = SessionEnd::already_gone;
    std::string note;  ///< for the person who asked: what was killed, or why nothing was
};

class HostControl {
  public:
    HostControl() = default;
    HostControl(const HostControl&) = delete;
    HostControl& operator=(const HostControl&) = delete;
    virtual ~HostControl() = default;

    /// Ends exactly this session: never a process that took over its id, never another session of the same
    /// peer. "Already gone" is success.
    [[nodiscard]] virtual Result<SessionClosed> close_session(const SshSessionRef& session) = 0;
    /// Asks the system to restart in an orderly way; success means that it agreed.
    [[nodiscard]] virtual Result<void> reboot() = 0;
    [[nodiscard]] virtual Result<void> power_off() = 0;
};

}  // namespace garita::enforce
