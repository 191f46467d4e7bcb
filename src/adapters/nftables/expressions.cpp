#include "adapters/nftables/expressions.hpp"

#include <array>
#include <cstdint>
#include <span>

#include <linux/netfilter.h>

#include "runtime/nft/expressions.hpp"

namespace garita::nftables {

using namespace runtime::nft;

namespace {

void put_source_address(nlmsghdr* message, const Layer& layer) {
    const bool v4 = layer.family == IpFamily::v4;
    put_family(message, v4 ? 4 : 6);
    put_payload(message, NFT_PAYLOAD_NETWORK_HEADER, v4 ? 12 : 8,
                static_cast<std::uint32_t>(layer.key_size()), NFT_REG_1);
}

void put_prefix(nlmsghdr* message, const Layer& layer) {
    std::array<std::uint8_t, 16> mask{};
    for (unsigned bit = 0; bit < layer.prefix; ++bit)
        mask[bit / 8] = static_cast<std::uint8_t>(mask[bit / 8] | (0x80U >> (bit % 8)));
    put_mask(message, std::span(mask).first(layer.key_size()), NFT_REG_1);
}

}  // namespace

void put_loopback_expressions(nlmsghdr* rule) {
    // The loopback interface is number 1 in every network namespace.
    const std::uint32_t loopback_index = 1;
    const Nest expressions(rule, NFTA_RULE_EXPRESSIONS);
    put_meta_equals(rule, NFT_META_IIF,
                    {reinterpret_cast<const std::uint8_t*>(&loopback_index), sizeof loopback_index});
    put_verdict(rule, NF_ACCEPT);
}

void put_layer_expressions(nlmsghdr* rule, const Layer& layer) {
    const Nest expressions(rule, NFTA_RULE_EXPRESSIONS);
    put_source_address(rule, layer);
    if (!layer.is_hosts()) put_prefix(rule, layer);
    put_lookup(rule, set_name(layer).c_str(), NFT_REG_1);
    put_counter(rule);
    put_verdict(rule, NF_DROP);
}

}  // namespace garita::nftables
