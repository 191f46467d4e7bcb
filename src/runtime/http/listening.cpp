#include "runtime/http/listening.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <unistd.h>
#include <utility>

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

namespace garita::runtime::http {
namespace {

constexpr int backlog = 1024;

struct SocketAddress {
    sockaddr_storage storage{};
    socklen_t size = 0;

    [[nodiscard]] const sockaddr* get() const { return reinterpret_cast<const sockaddr*>(&storage); }
};

std::optional<SocketAddress> tcp_address(const std::string& text, std::uint16_t port) {
    SocketAddress address;
    sockaddr_in v4{};
    sockaddr_in6 v6{};
    if (inet_pton(AF_INET, text.c_str(), &v4.sin_addr) == 1) {
        v4.sin_family = AF_INET;
        v4.sin_port = htons(port);
        std::memcpy(&address.storage, &v4, sizeof v4);
        address.size = sizeof v4;
    } else if (inet_pton(AF_INET6, text.c_str(), &v6.sin6_addr) == 1) {
        v6.sin6_family = AF_INET6;
        v6.sin6_port = htons(port);
        std::memcpy(&address.storage, &v6, sizeof v6);
        address.size = sizeof v6;
    } else {
        return std::nullopt;
    }
    return address;
}

std::optional<SocketAddress> unix_address(const std::string& path) {
    sockaddr_un local{};
    if (path.empty() || path.size() >= sizeof local.sun_path) return std::nullopt;
    local.sun_family = AF_UNIX;
    std::memcpy(local.sun_path, path.c_str(), path.size() + 1);
    SocketAddress address;
    std::memcpy(&address.storage, &local, sizeof local);
    address.size = sizeof local;
    return address;
}

tl::unexpected<Error> cannot_listen(const std::string& where) {
    return fail(ErrorCode::io, fmt::format("cannot listen on {}: {}", where, std::strerror(errno)));
}

/// Removes a socket file left by a server that was killed. One that is served is left, and bind() will say
/// so.
void remove_stale(const std::string& path, const SocketAddress& address) {
    struct stat file {};
    if (::lstat(path.c_str(), &file) != 0 || !S_ISSOCK(file.st_mode)) return;
    const Descriptor probe(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (probe.get() < 0) return;
    if (::connect(probe.get(), address.get(), address.size) != 0 && errno == ECONNREFUSED)
        ::unlink(path.c_str());
}

std::string address_text(const sockaddr_storage& storage) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (storage.ss_family == AF_INET) {
        sockaddr_in v4{};
        std::memcpy(&v4, &storage, sizeof v4);
        inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
    } else if (storage.ss_family == AF_INET6) {
        sockaddr_in6 v6{};
        std::memcpy(&v6, &storage, sizeof v6);
        const bool mapped = IN6_IS_ADDR_V4MAPPED(&v6.sin6_addr);
        if (mapped) inet_ntop(AF_INET, &v6.sin6_addr.s6_addr[12], text.data(), text.size());
        if (!mapped) inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
    }
    return text.data();
}

}  // namespace

Result<Descriptor> listen_tcp(const std::string& address, std::uint16_t port) {
    const auto where = fmt::format("{} port {}", address, port);
    const auto name = tcp_address(address, port);
    if (!name) return fail(ErrorCode::invalid, "cannot listen on " + where + ": not an IP address");
    Descriptor listener(::socket(name->storage.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (listener.get() < 0) return cannot_listen(where);
    const int on = 1;
    const int off = 0;
    ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (name->storage.ss_family == AF_INET6)
        ::setsockopt(listener.get(), IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    // inherited by accepted sockets: a peer that vanished is found out although nothing is being sent
    ::setsockopt(listener.get(), SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(listener.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    const int idle_seconds = 60;
    const int interval_seconds = 10;
    const int probes = 3;
    ::setsockopt(listener.get(), IPPROTO_TCP, TCP_KEEPIDLE, &idle_seconds, sizeof idle_seconds);
    ::setsockopt(listener.get(), IPPROTO_TCP, TCP_KEEPINTVL, &interval_seconds, sizeof interval_seconds);
    ::setsockopt(listener.get(), IPPROTO_TCP, TCP_KEEPCNT, &probes, sizeof probes);
    if (::bind(listener.get(), name->get(), name->size) != 0 || ::listen(listener.get(), backlog) != 0) {
        return cannot_listen(where);
    }
    return listener;
}

Result<Descriptor> listen_unix(const UnixEndpoint& endpoint) {
    const auto name = unix_address(endpoint.path);
    if (!name) {
        return fail(ErrorCode::invalid,
                    "cannot listen on \"" + endpoint.path + "\": the path is empty or too long");
    }
    Descriptor listener(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (listener.get() < 0) return cannot_listen(endpoint.path);
    remove_stale(endpoint.path, *name);
    // Linux takes the file's first mode from the socket's: it is never open wider than asked for, not even
    // for a moment
    ::fchmod(listener.get(), endpoint.mode & 0600U);
    if (::bind(listener.get(), name->get(), name->size) != 0) return cannot_listen(endpoint.path);
    const bool owned =
        !endpoint.group || ::chown(endpoint.path.c_str(), static_cast<uid_t>(-1), *endpoint.group) == 0;
    if (!owned || ::chmod(endpoint.path.c_str(), endpoint.mode) != 0 ||
        ::listen(listener.get(), backlog) != 0) {
        auto failure = cannot_listen(endpoint.path);
        ::unlink(endpoint.path.c_str());
        return failure;
    }
    return listener;
}

std::uint16_t bound_port(int fd) {
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
    sockaddr_in6 v6{};
    std::memcpy(&v6, &storage, sizeof v6);  // IPv4 has its port at the same place
    return storage.ss_family == AF_INET || storage.ss_family == AF_INET6 ? ntohs(v6.sin6_port)
                                                                         : std::uint16_t{0};
}

Peer identify_peer(int fd, PeerKind kind) {
    Peer peer;
    peer.kind = kind;
    if (kind == PeerKind::unix_socket) {
        // where the kernel does not tell, nobody is the one who may do nothing
        ucred credentials{0, static_cast<uid_t>(-1), static_cast<gid_t>(-1)};
        socklen_t size = sizeof credentials;
        ::getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &credentials, &size);
        peer.uid = credentials.uid;
        peer.gid = credentials.gid;
        peer.pid = credentials.pid;
        return peer;
    }
    sockaddr_storage storage{};
    socklen_t size = sizeof storage;
    if (::getpeername(fd, reinterpret_cast<sockaddr*>(&storage), &size) == 0)
        peer.address = address_text(storage);
    return peer;
}

}  // namespace garita::runtime::http
