#include "adapters/nftables/kernel_answers.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <endian.h>
#include <string_view>

#include <arpa/inet.h>
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <linux/netfilter/nfnetlink.h>

#include "adapters/nftables/batch.hpp"
#include "runtime/netlink/attributes.hpp"
#include "runtime/nft/messages.hpp"

namespace garita::nftables {

using runtime::NetlinkAttribute;
using runtime::NetlinkAttributes;
using runtime::nft::attributes_of;
using runtime::nft::number_in;
using runtime::nft::text_in;

namespace {

/// A hundred years: a sum with any time of ours stays in range.
constexpr std::uint64_t longest_left = 36'525ULL * 86'400'000ULL;

/// One element of a set; nothing when its time is over or it is not one of ours.
std::optional<ElementSeen> element_of(const NetlinkAttribute& nest, const Layer& layer) {
    const NetlinkAttributes parts(nest);
    const auto key = parts.find(NFTA_SET_ELEM_KEY);
    if (!key) return std::nullopt;
    const auto value = NetlinkAttributes(*key).find(NFTA_DATA_VALUE);
    if (!value || value->payload.size() != layer.key_size()) return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), value->payload.data(), layer.key_size());
    const auto address = layer.family == IpFamily::v4
                             ? IpAddress::from_v4({bytes[0], bytes[1], bytes[2], bytes[3]})
                             : IpAddress::from_v6(bytes);
    if (address.family() != layer.family) return std::nullopt;  // ::ffff:a.b.c.d is never put into our sets
    ElementSeen seen{IpNetwork(address, layer.prefix), std::nullopt};
    const auto remaining = parts.find(NFTA_SET_ELEM_EXPIRATION);
    if (remaining) {
        const auto left = be64toh(remaining->value<std::uint64_t>().value_or(0));
        if (left == 0) return std::nullopt;
        seen.remaining = std::chrono::milliseconds(std::min(left, longest_left));
    }
    return seen;
}

}  // namespace

void parse_elements(const nlmsghdr& message, const Layer& layer,
                    const std::function<void(const ElementSeen&)>& visit) {
    const auto list = attributes_of(message).find(NFTA_SET_ELEM_LIST_ELEMENTS);
    if (!list) return;
    NetlinkAttributes elements(*list);
    while (const auto nest = elements.next())
        if (const auto seen = element_of(*nest, layer)) visit(*seen);
}

std::optional<Layer> parse_set(const nlmsghdr& message, std::string_view table) {
    if (text_in(message, NFTA_SET_TABLE) != table) return std::nullopt;
    const auto layer = layer_of_set(text_in(message, NFTA_SET_NAME));
    const auto flags = number_in(message, NFTA_SET_FLAGS);
    const auto size = number_in(message, NFTA_SET_KEY_LEN);
    if (!layer || flags != std::uint32_t{NFT_SET_TIMEOUT} || size != layer->key_size()) return std::nullopt;
    return layer;
}

std::optional<std::string> parse_rule_comment(const nlmsghdr& message, std::string_view table) {
    if (text_in(message, NFTA_RULE_TABLE) != table || text_in(message, NFTA_RULE_CHAIN) != chain_name)
        return std::nullopt;
    const auto data = attributes_of(message).find(NFTA_RULE_USERDATA);
    return data ? std::string(runtime::nft::comment_in(*data)) : std::string();
}

}  // namespace garita::nftables
