#pragma once
// What a host must never cut itself off from, asked each time, because addresses and routes change.

#include <vector>

#include "model/ip.hpp"
#include "model/result.hpp"

namespace garita::enforce {

enum class LocalRole { loopback, own_address, gateway, resolver };

struct LocalNetwork {
    IpNetwork network;
    LocalRole role = LocalRole::own_address;
    friend bool operator==(const LocalNetwork&, const LocalNetwork&) = default;
};

class LocalNetworks {
  public:
    LocalNetworks() = default;
    LocalNetworks(const LocalNetworks&) = delete;
    LocalNetworks& operator=(const LocalNetworks&) = delete;
    virtual ~LocalNetworks() = default;

    /// Loopback, the host's own addresses, its default gateways and its name servers, each once.
    [[nodiscard]] virtual Result<std::vector<LocalNetwork>> protected_networks() = 0;
};

}  // namespace garita::enforce
