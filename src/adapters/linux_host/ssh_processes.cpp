#include "adapters/linux_host/ssh_processes.hpp"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <unordered_map>
#include <utility>

namespace garita::linux_host {
namespace {

/// The server processes, and who of them holds which socket.
struct Holders {
    std::map<std::int32_t, SshProcess> processes;
    std::unordered_map<std::uint32_t, std::vector<std::int32_t>> of_socket;
};

/// By name alone anybody could be sshd, and by name and account whoever may start sudo by a link of that
/// name.
detect::SshServer server_of(const ProcFiles& proc, std::int32_t pid) {
    return proc.is_roots(pid) && is_sshd(proc.program(pid)) ? detect::SshServer::hosts_own
                                                            : detect::SshServer::unproven;
}

Holders find_holders(const ProcFiles& proc) {
    Holders holders;
    for (const auto pid : proc.pids()) {
        // the name alone first: the kernel makes it at a fraction of what the whole state costs
        const auto name = proc.name(pid);
        if (!name || !is_sshd(*name)) continue;
        const auto stat = proc.stat(pid);
        if (!stat) continue;
        const auto command = proc.command(pid);
        if (command.find("[listener]") != std::string::npos) continue;
        for (const auto inode : proc.sockets(pid)) {
            auto& pids = holders.of_socket[inode];
            if (std::find(pids.begin(), pids.end(), pid) == pids.end()) pids.push_back(pid);
        }
        holders.processes.emplace(pid, SshProcess{*stat, command, server_of(proc, pid)});
    }
    return holders;
}

/// Ports that some socket listens on, with the sockets.
using Listeners = std::multimap<std::uint16_t, std::uint32_t>;

struct PortRange {
    std::uint16_t first = 32768;
    std::uint16_t last = 60999;

    [[nodiscard]] bool holds(std::uint16_t port) const { return port >= first && port <= last; }
};

/// The ports that the kernel gives to outgoing connections.
PortRange outgoing_ports(const ProcFiles& proc) {
    PortRange range;
    const auto text = proc.read("sys/net/ipv4/ip_local_port_range").value_or("");
    const char* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, range.first);
    const char* second = std::find_if(first.ptr, end, [](char c) { return c >= '0' && c <= '9'; });
    (void)std::from_chars(second, end, range.last);
    return range;
}

bool came_in(const TcpSocket& socket, const std::vector<std::int32_t>& pids, const Holders& holders,
             const Listeners& listeners, const PortRange& outgoing) {
    const auto [begin, end] = listeners.equal_range(socket.local_port);
    // Without a listener the daemon may have been stopped while its sessions go on; what a session opened
    // itself, for a forwarded port, has a port of the outgoing range.
    if (begin == end) return !outgoing.holds(socket.local_port);
    // A session that listens itself does so for a port that its client had forwarded.
    return std::none_of(begin, end, [&](const auto& listener) {
        const auto found = holders.of_socket.find(listener.second);
        return found != holders.of_socket.end() &&
               std::any_of(found->second.begin(), found->second.end(), [&](std::int32_t pid) {
                   return std::find(pids.begin(), pids.end(), pid) != pids.end();
               });
    });
}

std::vector<SshProcess> leader_first(const std::vector<std::int32_t>& pids, const Holders& holders) {
    std::vector<SshProcess> processes;
    processes.reserve(pids.size());
    for (const auto pid : pids)
        processes.push_back(holders.processes.at(pid));
    const auto leads = [&](const SshProcess& process) {
        return std::find(pids.begin(), pids.end(), process.stat.parent) == pids.end();
    };
    std::stable_partition(processes.begin(), processes.end(), leads);
    return processes;
}

}  // namespace

bool is_sshd(std::string_view process_name) {
    return process_name == "sshd" || process_name == "sshd-session" || process_name == "sshd-auth";
}

std::string user_in_title(std::string_view title) {
    const auto colon = title.find(": ");
    if (colon == std::string_view::npos || !title.starts_with("sshd")) return {};
    title.remove_prefix(colon + 2);
    if (title.empty() || title.front() == '[' || title.front() == '/') return {};
    if (title.find(" [") != std::string_view::npos) return {};  // [priv] and [net] are there before login too
    const auto at = title.rfind('@');
    return std::string(title.substr(0, at));
}

SshLogin login_of(const std::vector<SshProcess>& processes) {
    const auto own = [](const SshProcess& process) { return process.server == detect::SshServer::hosts_own; };
    const bool proven = std::any_of(processes.begin(), processes.end(), own);
    const auto started_by_own = [&](const SshProcess& process) {
        return std::any_of(processes.begin(), processes.end(), [&](const SshProcess& other) {
            return own(other) && other.stat.pid == process.stat.parent;
        });
    };
    SshLogin login{{}, proven ? detect::SshServer::hosts_own : detect::SshServer::unproven};
    for (const auto& process : processes) {
        if (proven && !own(process) && !started_by_own(process)) continue;
        if (auto user = user_in_title(process.command); !user.empty()) login.user = std::move(user);
    }
    return login;
}

Result<std::vector<SshConnection>> ssh_connections(const ProcFiles& proc, SockDiag& sockets) {
    // Sockets first: a connection that is accepted in between is simply not seen yet, but a process that ends
    // in between cannot be taken for another.
    std::vector<TcpSocket> open;
    Listeners listeners;
    const auto keep_listener = [&](const TcpSocket& socket) {
        listeners.emplace(socket.local_port, socket.inode);
    };
    const PortRange outgoing = outgoing_ports(proc);
    // What certainly went out from here is left out at once: walking through all processes is what costs.
    const auto keep_open = [&](const TcpSocket& socket) {
        if (socket.inode == 0) return;
        if (listeners.count(socket.local_port) > 0 || !outgoing.holds(socket.local_port))
            open.push_back(socket);
    };
    if (auto read = sockets.each(TcpKind::listening, keep_listener); !read)
        return tl::unexpected(read.error());
    if (auto read = sockets.each(TcpKind::open, keep_open); !read) return tl::unexpected(read.error());
    std::vector<SshConnection> connections;
    if (open.empty()) return connections;
    const Holders holders = find_holders(proc);
    for (const auto& socket : open) {
        const auto found = holders.of_socket.find(socket.inode);
        if (found == holders.of_socket.end()) continue;
        if (!came_in(socket, found->second, holders, listeners, outgoing)) continue;
        connections.push_back({socket, leader_first(found->second, holders)});
    }
    return connections;
}

}  // namespace garita::linux_host
