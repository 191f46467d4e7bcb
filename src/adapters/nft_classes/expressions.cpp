#include "adapters/nft_classes/expressions.hpp"

#include <algorithm>
#include <array>

#include <linux/netfilter.h>

#include "runtime/nft/expressions.hpp"

namespace garita::nft_classes {

using namespace runtime::nft;

void put_interface(nlmsghdr* rule, const NftClass& of, Side side) {
    if (of.interface.empty() || (of.effect == Effect::mark && side == Side::destination)) return;
    std::array<std::uint8_t, 16> name{};
    std::copy_n(of.interface.begin(), std::min(of.interface.size(), name.size() - 1), name.begin());
    put_meta_equals(rule, side == Side::source ? NFT_META_IIFNAME : NFT_META_OIFNAME, name);
}

void put_address(nlmsghdr* rule, const Layer& layer, Side side, std::uint32_t to) {
    const std::uint32_t source = layer.family() == IpFamily::v4 ? 12 : 8;
    const auto size = static_cast<std::uint32_t>(layer.size());
    put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, side == Side::source ? source : source + size, size, to);
    if (!layer.is_cut()) return;
    const auto mask = prefix_mask(layer);
    put_mask(rule, std::span(mask).first(layer.size()), to);
}

void put_dispatch(nlmsghdr* rule, const NftClass& of, const Layer& layer, Side side, unsigned shards) {
    put_address(rule, layer, side, NFT_REG_1);
    put_hash(rule, static_cast<std::uint32_t>(layer.size()), shards, shard_seed, NFT_REG_1);
    put_lookup(rule, dispatch_name(of, layer, side).c_str(), NFT_REG_1, NFT_REG_VERDICT);
}

void put_entry(nlmsghdr* rule, const NftClass& of, const Layer& layer, Side side, unsigned shard) {
    put_address(rule, layer, side, NFT_REG_1);
    std::optional<std::uint32_t> to;
    if (of.is_map()) to = NFT_REG_1;
    put_lookup(rule, set_name(of, layer, shard).c_str(), NFT_REG_1, to);
}

void put_drop(nlmsghdr* rule) {
    put_counter(rule);
    put_verdict(rule, NF_DROP);
}

void put_family_drop(nlmsghdr* rule, IpFamily family) {
    put_family(rule, version(family));
    put_drop(rule);
}

}  // namespace garita::nft_classes
