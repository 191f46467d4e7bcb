#include "adapters/udp_scan/udp_sockets.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>

#include <sys/epoll.h>
#include <sys/socket.h>

#include "runtime/sockets/socket_address.hpp"

namespace garita::udp_scan {
namespace {

using Kind = UdpSockets::Sent::Kind;

UdpSockets::Sent not_sent(int error) {
    switch (error) {
        case EAGAIN:
        case ENOBUFS:
        case ENOMEM:
        case EADDRNOTAVAIL:
        case ECONNREFUSED:
            return {Kind::no_room, std::strerror(error)};
        case EACCES:
        case EPERM:
            return {Kind::never, "this host's own firewall, or a broadcast address, forbids to ask"};
        case ENETUNREACH:
        case ENETDOWN:
        case ENODEV:
            return {Kind::no_way, "no route to its network from here"};
        case EHOSTUNREACH:
            return {Kind::never, "no route to the host"};
        default:
            return {Kind::never, std::string("sendto: ") + std::strerror(error)};
    }
}

runtime::Descriptor make_socket(IpFamily family) {
    runtime::Descriptor made(
        socket(runtime::address_family(family), SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, IPPROTO_UDP));
    if (!made.is_open() || !runtime::keep_path_errors(made.get(), family)) return {};
    const int room = 4 << 20;  // answers and ICMP messages wait in it; the kernel cuts it to what it allows
    setsockopt(made.get(), SOL_SOCKET, SO_RCVBUF, &room, sizeof room);
    return made;
}

}  // namespace

Result<UdpSockets> UdpSockets::open() {
    runtime::Descriptor epoll(epoll_create1(EPOLL_CLOEXEC));
    if (!epoll.is_open())
        return fail(ErrorCode::full, std::string("cannot scan: epoll: ") + std::strerror(errno),
                    Retry::later);
    return UdpSockets(std::move(epoll));
}

Result<int> UdpSockets::socket_for(IpFamily family, std::uint8_t attempt) {
    const std::size_t place =
        (std::clamp<std::size_t>(attempt, 1, attempts) - 1) * 2 + (family == IpFamily::v6 ? 1 : 0);
    auto& found = sockets_[place];
    if (found.is_open()) return found.get();
    found = make_socket(family);
    epoll_event event{};
    event.events = EPOLLIN;
    event.data.u32 = static_cast<std::uint32_t>(place);
    if (!found.is_open() || epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, found.get(), &event) != 0) {
        const int error = errno;
        (void)found.reset();
        return fail(error == EAFNOSUPPORT ? ErrorCode::invalid : ErrorCode::full,
                    std::string("socket: ") + std::strerror(error));
    }
    return found.get();
}

UdpSockets::Sent UdpSockets::send(const IpAddress& to, Port port, std::uint8_t attempt,
                                  std::string_view payload) {
    const auto fd = socket_for(to.family(), attempt);
    if (!fd) return {fd.error().code == ErrorCode::invalid ? Kind::never : Kind::no_room, fd.error().text};
    const runtime::SocketAddress address(to, port);
    // An ICMP message about an earlier datagram makes this call fail once; it stays in the queue.
    constexpr int most_told = 32;
    int error = 0;
    for (int i = 0; i < most_told; ++i) {
        if (sendto(*fd, payload.data(), payload.size(), 0, address.get(), address.size()) >= 0) return {};
        error = errno;
        if (error != ECONNREFUSED && error != EHOSTUNREACH && error != ENETUNREACH && error != EACCES &&
            error != ENOPROTOOPT)
            break;
    }
    return not_sent(error);
}

void UdpSockets::receive(Duration wait, const std::function<void(const Heard&)>& take) {
    std::array<epoll_event, attempts * 2> events{};
    const auto whole = std::chrono::ceil<std::chrono::milliseconds>(std::max(wait, Duration::zero()));
    const int count = epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()),
                                 static_cast<int>(whole.count()));
    for (int i = 0; i < count; ++i)
        drain(events[static_cast<std::size_t>(i)].data.u32, take);
}

void UdpSockets::drain(std::uint32_t place, const std::function<void(const Heard&)>& take) {
    const int fd = sockets_[place].get();
    const auto attempt = static_cast<std::uint8_t>(place / 2 + 1);
    while (auto error = runtime::take_path_error(fd))
        take({attempt, error->destination, error->port, error});
    constexpr int most_errors = 64;
    for (int errors = 0; errors < most_errors;) {
        char byte = 0;  // that it speaks is all there is to know here
        sockaddr_storage from{};
        socklen_t size = sizeof from;
        if (recvfrom(fd, &byte, sizeof byte, 0, reinterpret_cast<sockaddr*>(&from), &size) >= 0) {
            if (const auto address = runtime::address_of(from))
                take({attempt, *address, runtime::port_of(from), std::nullopt});
            continue;
        }
        if (errno == EAGAIN) return;
        ++errors;  // told of an ICMP message, which is in the queue
    }
}

}  // namespace garita::udp_scan
