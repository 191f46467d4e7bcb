#include "runtime/shell/connected_socket.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <poll.h>

#include <netinet/tcp.h>
#include <sys/socket.h>

#include "model/ip.hpp"
#include "runtime/sockets/socket_address.hpp"

namespace garita::runtime {
namespace {

tl::unexpected<Error> away(const std::string& why) {
    return fail(ErrorCode::unavailable, why, Retry::later);
}

}  // namespace

bool ready_within(int fd, short events, Duration within) {
    using std::chrono::steady_clock;
    const auto until = steady_clock::now() + within;
    while (true) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
        pollfd poll_fd{fd, events, 0};
        const int ready = ::poll(&poll_fd, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 1'000'000)));
        if (ready > 0) return true;
        if (ready == 0 || errno != EINTR) return false;
    }
}

Result<Descriptor> connect_within(const std::string& address, std::uint16_t port, Duration within) {
    const auto ip = IpAddress::parse(address);
    if (!ip) return fail(ErrorCode::invalid, "'" + address + "' is no IP address");
    const SocketAddress to(*ip, port);
    Descriptor fd(::socket(to.get()->sa_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd.is_open())
        return fail(ErrorCode::io, std::string("no socket: ") + std::strerror(errno), Retry::later);
    const int on = 1;
    (void)::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(fd.get(), to.get(), to.size()) == 0) return fd;
    if (errno != EINPROGRESS) return away(std::strerror(errno));
    if (!ready_within(fd.get(), POLLOUT, within)) return away("no answer to the connection");
    int error = 0;
    socklen_t size = sizeof error;
    if (::getsockopt(fd.get(), SOL_SOCKET, SO_ERROR, &error, &size) != 0) error = errno;
    if (error == ECONNREFUSED)
        return away("the connection is refused: nothing listens there, or all lines of the switch are taken");
    if (error != 0) return away(std::strerror(error));
    return fd;
}

}  // namespace garita::runtime
