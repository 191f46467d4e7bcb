#include "model/protected_set.hpp"

#include <utility>

namespace garita {

ProtectedSet::ProtectedSet() {
    const IpAddress v6_any = IpAddress::from_v6({});
    auto v6_loopback = v6_any.bytes();
    v6_loopback[15] = 1;
    add(IpNetwork(IpAddress::from_v4({127, 0, 0, 0}), 8), "loopback");
    add(IpNetwork(IpAddress::from_v6(v6_loopback)), "loopback");
    add(IpNetwork(IpAddress{}), "the unspecified address");
    add(IpNetwork(v6_any), "the unspecified address");
}

void ProtectedSet::add(const IpNetwork& network, std::string why) {
    networks_.emplace(network, std::move(why));
    lengths_.insert(network.prefix());
}

std::optional<ProtectedSet::Hit> ProtectedSet::hit_by(const IpNetwork& network) const {
    for (const unsigned length : lengths_) {
        if (length > network.prefix()) break;
        if (const auto outer = networks_.find(IpNetwork(network.address(), length)); outer != networks_.end())
            return Hit{outer->first, outer->second};
    }
    // ordered by address, then by length: if any protected network lies inside, the first one from here on
    // does
    const auto inner = networks_.lower_bound(network);
    if (inner != networks_.end() && network.contains(inner->first)) return Hit{inner->first, inner->second};
    return std::nullopt;
}

}  // namespace garita
