#include "adapters/linux_host/connection_cutter.hpp"

#include <optional>
#include <set>
#include <tuple>
#include <vector>

#include <netinet/in.h>

#include "adapters/linux_host/conntrack.hpp"
#include "adapters/linux_host/network_set.hpp"
#include "adapters/linux_host/sock_diag.hpp"

namespace garita::linux_host {
namespace {

/// What makes two sightings of a connection one: protocol, remote side, local side.
using Seen = std::set<std::tuple<std::uint8_t, IpAddress, std::uint16_t, IpAddress, std::uint16_t>>;

Result<void> cut_sockets(const NetworkSet& networks, Seen& cut, std::optional<Error>& problem) {
    auto table = SockDiag::open();
    if (!table) return tl::unexpected(table.error());
    std::vector<TcpSocket> hit;
    const auto visit = [&](const TcpSocket& socket) {
        if (networks.contains(socket.remote)) hit.push_back(socket);
    };
    if (auto read = table->each(TcpKind::open, visit); !read) return read;
    for (const auto& socket : hit) {
        const auto destroyed = table->destroy(socket);
        if (!destroyed)
            problem = destroyed.error();
        else if (*destroyed == Destroyed::yes)
            cut.emplace(IPPROTO_TCP, socket.remote, socket.remote_port, socket.local, socket.local_port);
    }
    return {};
}

Result<void> cut_tracked(const NetworkSet& networks, Seen& cut, std::optional<Error>& problem) {
    auto table = Conntrack::open();
    if (!table) return tl::unexpected(table.error());
    if (!*table) return {};
    std::vector<TrackedConnection> hit;
    const auto visit = [&](TrackedConnection connection) {
        if (networks.contains(connection.source) || networks.contains(connection.destination))
            hit.push_back(std::move(connection));
    };
    if (auto read = (*table)->each(visit); !read) return read;
    for (const auto& connection : hit) {
        const auto forgotten = (*table)->forget(connection);
        if (!forgotten) {
            problem = forgotten.error();
            continue;
        }
        if (*forgotten == Conntrack::Forgotten::was_gone) continue;
        const auto& c = connection;
        if (networks.contains(c.source))
            cut.emplace(c.protocol, c.source, c.source_port, c.destination, c.destination_port);
        else
            cut.emplace(c.protocol, c.destination, c.destination_port, c.source, c.source_port);
    }
    return {};
}

}  // namespace

Result<std::uint64_t> ConnectionCutter::cut(std::span<const IpNetwork> networks) {
    if (networks.empty()) return std::uint64_t{0};
    const NetworkSet set(networks);
    Seen seen;
    std::optional<Error> problem;
    // Tracked ones are forgotten even where sockets cannot be ended, and the other way round.
    const auto sockets = cut_sockets(set, seen, problem);
    const auto tracked = cut_tracked(set, seen, problem);
    if (!sockets) return tl::unexpected(sockets.error());
    if (!tracked) return tl::unexpected(tracked.error());
    if (problem) return tl::unexpected(*problem);
    return seen.size();
}

}  // namespace garita::linux_host
