#pragma once
// The kernel's table of tracked connections: of this host, and of those that it forwards.

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "model/ip.hpp"
#include "model/result.hpp"
#include "runtime/netlink/netlink_socket.hpp"

struct nlmsghdr;

namespace garita::linux_host {

/// One tracked connection, as its first packet went.
struct TrackedConnection {
    IpAddress source;
    IpAddress destination;
    std::uint8_t protocol = 0;
    std::uint16_t source_port = 0;  ///< 0 where the protocol has none
    std::uint16_t destination_port = 0;
    std::vector<std::byte> key;  ///< the kernel's own naming of it, for `forget`
};

/// The connection that one answer of the kernel tells of; nothing when it has no two addresses.
[[nodiscard]] std::optional<TrackedConnection> parse_tracked_connection(const nlmsghdr& message);

class Conntrack {
  public:
    /// Nothing where the kernel does not track connections in this namespace; asking does not load the
    /// module.
    [[nodiscard]] static Result<std::optional<Conntrack>> open();

    [[nodiscard]] Result<void> each(const std::function<void(TrackedConnection)>& visit);

    enum class Forgotten { yes, was_gone };
    [[nodiscard]] Result<Forgotten> forget(const TrackedConnection& connection);

  private:
    explicit Conntrack(runtime::NetlinkSocket socket) : socket_(std::move(socket)) {}
    runtime::NetlinkSocket socket_;
};

}  // namespace garita::linux_host
