#pragma once
// Which way the kernel would send packets to an address.

#include <cstdint>
#include <optional>
#include <string>

#include "adapters/syn_scan/frame.hpp"
#include "model/ip.hpp"
#include "model/result.hpp"
#include "runtime/netlink/netlink_socket.hpp"

struct nlmsghdr;

namespace garita::syn_scan {

struct Route {
    enum class Kind : std::uint8_t {
        away,  ///< by an interface
        own,   ///< this host itself
        none,  ///< no packet can go there
    };
    Kind kind = Kind::none;
    int interface = 0;
    std::optional<IpAddress> gateway;
    IpAddress own;    ///< the address to send from
    std::string why;  ///< of none
};

/// Asks the kernel's tables, in the network namespace of the thread that opened it.
class Routes {
  public:
    [[nodiscard]] static Result<Routes> open();
    [[nodiscard]] Result<Route> to(const IpAddress& address);

  private:
    explicit Routes(runtime::NetlinkSocket socket) : socket_(std::move(socket)) {}
    runtime::NetlinkSocket socket_;
};

/// The kernel's answer, as far as it is one.
[[nodiscard]] std::optional<Route> parse_route(const nlmsghdr& message);

struct Interface {
    int index = 0;
    std::string name;
    LinkHeader header = LinkHeader::ethernet;
    bool asks_neighbours = true;  ///< no: there is only one at the other end
    MacAddress mac{};
};

/// Fails where packets cannot be sent by it, such as loopback.
[[nodiscard]] Result<Interface> interface_of(int index);
/// Why nothing can be sent by it any more, as people say it: "eth0 is down". `error`: what the system said.
[[nodiscard]] std::string trouble_of(const Interface& interface, int error);

}  // namespace garita::syn_scan
