#pragma once
// This host's own addresses and what it depends on.

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "enforce/local_network.hpp"
#include "runtime/netlink/netlink_socket.hpp"

struct nlmsghdr;

namespace garita::linux_host {

/// The name servers in a resolv.conf; zones ("fe80::1%eth0") are cut off, what is no address is passed over.
[[nodiscard]] std::vector<IpAddress> parse_resolvers(std::string_view resolv_conf);

/// The gateways of one answer of the kernel; none when it tells of anything but a default route.
[[nodiscard]] std::vector<IpAddress> parse_default_route(const nlmsghdr& message);

/// Of the network namespace of the thread that asks first; any thread may ask. Addresses and routes are read
/// again only after the kernel has told of a change in them, and it tells before the change is complete: the
/// answer is as fresh as a new reading. The resolvers' files are read each time.
class LocalNetworks final : public enforce::LocalNetworks {
  public:
    /// The second file is where systemd-resolved names the servers behind its own local address.
    explicit LocalNetworks(std::vector<std::string> resolver_files = {"/etc/resolv.conf",
                                                                      "/run/systemd/resolve/resolv.conf"})
        : resolver_files_(std::move(resolver_files)) {}

    Result<std::vector<enforce::LocalNetwork>> protected_networks() override;

  private:
    [[nodiscard]] Result<void> look();

    std::vector<std::string> resolver_files_;
    std::mutex mutex_;
    std::optional<runtime::NetlinkSocket> changes_;
    bool known_ = false;  ///< own_ and gateways_ are as of the last notice
    std::vector<IpAddress> own_;
    std::vector<IpAddress> gateways_;
};

}  // namespace garita::linux_host
