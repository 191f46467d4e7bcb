#include "adapters/nftables/expressions.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <vector>

#include <arpa/inet.h>
#include <libmnl/libmnl.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netlink.h>

namespace garita::nftables {
namespace {

/// A nested attribute that is closed at the end of its scope.
class Nest {
  public:
    Nest(nlmsghdr* message, std::uint16_t type)
        : message_(message), start_(mnl_attr_nest_start(message, type)) {}
    ~Nest() { mnl_attr_nest_end(message_, start_); }
    Nest(const Nest&) = delete;
    Nest& operator=(const Nest&) = delete;

  private:
    nlmsghdr* message_;
    nlattr* start_;
};

void put_be32(nlmsghdr* message, std::uint16_t type, std::uint32_t value) {
    mnl_attr_put_u32(message, type, htonl(value));
}

void put_value(nlmsghdr* message, std::uint16_t type, const void* value, std::size_t size) {
    const Nest data(message, type);
    mnl_attr_put(message, NFTA_DATA_VALUE, size, value);
}

/// An expression of this name; `fill` writes its attributes.
template <typename Fill>
void put_expression(nlmsghdr* message, const char* name, Fill fill) {
    const Nest element(message, NFTA_LIST_ELEM);
    mnl_attr_put_strz(message, NFTA_EXPR_NAME, name);
    const Nest data(message, NFTA_EXPR_DATA);
    fill();
}

void put_meta_equals(nlmsghdr* message, std::uint32_t key, const void* value, std::size_t size) {
    put_expression(message, "meta", [&] {
        put_be32(message, NFTA_META_DREG, NFT_REG_1);
        put_be32(message, NFTA_META_KEY, key);
    });
    put_expression(message, "cmp", [&] {
        put_be32(message, NFTA_CMP_SREG, NFT_REG_1);
        put_be32(message, NFTA_CMP_OP, NFT_CMP_EQ);
        put_value(message, NFTA_CMP_DATA, value, size);
    });
}

void put_verdict(nlmsghdr* message, std::uint32_t verdict) {
    put_expression(message, "immediate", [&] {
        put_be32(message, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
        const Nest data(message, NFTA_IMMEDIATE_DATA);
        const Nest inner(message, NFTA_DATA_VERDICT);
        put_be32(message, NFTA_VERDICT_CODE, verdict);
    });
}

void put_source_address(nlmsghdr* message, const Layer& layer) {
    const bool v4 = layer.family == IpFamily::v4;
    const std::uint8_t protocol = v4 ? NFPROTO_IPV4 : NFPROTO_IPV6;
    put_meta_equals(message, NFT_META_NFPROTO, &protocol, sizeof protocol);
    put_expression(message, "payload", [&] {
        put_be32(message, NFTA_PAYLOAD_DREG, NFT_REG_1);
        put_be32(message, NFTA_PAYLOAD_BASE, NFT_PAYLOAD_NETWORK_HEADER);
        put_be32(message, NFTA_PAYLOAD_OFFSET, v4 ? 12 : 8);
        put_be32(message, NFTA_PAYLOAD_LEN, static_cast<std::uint32_t>(layer.key_size()));
    });
}

void put_mask(nlmsghdr* message, const Layer& layer) {
    std::array<std::uint8_t, 16> mask{};
    const std::array<std::uint8_t, 16> zero{};
    for (unsigned bit = 0; bit < layer.prefix; ++bit)
        mask[bit / 8] = static_cast<std::uint8_t>(mask[bit / 8] | (0x80U >> (bit % 8)));
    put_expression(message, "bitwise", [&] {
        put_be32(message, NFTA_BITWISE_SREG, NFT_REG_1);
        put_be32(message, NFTA_BITWISE_DREG, NFT_REG_1);
        put_be32(message, NFTA_BITWISE_LEN, static_cast<std::uint32_t>(layer.key_size()));
        put_value(message, NFTA_BITWISE_MASK, mask.data(), layer.key_size());
        put_value(message, NFTA_BITWISE_XOR, zero.data(), layer.key_size());
    });
}

}  // namespace

void put_loopback_expressions(nlmsghdr* rule) {
    // The loopback interface is number 1 in every network namespace.
    const std::uint32_t loopback_index = 1;
    const Nest expressions(rule, NFTA_RULE_EXPRESSIONS);
    put_meta_equals(rule, NFT_META_IIF, &loopback_index, sizeof loopback_index);
    put_verdict(rule, NF_ACCEPT);
}

void put_layer_expressions(nlmsghdr* rule, const Layer& layer) {
    const std::string set = set_name(layer);
    const Nest expressions(rule, NFTA_RULE_EXPRESSIONS);
    put_source_address(rule, layer);
    if (!layer.is_hosts()) put_mask(rule, layer);
    put_expression(rule, "lookup", [&] {
        mnl_attr_put_strz(rule, NFTA_LOOKUP_SET, set.c_str());
        put_be32(rule, NFTA_LOOKUP_SREG, NFT_REG_1);
    });
    put_expression(rule, "counter", [] {});
    put_verdict(rule, NF_DROP);
}

void put_rule_comment(nlmsghdr* rule, std::string_view comment) {
    // One type-length-value as the nft program writes it: type 0 is a comment with its final zero.
    std::vector<std::uint8_t> bytes{0, static_cast<std::uint8_t>(comment.size() + 1)};
    bytes.insert(bytes.end(), comment.begin(), comment.end());
    bytes.push_back(0);
    mnl_attr_put(rule, NFTA_RULE_USERDATA, bytes.size(), bytes.data());
}

}  // namespace garita::nftables
