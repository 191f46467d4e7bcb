#include "adapters/linux_host/host_control.hpp"

#include <algorithm>
#include <limits>
#include <set>
#include <unistd.h>
#include <utility>

namespace garita::linux_host {
namespace {

// sshd gives a client two minutes to log in; only until then can a process of the same session start later
// than the one that was seen.
constexpr std::uint64_t login_grace_seconds = 130;

std::string list(const std::vector<std::int32_t>& pids) {
    std::string text;
    for (const auto pid : pids)
        text += (text.empty() ? "" : ", ") + std::to_string(pid);
    return text;
}

std::string peer(const CloseSession& session) {
    return session.peer.text() + " port " + std::to_string(session.peer_port);
}

}  // namespace

HostControl::HostControl(HostSettings settings)
    : settings_(std::move(settings)), logind_(settings_.bus_address) {}

Result<std::vector<SshConnection>> HostControl::connections_of(const CloseSession& session,
                                                               SockDiag& sockets) const {
    auto connections = ssh_connections(settings_.proc, sockets);
    if (!connections || session.peer_port == 0)
        return connections ? std::vector<SshConnection>{} : connections;
    const auto latest =
        session.start_ticks + login_grace_seconds * static_cast<std::uint64_t>(sysconf(_SC_CLK_TCK));
    std::erase_if(*connections, [&](const SshConnection& connection) {
        const auto& socket = connection.socket;
        if (socket.remote != session.peer || socket.remote_port != session.peer_port) return true;
        if (session.local_port != 0 && socket.local_port != session.local_port) return true;
        // A later connection from the same port is another session.
        return session.start_ticks != 0 &&
               std::any_of(connection.processes.begin(), connection.processes.end(),
                           [&](const SshProcess& process) { return process.stat.start_ticks > latest; });
    });
    return connections;
}

std::vector<ProcessHandle> HostControl::descendants(const std::vector<ProcessHandle>& servers) const {
    std::set<std::int32_t> family;
    for (const auto& server : servers)
        family.insert(server.stat().pid);
    std::vector<ProcessStat> all;
    for (const auto pid : settings_.proc.pids())
        if (auto stat = settings_.proc.stat(pid)) all.push_back(std::move(*stat));
    std::vector<ProcessHandle> found;
    for (bool grown = true; grown;) {
        grown = false;
        for (const auto& stat : all) {
            if (family.contains(stat.pid) || !family.contains(stat.parent)) continue;
            family.insert(stat.pid);
            grown = true;
            if (auto handle = ProcessHandle::open(settings_.proc, stat.pid, stat.start_ticks))
                found.push_back(std::move(*handle));
        }
    }
    return found;
}

std::vector<std::int32_t> HostControl::end(const std::vector<ProcessHandle>& servers) const {
    const auto started = descendants(servers);
    std::vector<std::int32_t> ended;
    for (const auto& server : servers) {
        if (server.signal(SIGTERM) == ProcessHandle::Sent::yes) ended.push_back(server.stat().pid);
    }
    // What runs in the session hangs up with it, also where there is no terminal to tell it.
    for (const auto& process : started)
        process.signal(SIGHUP);
    const auto until = std::chrono::steady_clock::now() + settings_.grace;
    for (const auto& server : servers) {
        const auto left =
            std::chrono::ceil<std::chrono::milliseconds>(until - std::chrono::steady_clock::now());
        if (!server.ended_within(std::max(left, std::chrono::milliseconds(0)))) server.signal(SIGKILL);
    }
    return ended;
}

Result<enforce::SessionClosed> HostControl::close_session(const CloseSession& session) {
    using enforce::SessionClosed;
    using enforce::SessionEnd;
    auto sockets = SockDiag::open();
    if (!sockets) return tl::unexpected(sockets.error());
    const auto connections = connections_of(session, *sockets);
    if (!connections) return tl::unexpected(connections.error());

    std::vector<ProcessHandle> servers;
    if (session.pid < 0 || session.pid > std::numeric_limits<std::int32_t>::max())
        return fail(ErrorCode::invalid, "no process can have the id " + std::to_string(session.pid));
    auto named =
        ProcessHandle::open(settings_.proc, static_cast<std::int32_t>(session.pid), session.start_ticks);
    if (named && !is_sshd(named->stat().name))
        return fail(ErrorCode::invalid, "process " + std::to_string(session.pid) + " (" + named->stat().name +
                                            ") is no sshd: it was not ended");
    if (named) servers.push_back(std::move(*named));
    for (const auto& connection : *connections)
        for (const auto& process : connection.processes) {
            if (process.stat.pid == session.pid) continue;
            auto handle = ProcessHandle::open(settings_.proc, process.stat.pid, process.stat.start_ticks);
            if (handle) servers.push_back(std::move(*handle));
        }
    const auto ended = end(servers);

    std::size_t destroyed = 0;
    for (const auto& connection : *connections) {
        const auto result = sockets->destroy(connection.socket);
        if (result && *result == Destroyed::yes) ++destroyed;
        if (!result && ended.empty()) return tl::unexpected(result.error());
    }
    if (!ended.empty())
        return SessionClosed{SessionEnd::ended, "ended sshd process " + list(ended) + " of " + peer(session)};
    if (destroyed > 0) return SessionClosed{SessionEnd::ended, "closed the connection of " + peer(session)};
    return SessionClosed{SessionEnd::already_gone, "the session of " + peer(session) + " had ended already"};
}

}  // namespace garita::linux_host
