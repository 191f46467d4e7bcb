#include "adapters/linux_host/process_table.hpp"

#include <algorithm>

#include "adapters/linux_host/sock_diag.hpp"
#include "adapters/linux_host/ssh_processes.hpp"

namespace garita::linux_host {
namespace {

/// A socket that has just been accepted may be handed to the process that serves it a moment later.
constexpr int looks_until_settled = 5;
/// What nothing tells of, such as a socket that is handed over late, is seen after so many looks.
constexpr int longest_trust = 60;

detect::ProcessRef reference(const SshProcess& process) {
    return {process.stat.pid, process.stat.start_ticks, process.command};
}

detect::SshSession session_of(const SshConnection& connection) {
    auto login = login_of(connection.processes);
    return {reference(connection.processes.front()),
            connection.socket.remote,
            connection.socket.remote_port,
            connection.socket.local_port,
            std::move(login.user),
            login.server};
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

Result<std::vector<detect::SshSession>> ProcessTable::watch_ssh_sessions() {
    // The kernel walks through its whole table of sockets for one look, and all processes come on top; that
    // no connection has come in since the last one it tells in a few microseconds.
    const auto text = proc_.read("thread-self/net/snmp", 16 * 1024);
    const auto counts = text ? parse_tcp_counts(*text) : std::nullopt;
    if (!counts || counts != seen_)
        looks_ = 0;
    else if (looks_ >= longest_trust)
        looks_ = looks_until_settled - 1;
    const bool login_under_way = std::any_of(sessions_.begin(), sessions_.end(),
                                             [](const auto& session) { return session.user.empty(); });
    if (looks_++ >= looks_until_settled && !login_under_way) return sessions_;
    ++walks_;
    auto sessions = list_ssh_sessions();
    seen_ = sessions ? counts : std::nullopt;
    if (sessions) sessions_ = *sessions;
    return sessions;
}

}  // namespace garita::linux_host
