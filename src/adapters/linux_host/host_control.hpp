#pragma once
// Once-only actions on this host.

#include <chrono>
#include <string>
#include <vector>

#include "adapters/linux_host/logind.hpp"
#include "adapters/linux_host/proc_files.hpp"
#include "adapters/linux_host/process_handle.hpp"
#include "adapters/linux_host/sock_diag.hpp"
#include "adapters/linux_host/ssh_processes.hpp"
#include "enforce/host_control.hpp"

namespace garita::linux_host {

struct HostSettings {
    std::string bus_address;  ///< of D-Bus; empty: the system bus
    ProcFiles proc{"/proc"};
    /// How long a session's processes may take to end by themselves before they are killed.
    std::chrono::milliseconds grace{500};
};

/// Needs to be root, with CAP_NET_ADMIN and CAP_KILL.
class HostControl final : public enforce::HostControl {
  public:
    HostControl() : HostControl(HostSettings{}) {}
    explicit HostControl(HostSettings settings);

    Result<enforce::SessionClosed> close_session(const CloseSession& session) override;
    Result<void> reboot() override { return logind_.reboot(); }
    Result<void> power_off() override { return logind_.power_off(); }

  private:
    [[nodiscard]] Result<std::vector<SshConnection>> connections_of(const CloseSession& session,
                                                                    SockDiag& sockets) const;
    [[nodiscard]] std::vector<ProcessHandle> descendants(const std::vector<ProcessHandle>& servers) const;
    [[nodiscard]] std::vector<std::int32_t> end(const std::vector<ProcessHandle>& servers) const;

    HostSettings settings_;
    Logind logind_;
};

}  // namespace garita::linux_host
