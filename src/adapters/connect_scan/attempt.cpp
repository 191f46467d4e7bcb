#include "adapters/connect_scan/attempt.hpp"

#include <cerrno>
#include <cstring>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include "runtime/sockets/error_queue.hpp"
#include "scan/path_message.hpp"

namespace garita::connect_scan {
namespace {

using Kind = Outcome::Kind;

/// A socket that met itself: where nobody listens on a port of this host that is also a local port.
bool is_itself(int fd, const IpAddress& address, Port port) {
    sockaddr_storage own{};
    socklen_t size = sizeof own;
    return getsockname(fd, reinterpret_cast<sockaddr*>(&own), &size) == 0 && runtime::port_of(own) == port &&
           runtime::address_of(own) == address;
}

/// This host answers itself: in the name of a neighbour that is not there, or as its own firewall.
Outcome told_by_us(const scan::PathMessage& message) {
    const bool v4_host = message.family == IpFamily::v4 && message.type == 3 && message.code == 1;
    const bool v6_host = message.family == IpFamily::v6 && message.type == 1 && message.code == 3;
    if (v4_host || v6_host) return {Kind::no_host, "no host answers for this address on its network"};
    return {Kind::unclear, "this host's own firewall rejects the question"};
}

Outcome told(const scan::PathMessage& message, int fd, const IpAddress& address) {
    if (message.sender != address && runtime::own_address(fd) == message.sender) return told_by_us(message);
    auto meaning = scan::meaning_of(message, address, Transport::tcp);
    switch (meaning.kind) {
        case scan::PathMeaning::Kind::closed:
        case scan::PathMeaning::Kind::forbidden:
            return {Kind::forbidden, {}};
        case scan::PathMeaning::Kind::unclear:
            return {Kind::unclear, std::move(meaning.why)};
        case scan::PathMeaning::Kind::nothing:
            break;
    }
    return {Kind::pending, {}};
}

/// What the network has said, if anything that matters; otherwise `otherwise`.
Outcome told_or(int fd, const IpAddress& address, Outcome otherwise) {
    while (const auto error = runtime::take_path_error(fd)) {
        auto outcome = told({error->family, error->type, error->code, error->sender}, fd, address);
        if (outcome.kind != Kind::pending) return outcome;
    }
    return otherwise;
}

Outcome refused_here(int error) {
    switch (error) {
        case EACCES:
        case EPERM:
            return {Kind::unclear, "this host's own firewall forbids to ask"};
        case ENETUNREACH:
        case ENETDOWN:
        case ENODEV:
            return {Kind::no_way, "no route to its network from here"};
        case EHOSTUNREACH:
            return {Kind::unclear, "no route to the host"};
        case EAFNOSUPPORT:
            return {Kind::unclear, "this host does not speak its family of addresses"};
        default:
            return {Kind::unclear, std::string("connect: ") + std::strerror(error)};
    }
}

Outcome outcome_of(int fd, int error, const IpAddress& address, Port port) {
    switch (error) {
        case 0:
        case EISCONN:
            // asked again, it comes from another port
            if (is_itself(fd, address, port)) return {Kind::no_room, "a local port was in the way"};
            return {Kind::open, {}};
        case EALREADY:
        case EINPROGRESS:
            return {Kind::pending, {}};
        case ECONNREFUSED:
            return told_or(fd, address, {Kind::closed, {}});
        case ETIMEDOUT:
        case ECONNABORTED:
            return told_or(fd, address, {Kind::silent, {}});
        case EADDRNOTAVAIL:
        case EAGAIN:
            return {Kind::no_room, "no local port or address was free"};
        case ENOBUFS:
        case ENOMEM:
            return {Kind::no_room, "the kernel had no memory for it"};
        default:
            return told_or(fd, address, refused_here(error));
    }
}

int connect_once(int fd, const runtime::SocketAddress& to) {
    return connect(fd, to.get(), to.size()) == 0 ? 0 : errno;
}

}  // namespace

bool prepare(int fd, IpFamily family) {
    const linger at_once{1, 0};
    return setsockopt(fd, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once) == 0 &&
           runtime::keep_path_errors(fd, family);
}

Outcome begin(int fd, const IpAddress& address, Port port) {
    const runtime::SocketAddress to(address, port);
    constexpr int most_meetings = 8;
    int error = 0;
    for (int i = 0; i < most_meetings; ++i) {
        error = connect_once(fd, to);
        // The kernel takes in the answer of a near host as it leaves the first call.
        if (error == EINPROGRESS) error = connect_once(fd, to);
        const bool made = error == 0 || error == EISCONN;
        if (!made || !is_itself(fd, address, port) || !reset(fd)) break;
    }
    if (error == EALREADY) return {Kind::pending, {}};
    return outcome_of(fd, error, address, port);
}

Outcome look(int fd, const IpAddress& address, Port port) {
    // first, because connecting again forgets from which address it was
    const auto told = told_or(fd, address, {Kind::pending, {}});
    const int error = connect_once(fd, runtime::SocketAddress(address, port));
    return told.kind != Kind::pending ? told : outcome_of(fd, error, address, port);
}

bool reset(int fd) {
    sockaddr none{};
    none.sa_family = AF_UNSPEC;
    if (connect(fd, &none, sizeof none) != 0) return false;
    while (runtime::take_path_error(fd)) {
    }
    return true;
}

}  // namespace garita::connect_scan
