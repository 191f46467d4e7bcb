#pragma once
// This host's own addresses and what it depends on.

#include <string>
#include <string_view>
#include <vector>

#include "enforce/local_network.hpp"

namespace garita::linux_host {

/// The name servers in a resolv.conf; zones ("fe80::1%eth0") are cut off, what is no address is passed over.
[[nodiscard]] std::vector<IpAddress> parse_resolvers(std::string_view resolv_conf);

/// Reads the network namespace of the calling thread.
class LocalNetworks final : public enforce::LocalNetworks {
  public:
    /// The second file is where systemd-resolved names the servers behind its own local address.
    explicit LocalNetworks(std::vector<std::string> resolver_files = {"/etc/resolv.conf",
                                                                      "/run/systemd/resolve/resolv.conf"})
        : resolver_files_(std::move(resolver_files)) {}

    Result<std::vector<enforce::LocalNetwork>> protected_networks() override;

  private:
    std::vector<std::string> resolver_files_;
};

}  // namespace garita::linux_host
