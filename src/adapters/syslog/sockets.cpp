#include "adapters/syslog/sockets.hpp"

#include <cerrno>
#include <cstring>

#include <fmt/format.h>
#include <sys/socket.h>

#include "runtime/sockets/socket_address.hpp"

namespace garita::syslog {
namespace {

void set(int fd, int level, int option, int value) {
    ::setsockopt(fd, level, option, &value, sizeof(value));
}

tl::unexpected<Error> failed(const Listen& listen) {
    return fail(ErrorCode::unavailable,
                fmt::format("cannot receive syslog at {} port {}: {}", listen.address.text(), listen.port,
                            std::strerror(errno)),
                Retry::later);
}

}  // namespace

Result<runtime::Descriptor> open_socket(const Listen& listen, int receive_buffer) {
    const auto is_udp = listen.transport == Listen::Transport::udp;
    const auto type = (is_udp ? SOCK_DGRAM : SOCK_STREAM) | SOCK_NONBLOCK | SOCK_CLOEXEC;
    runtime::Descriptor socket(::socket(runtime::address_family(listen.address.family()), type, 0));
    if (!socket.is_open()) return failed(listen);
    if (listen.address.family() == IpFamily::v6) set(socket.get(), IPPROTO_IPV6, IPV6_V6ONLY, 1);
    if (is_udp) {
        set(socket.get(), SOL_SOCKET, SO_RXQ_OVFL, 1);
        set(socket.get(), SOL_SOCKET, SO_RCVBUF, receive_buffer);
        set(socket.get(), SOL_SOCKET, SO_RCVBUFFORCE, receive_buffer);  // where we may
    } else {
        set(socket.get(), SOL_SOCKET, SO_REUSEADDR, 1);
    }
    const runtime::SocketAddress address(listen.address, listen.port);
    if (::bind(socket.get(), address.get(), address.size()) != 0) return failed(listen);
    if (!is_udp && ::listen(socket.get(), 128) != 0) return failed(listen);
    return socket;
}

std::uint16_t bound_port(int fd) {
    sockaddr_storage storage{};
    socklen_t size = sizeof(storage);
    if (::getsockname(fd, reinterpret_cast<sockaddr*>(&storage), &size) != 0) return 0;
    return runtime::port_of(storage);
}

}  // namespace garita::syslog
