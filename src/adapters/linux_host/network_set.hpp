#pragma once
// Whether an address lies in any of many networks, at the price of one look-up for each prefix length in use.

#include <bitset>
#include <span>
#include <unordered_set>

#include "model/ip.hpp"

namespace garita::linux_host {

class NetworkSet {
  public:
    explicit NetworkSet(std::span<const IpNetwork> networks) : networks_(networks.begin(), networks.end()) {
        for (const auto& network : networks)
            lengths(network.address()).set(network.prefix());
    }

    [[nodiscard]] bool contains(const IpAddress& address) const {
        const auto& used = address.is_v4() ? lengths4_ : lengths6_;
        for (unsigned prefix = 0; prefix <= address.bits(); ++prefix)
            if (used.test(prefix) && networks_.contains(IpNetwork(address, prefix))) return true;
        return false;
    }

  private:
    using Lengths = std::bitset<129>;
    Lengths& lengths(const IpAddress& address) { return address.is_v4() ? lengths4_ : lengths6_; }

    std::unordered_set<IpNetwork> networks_;
    Lengths lengths4_;
    Lengths lengths6_;
};

}  // namespace garita::linux_host
