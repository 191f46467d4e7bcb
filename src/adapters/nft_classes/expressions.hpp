#pragma once
// Expressions that the rules of all classes have in common.

#include <functional>

#include <libmnl/libmnl.h>

#include "adapters/nft_classes/layout.hpp"
#include "adapters/nft_classes/structure.hpp"

namespace garita::nft_classes {

using Expressions = std::function<void(nlmsghdr*)>;

/// Only packets of this side of the subscribers' interface; all where there is none, or where a mark is
/// wanted before it is known where the packet leaves.
void put_interface(nlmsghdr* rule, const NftClass& of, Side side);
/// The packet's address, cut to the layer's prefix.
void put_address(nlmsghdr* rule, const Layer& layer, Side side, std::uint32_t to);
/// To the chain of the address's shard.
void put_dispatch(nlmsghdr* rule, const NftClass& of, const Layer& layer, Side side, unsigned shards);
/// Goes on if the address is in this set; of a map, what it says goes to register 1.
void put_entry(nlmsghdr* rule, const NftClass& of, const Layer& layer, Side side, unsigned shard);
void put_drop(nlmsghdr* rule);
/// Drops what is of the family.
void put_family_drop(nlmsghdr* rule, IpFamily family);
[[nodiscard]] constexpr unsigned version(IpFamily family) {
    return family == IpFamily::v4 ? 4 : 6;
}

/// The chains and rules of networks.
[[nodiscard]] std::vector<ChainText> network_chains(const NftClass& of, const Layout& layout);
[[nodiscard]] std::vector<RuleText> network_rules(const NftClass& of, const Layout& layout);

}  // namespace garita::nft_classes
