#pragma once
// Which sshd processes serve which connection.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "adapters/linux_host/proc_files.hpp"
#include "adapters/linux_host/sock_diag.hpp"
#include "detect/process_table.hpp"
#include "model/result.hpp"

namespace garita::linux_host {

/// One process that holds the socket of an SSH connection.
struct SshProcess {
    ProcessStat stat;
    std::string command;
    detect::SshServer server = detect::SshServer::unproven;
};

/// An incoming SSH connection with every sshd process that holds it, the leading one first: OpenSSH keeps a
/// privileged parent and a child that serves the user, and either alone keeps the connection open.
struct SshConnection {
    TcpSocket socket;
    std::vector<SshProcess> processes;
};

/// True for the names of OpenSSH's server processes (sshd; from 9.8 on also sshd-session, sshd-auth).
[[nodiscard]] bool is_sshd(std::string_view process_name);
/// The user in a process title such as "sshd: ann@pts/0"; empty before login is complete.
[[nodiscard]] std::string user_in_title(std::string_view title);

/// Who is logged in over this connection, as far as it can be told. What an ordinary user's process says of
/// itself counts only where a server of the host's own holds the same connection and started that process.
struct SshLogin {
    std::string user;  ///< empty before login is complete
    detect::SshServer server = detect::SshServer::unproven;
};
[[nodiscard]] SshLogin login_of(const std::vector<SshProcess>& processes);

/// All that are there now. Connections that an sshd opened itself, or accepted for a forwarded port, are not
/// among them.
[[nodiscard]] Result<std::vector<SshConnection>> ssh_connections(const ProcFiles& proc, SockDiag& sockets);

}  // namespace garita::linux_host
