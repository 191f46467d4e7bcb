#pragma once
// What is done once to a host: ending a session, reboot, power off.

#include <string>

#include "model/action.hpp"
#include "model/result.hpp"

namespace garita::enforce {

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
    /// peer. "Already gone" is success. No pid (0): only the connection is known; no local port (0): any.
    [[nodiscard]] virtual Result<SessionClosed> close_session(const CloseSession& session) = 0;
    /// Asks the system to restart in an orderly way; success means that it agreed.
    [[nodiscard]] virtual Result<void> reboot() = 0;
    [[nodiscard]] virtual Result<void> power_off() = 0;
};

}  // namespace garita::enforce
