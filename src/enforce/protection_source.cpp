#include "enforce/protection_source.hpp"

namespace garita::enforce {

std::string_view in_words(LocalRole role) {
    switch (role) {
        case LocalRole::loopback:
            return "loopback";
        case LocalRole::own_address:
            return "an address of this host";
        case LocalRole::gateway:
            return "gateway of this host";
        case LocalRole::resolver:
            return "name server of this host";
    }
    return "of this host";
}

Result<ProtectedSet> HostProtection::protected_now() {
    auto local = local_.protected_networks();
    if (!local) return tl::unexpected(local.error());
    ProtectedSet set;
    for (const auto& [network, role] : *local)
        set.add(network, std::string(in_words(role)));
    for (const auto& network : configured_)
        set.add(network, "protected by the agent's configuration");
    if (hub_)
        for (const auto& address : hub_())
            set.add(IpNetwork(address), "the hub");
    return set;
}

}  // namespace garita::enforce
