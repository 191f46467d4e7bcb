#include "runtime/http/silence.hpp"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <sys/socket.h>

namespace garita::runtime::http {
namespace {

constexpr int quiet_before_probe = 10;  // seconds
constexpr int between_probes = 5;
constexpr int probes = 3;
static_assert(quiet_before_probe + probes * between_probes == longest_silence.count());
// of what was sent and not acknowledged; a moment less, so that the last probe's timer finds it over
constexpr int unacknowledged = (static_cast<int>(longest_silence.count()) - 1) * 1000;

void set(int socket, int level, int option, int value) {
    (void)setsockopt(socket, level, option, &value, sizeof value);
}

}  // namespace

void watch_for_silence(int socket) {
    set(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
    set(socket, IPPROTO_TCP, TCP_KEEPIDLE, quiet_before_probe);
    set(socket, IPPROTO_TCP, TCP_KEEPINTVL, between_probes);
    set(socket, IPPROTO_TCP, TCP_KEEPCNT, probes);
    set(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, unacknowledged);
}

std::optional<std::chrono::milliseconds> silent_for(int socket) {
    tcp_info info{};
    socklen_t size = sizeof info;
    if (getsockopt(socket, IPPROTO_TCP, TCP_INFO, &info, &size) != 0 || info.tcpi_bytes_acked == 0)
        return std::nullopt;
    return std::chrono::milliseconds(info.tcpi_last_ack_recv);
}

}  // namespace garita::runtime::http
