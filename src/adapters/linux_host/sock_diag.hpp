#pragma once
// The kernel's table of TCP sockets: looking and closing.

#include <cstdint>
#include <functional>
#include <optional>

#include "model/ip.hpp"
#include "model/result.hpp"
#include "runtime/netlink/netlink_socket.hpp"

struct nlmsghdr;

namespace garita::linux_host {

enum class TcpKind {
    listening,
    open,  ///< everything with a peer that can still carry data or is being closed; not TIME-WAIT
};

/// One socket of this network namespace. IPv4 peers of IPv6 sockets are shown as IPv4.
struct TcpSocket {
    IpAddress local;
    IpAddress remote;
    std::uint16_t local_port = 0;
    std::uint16_t remote_port = 0;
    std::uint32_t inode = 0;  ///< 0: no process holds it any more, or not yet
    /// How the kernel names it, so that no later socket with the same ports is meant.
    struct Identity {
        std::uint8_t family = 0;
        std::uint32_t interface = 0;
        std::uint32_t cookie[2] = {0, 0};
        std::uint32_t source[4] = {0, 0, 0, 0};
        std::uint32_t destination[4] = {0, 0, 0, 0};
    } identity;
};

/// The socket that one answer of the kernel tells of; nothing when the answer is too short.
[[nodiscard]] std::optional<TcpSocket> parse_tcp_socket(const nlmsghdr& message);

enum class Destroyed { yes, was_gone };

class SockDiag {
  public:
    [[nodiscard]] static Result<SockDiag> open();

    /// Every TCP socket of the kind, both families.
    [[nodiscard]] Result<void> each(TcpKind kind, const std::function<void(const TcpSocket&)>& visit);

    /// Ends the connection: a reset to the peer, ECONNABORTED to the process. Needs CAP_NET_ADMIN.
    [[nodiscard]] Result<Destroyed> destroy(const TcpSocket& socket);

  private:
    explicit SockDiag(runtime::NetlinkSocket socket) : socket_(std::move(socket)) {}
    [[nodiscard]] Result<void> each_of(std::uint8_t family, TcpKind kind,
                                       const std::function<void(const TcpSocket&)>& visit);
    runtime::NetlinkSocket socket_;
};

}  // namespace garita::linux_host
