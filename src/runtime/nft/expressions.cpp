#include "runtime/nft/expressions.hpp"

#include <array>
#include <vector>

#include <arpa/inet.h>
#include <linux/netfilter.h>

namespace garita::runtime::nft {
namespace {

/// An expression of this name; `fill` writes its attributes.
template <typename Fill>
void put_expression(nlmsghdr* message, const char* name, Fill fill) {
    const Nest element(message, NFTA_LIST_ELEM);
    mnl_attr_put_strz(message, NFTA_EXPR_NAME, name);
    const Nest data(message, NFTA_EXPR_DATA);
    fill();
}

void put_value(nlmsghdr* message, std::uint16_t type, std::span<const std::uint8_t> value) {
    const Nest data(message, type);
    mnl_attr_put(message, NFTA_DATA_VALUE, value.size(), value.data());
}

}  // namespace

void put_be32(nlmsghdr* message, std::uint16_t type, std::uint32_t value) {
    mnl_attr_put_u32(message, type, htonl(value));
}

void put_meta_equals(nlmsghdr* rule, std::uint32_t key, std::span<const std::uint8_t> value) {
    put_expression(rule, "meta", [&] {
        put_be32(rule, NFTA_META_DREG, NFT_REG_1);
        put_be32(rule, NFTA_META_KEY, key);
    });
    put_expression(rule, "cmp", [&] {
        put_be32(rule, NFTA_CMP_SREG, NFT_REG_1);
        put_be32(rule, NFTA_CMP_OP, NFT_CMP_EQ);
        put_value(rule, NFTA_CMP_DATA, value);
    });
}

void put_meta_set(nlmsghdr* rule, std::uint32_t key, std::uint32_t from) {
    put_expression(rule, "meta", [&] {
        put_be32(rule, NFTA_META_KEY, key);
        put_be32(rule, NFTA_META_SREG, from);
    });
}

void put_payload(nlmsghdr* rule, std::uint32_t base, std::uint32_t offset, std::uint32_t size,
                 std::uint32_t to) {
    put_expression(rule, "payload", [&] {
        put_be32(rule, NFTA_PAYLOAD_DREG, to);
        put_be32(rule, NFTA_PAYLOAD_BASE, base);
        put_be32(rule, NFTA_PAYLOAD_OFFSET, offset);
        put_be32(rule, NFTA_PAYLOAD_LEN, size);
    });
}

void put_mask(nlmsghdr* rule, std::span<const std::uint8_t> mask, std::uint32_t at) {
    const std::vector<std::uint8_t> zero(mask.size());
    put_expression(rule, "bitwise", [&] {
        put_be32(rule, NFTA_BITWISE_SREG, at);
        put_be32(rule, NFTA_BITWISE_DREG, at);
        put_be32(rule, NFTA_BITWISE_LEN, static_cast<std::uint32_t>(mask.size()));
        put_value(rule, NFTA_BITWISE_MASK, mask);
        put_value(rule, NFTA_BITWISE_XOR, zero);
    });
}

void put_hash(nlmsghdr* rule, std::uint32_t size, std::uint32_t modulus, std::uint32_t seed,
              std::uint32_t at) {
    put_expression(rule, "hash", [&] {
        put_be32(rule, NFTA_HASH_SREG, at);
        put_be32(rule, NFTA_HASH_DREG, at);
        put_be32(rule, NFTA_HASH_LEN, size);
        put_be32(rule, NFTA_HASH_MODULUS, modulus);
        put_be32(rule, NFTA_HASH_SEED, seed);
        put_be32(rule, NFTA_HASH_TYPE, NFT_HASH_JENKINS);
    });
}

void put_lookup(nlmsghdr* rule, const char* set, std::uint32_t from, std::optional<std::uint32_t> to) {
    put_expression(rule, "lookup", [&] {
        mnl_attr_put_strz(rule, NFTA_LOOKUP_SET, set);
        put_be32(rule, NFTA_LOOKUP_SREG, from);
        if (to) put_be32(rule, NFTA_LOOKUP_DREG, *to);
    });
}

void put_counter(nlmsghdr* rule) {
    put_expression(rule, "counter", [] {});
}

void put_verdict(nlmsghdr* rule, int verdict, const char* chain) {
    put_expression(rule, "immediate", [&] {
        put_be32(rule, NFTA_IMMEDIATE_DREG, NFT_REG_VERDICT);
        const Nest data(rule, NFTA_IMMEDIATE_DATA);
        const Nest inner(rule, NFTA_DATA_VERDICT);
        put_be32(rule, NFTA_VERDICT_CODE, static_cast<std::uint32_t>(verdict));
        if (chain != nullptr) mnl_attr_put_strz(rule, NFTA_VERDICT_CHAIN, chain);
    });
}

void put_family(nlmsghdr* rule, unsigned version) {
    const std::array<std::uint8_t, 1> protocol{version == 4 ? std::uint8_t{NFPROTO_IPV4}
                                                            : std::uint8_t{NFPROTO_IPV6}};
    put_meta_equals(rule, NFT_META_NFPROTO, protocol);
}

void put_rule_comment(nlmsghdr* rule, std::string_view comment) {
    // One type-length-value as the nft program writes it: type 0 is a comment with its final zero.
    std::vector<std::uint8_t> bytes{0, static_cast<std::uint8_t>(comment.size() + 1)};
    bytes.insert(bytes.end(), comment.begin(), comment.end());
    bytes.push_back(0);
    mnl_attr_put(rule, NFTA_RULE_USERDATA, bytes.size(), bytes.data());
}

}  // namespace garita::runtime::nft
