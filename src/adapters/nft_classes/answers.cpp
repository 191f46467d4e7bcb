#include "adapters/nft_classes/answers.hpp"

#include <linux/netfilter/nf_tables.h>

#include "runtime/nft/messages.hpp"

namespace garita::nft_classes {

using runtime::NetlinkAttributes;
using runtime::nft::attributes_of;
using runtime::nft::text_in;

std::optional<SetAnswer> parse_set(const nlmsghdr& message, std::string_view table) {
    if (text_in(message, NFTA_SET_TABLE) != table) return std::nullopt;
    SetAnswer set{text_in(message, NFTA_SET_NAME), 0};
    if (const auto description = attributes_of(message).find(NFTA_SET_DESC))
        if (const auto size = NetlinkAttributes(*description).find(NFTA_SET_DESC_SIZE))
            set.size = runtime::nft::number_of(*size).value_or(0);
    return set;
}

std::optional<std::string_view> parse_chain(const nlmsghdr& message, std::string_view table) {
    if (text_in(message, NFTA_CHAIN_TABLE) != table) return std::nullopt;
    return text_in(message, NFTA_CHAIN_NAME);
}

std::optional<RuleAnswer> parse_rule(const nlmsghdr& message, std::string_view table) {
    if (text_in(message, NFTA_RULE_TABLE) != table) return std::nullopt;
    RuleAnswer rule{text_in(message, NFTA_RULE_CHAIN), {}};
    if (const auto data = attributes_of(message).find(NFTA_RULE_USERDATA))
        rule.comment = runtime::nft::comment_in(*data);
    return rule;
}

void parse_elements(const nlmsghdr& message, const ElementSink& element) {
    const auto list = attributes_of(message).find(NFTA_SET_ELEM_LIST_ELEMENTS);
    if (!list) return;
    NetlinkAttributes elements(*list);
    while (const auto nest = elements.next()) {
        const NetlinkAttributes parts(*nest);
        const auto key = parts.find(NFTA_SET_ELEM_KEY);
        const auto value = key ? NetlinkAttributes(*key).find(NFTA_DATA_VALUE) : std::nullopt;
        if (!value) continue;
        const auto data = parts.find(NFTA_SET_ELEM_DATA);
        const auto held = data ? NetlinkAttributes(*data).find(NFTA_DATA_VALUE) : std::nullopt;
        element(value->payload, held ? held->payload : std::span<const std::byte>{});
    }
}

}  // namespace garita::nft_classes
