#include "adapters/linux_host/process_table.hpp"

#include "adapters/linux_host/sock_diag.hpp"
#include "adapters/linux_host/ssh_processes.hpp"

namespace garita::linux_host {
namespace {

detect::ProcessRef reference(const SshProcess& process) {
    return {process.stat.pid, process.stat.start_ticks, process.command};
}

detect::SshSession session_of(const SshConnection& connection) {
    detect::SshSession session{reference(connection.processes.front()),
                               connection.socket.remote,
                               connection.socket.remote_port,
                               connection.socket.local_port,
                               {}};
    for (const auto& process : connection.processes)
        if (auto user = user_in_title(process.command); !user.empty()) session.user = std::move(user);
    return session;
}

}  // namespace

Result<std::optional<detect::ProcessRef>> ProcessTable::find(const detect::Connection& wanted) {
    auto sockets = SockDiag::open();
    if (!sockets) return tl::unexpected(sockets.error());
    const auto connections = ssh_connections(proc_, *sockets);
    if (!connections) return tl::unexpected(connections.error());
    for (const auto& [socket, processes] : *connections) {
        if (socket.remote != wanted.remote || socket.remote_port != wanted.remote_port) continue;
        if (wanted.local_port != 0 && socket.local_port != wanted.local_port) continue;
        return std::optional(reference(processes.front()));
    }
    return std::optional<detect::ProcessRef>{};
}

std::optional<detect::ProcessRef> ProcessTable::process(std::int32_t pid) {
    const auto stat = proc_.stat(pid);
    if (!stat) return std::nullopt;
    auto command = proc_.command(pid);
    if (command.empty()) command = "[" + printable_command(stat->name) + "]";
    return detect::ProcessRef{pid, stat->start_ticks, std::move(command)};
}

Result<std::vector<detect::SshSession>> ProcessTable::list_ssh_sessions() {
    auto sockets = SockDiag::open();
    if (!sockets) return tl::unexpected(sockets.error());
    const auto connections = ssh_connections(proc_, *sockets);
    if (!connections) return tl::unexpected(connections.error());
    std::vector<detect::SshSession> sessions;
    for (const auto& connection : *connections)
        sessions.push_back(session_of(connection));
    return sessions;
}

}  // namespace garita::linux_host
