#pragma once
// Which process serves a connection, as detectors need it to tie a log line to a session that can be ended.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ip.hpp"
#include "model/result.hpp"

namespace garita::detect {

/// A process that cannot be mistaken for a later one with the same id.
struct ProcessRef {
    std::int32_t pid = 0;
    std::uint64_t start_ticks = 0;  ///< field 22 of /proc/PID/stat
    std::string command;            ///< as the process names itself, "sshd: ann [priv]"; at most 256 bytes
    friend bool operator==(const ProcessRef&, const ProcessRef&) = default;
};

/// An established TCP connection of this host. `local_port` 0: any.
struct Connection {
    IpAddress remote;
    std::uint16_t remote_port = 0;
    std::uint16_t local_port = 0;
};

/// Who stands behind a session: any process may call itself sshd and name a user in its title.
enum class SshServer : std::uint8_t {
    unproven,
    hosts_own  ///< root's, and started from a program of that name
};

/// An SSH session that somebody has open on this host. `process` is the one that leads it (OpenSSH's "[priv]"
/// parent where there is one): ending it ends the session.
struct SshSession {
    ProcessRef process;
    IpAddress peer;
    std::uint16_t peer_port = 0;
    std::uint16_t local_port = 0;
    std::string user;  ///< empty while the peer has not yet logged in
    SshServer server = SshServer::unproven;
};

class ProcessTable {
  public:
    ProcessTable() = default;
    ProcessTable(const ProcessTable&) = delete;
    ProcessTable& operator=(const ProcessTable&) = delete;
    virtual ~ProcessTable() = default;

    /// The sshd process that leads the session on this connection; nothing when the connection is not there
    /// or not served by sshd. Incoming connections only: an ssh client's own connection is never found.
    [[nodiscard]] virtual Result<std::optional<ProcessRef>> find(const Connection& connection) = 0;
    /// The process with this id now; nothing when there is none.
    [[nodiscard]] virtual std::optional<ProcessRef> process(std::int32_t pid) = 0;
    /// Every established incoming connection that an sshd serves, logged in or not.
    [[nodiscard]] virtual Result<std::vector<SshSession>> list_ssh_sessions() = 0;
    /// The same for whoever asks every second: at a fraction of the cost where no connection has come or gone
    /// and nobody is on the way to a login. A login is seen at the next call.
    [[nodiscard]] virtual Result<std::vector<SshSession>> watch_ssh_sessions() = 0;
};

}  // namespace garita::detect
