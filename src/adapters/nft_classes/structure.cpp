#include "adapters/nft_classes/structure.hpp"

#include <algorithm>
#include <array>
#include <bit>

#include <linux/netfilter.h>

#include "runtime/nft/expressions.hpp"

namespace garita::nft_classes {

using namespace runtime::nft;

namespace {

// The nft program's numbers of its data types; those of a pair lie in six bits each.
constexpr std::uint32_t integer_type = 4;
constexpr std::uint32_t ipv4_type = 7;
constexpr std::uint32_t ipv6_type = 8;
constexpr std::uint32_t mac_type = 9;
constexpr std::uint32_t mark_type = 19;

constexpr std::uint32_t address_type(IpFamily family) {
    return family == IpFamily::v4 ? ipv4_type : ipv6_type;
}
constexpr std::uint32_t address_size(IpFamily family) {
    return family == IpFamily::v4 ? 4 : 16;
}

struct SetShape {
    std::uint32_t key_type = 0;
    std::uint32_t key_size = 0;
    std::uint32_t data_type = 0;
    std::uint32_t data_size = 0;  ///< 0: no data, or a verdict
    std::uint32_t flags = 0;
    std::uint32_t size = 0;
};

/// As the nft program writes it, so that it shows numbers rightly: type, length, and 1 for the machine's
/// order or 2 for the network's; type 0 is the key's, 1 the data's.
void put_byte_orders(nlmsghdr* message, const SetShape& shape) {
    const auto order = [](std::uint32_t type) {
        const std::uint32_t number = type == integer_type || type == mark_type ? 1 : 2;
        return std::bit_cast<std::array<std::uint8_t, 4>>(number);
    };
    std::vector<std::uint8_t> data;
    const auto add = [&](std::uint8_t type, const std::array<std::uint8_t, 4>& value) {
        data.insert(data.end(), {type, 4, value[0], value[1], value[2], value[3]});
    };
    add(0, order(shape.key_type));
    add(1, order(shape.data_type));
    mnl_attr_put(message, NFTA_SET_USERDATA, data.size(), data.data());
}

void put_set(Transaction& transaction, const std::string& name, const SetShape& shape) {
    const std::uint32_t id = transaction.size();
    transaction.message(NFT_MSG_NEWSET, NLM_F_CREATE | NLM_F_EXCL, NFTA_SET_TABLE, [&](nlmsghdr* message) {
        mnl_attr_put_strz(message, NFTA_SET_NAME, name.c_str());
        put_be32(message, NFTA_SET_FLAGS, shape.flags);
        put_be32(message, NFTA_SET_KEY_TYPE, shape.key_type);
        put_be32(message, NFTA_SET_KEY_LEN, shape.key_size);
        if ((shape.flags & NFT_SET_MAP) != 0) put_be32(message, NFTA_SET_DATA_TYPE, shape.data_type);
        if (shape.data_size != 0) put_be32(message, NFTA_SET_DATA_LEN, shape.data_size);
        put_be32(message, NFTA_SET_ID, id);
        if ((shape.flags & NFT_SET_MAP) != 0) put_byte_orders(message, shape);
        const Nest description(message, NFTA_SET_DESC);
        put_be32(message, NFTA_SET_DESC_SIZE, shape.size);
    });
}

SetShape entries_shape(const NftClass& of, IpFamily family, std::uint32_t size) {
    SetShape shape{address_type(family), address_size(family), 0, 0, 0, size};
    if (of.is_map()) {
        shape.flags = NFT_SET_MAP;
        shape.data_type = of.effect == Effect::mark ? mark_type : mac_type;
        shape.data_size = of.effect == Effect::mark ? 4 : 6;
    }
    return shape;
}

void put_chain(Transaction& transaction, const std::string& name) {
    transaction.message(NFT_MSG_NEWCHAIN, NLM_F_CREATE, NFTA_CHAIN_TABLE, [&](nlmsghdr* message) {
        mnl_attr_put_strz(message, NFTA_CHAIN_NAME, name.c_str());
    });
}

void put_base_chain(Transaction& transaction, const NftClass& of) {
    // Marks come before routing may look at them, bindings before connection tracking.
    const bool forward = of.effect == Effect::open || of.effect == Effect::closed;
    const int priority = forward ? 0 : of.effect == Effect::mark ? -150 : -290;
    transaction.message(NFT_MSG_NEWCHAIN, NLM_F_CREATE, NFTA_CHAIN_TABLE, [&](nlmsghdr* message) {
        mnl_attr_put_strz(message, NFTA_CHAIN_NAME, of.name.c_str());
        {
            const Nest hook(message, NFTA_CHAIN_HOOK);
            put_be32(message, NFTA_HOOK_HOOKNUM, forward ? NF_INET_FORWARD : NF_INET_PRE_ROUTING);
            put_be32(message, NFTA_HOOK_PRIORITY, static_cast<std::uint32_t>(priority));
        }
        put_be32(message, NFTA_CHAIN_POLICY, NF_ACCEPT);
        mnl_attr_put_strz(message, NFTA_CHAIN_TYPE, "filter");
    });
}

/// The map from shard number to chain.
void put_dispatch_map(Transaction& transaction, const NftClass& of, IpFamily family, Side side,
                      unsigned shards) {
    const std::string name = dispatch_name(of, family, side);
    put_set(transaction, name, {integer_type, 4, NFT_DATA_VERDICT, 0, NFT_SET_MAP, shards});
    for (unsigned shard = 0; shard < shards; ++shard)
        transaction.elements(
            NFT_MSG_NEWSETELEM, NLM_F_CREATE, name.c_str(), 1, [&](nlmsghdr* message, std::size_t) {
                const auto number = static_cast<std::uint32_t>(shard);
                {
                    const Nest key(message, NFTA_SET_ELEM_KEY);
                    mnl_attr_put_u32(message, NFTA_DATA_VALUE, number);
                }
                const Nest data(message, NFTA_SET_ELEM_DATA);
                const Nest verdict(message, NFTA_DATA_VERDICT);
                put_be32(message, NFTA_VERDICT_CODE, static_cast<std::uint32_t>(NFT_JUMP));
                mnl_attr_put_strz(message, NFTA_VERDICT_CHAIN, chain_name(of, family, side, shard).c_str());
            });
}

void put_rule(Transaction& transaction, const RuleText& text) {
    transaction.message(NFT_MSG_NEWRULE, NLM_F_CREATE | NLM_F_APPEND, NFTA_RULE_TABLE,
                        [&](nlmsghdr* message) {
                            mnl_attr_put_strz(message, NFTA_RULE_CHAIN, text.chain.c_str());
                            {
                                const Nest expressions(message, NFTA_RULE_EXPRESSIONS);
                                text.expressions(message);
                            }
                            put_rule_comment(message, text.comment);
                        });
}

void put_sets(Transaction& transaction, const NftClass& of, const Layout& layout) {
    for (const IpFamily family : families) {
        const auto& spread = layout.of(family);
        for (unsigned shard = 0; shard < spread.shards; ++shard) {
            put_set(transaction, set_name(of, family, shard), entries_shape(of, family, spread.shard_size));
            if (of.effect != Effect::bind) continue;
            const SetShape pairs{
                address_type(family) << 6U | mac_type, address_size(family) + 8, 0, 0, 0, spread.shard_size};
            put_set(transaction, pairs_name(of, family, shard), pairs);
        }
    }
}

}  // namespace

void put_structure(Transaction& transaction, const NftClass& of, const Layout& layout) {
    put_sets(transaction, of, layout);
    if (of.effect == Effect::none) return;
    put_base_chain(transaction, of);
    for (const Side side : sides(of.effect))
        for (const IpFamily family : families) {
            const unsigned shards = layout.of(family).shards;
            for (unsigned shard = 0; shard < shards; ++shard)
                put_chain(transaction, chain_name(of, family, side, shard));
            if (shards > 1) put_dispatch_map(transaction, of, family, side, shards);
        }
    for (const auto& rule : rules_of(of, layout))
        put_rule(transaction, rule);
}

void put_removal(Transaction& transaction, const Seen& seen) {
    const auto put_chain_message = [&](std::uint16_t type, std::uint16_t table, std::uint16_t attribute,
                                       const std::string& name) {
        transaction.message(type, 0, table,
                            [&](nlmsghdr* message) { mnl_attr_put_strz(message, attribute, name.c_str()); });
    };
    // Rules hold sets and chains, maps hold chains.
    for (const auto& [chain, rules] : seen.chains)
        put_chain_message(NFT_MSG_DELRULE, NFTA_RULE_TABLE, NFTA_RULE_CHAIN, chain);
    for (const auto& [set, size] : seen.sets)
        put_chain_message(NFT_MSG_DELSET, NFTA_SET_TABLE, NFTA_SET_NAME, set);
    for (const auto& [chain, rules] : seen.chains)
        put_chain_message(NFT_MSG_DELCHAIN, NFTA_CHAIN_TABLE, NFTA_CHAIN_NAME, chain);
}

void put_flush(Transaction& transaction, const NftClass& of, const Layout& layout) {
    const auto flush = [&](const std::string& set) {
        transaction.message(NFT_MSG_DELSETELEM, 0, NFTA_SET_ELEM_LIST_TABLE, [&](nlmsghdr* message) {
            mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set.c_str());
        });
    };
    for (const IpFamily family : families)
        for (unsigned shard = 0; shard < layout.of(family).shards; ++shard) {
            flush(set_name(of, family, shard));
            if (of.effect == Effect::bind) flush(pairs_name(of, family, shard));
        }
}

bool is_complete(const NftClass& of, const Layout& layout, const Seen& seen) {
    if (layout_of(of, seen) != layout) return false;
    std::map<std::string, std::vector<std::string>, std::less<>> should;
    for (auto& rule : rules_of(of, layout))
        should[rule.chain].push_back(rule.comment);
    if (should != seen.chains) return false;
    const auto wanted_sides = sides(of.effect);
    return std::all_of(wanted_sides.begin(), wanted_sides.end(), [&](Side side) {
        return std::all_of(families.begin(), families.end(), [&](IpFamily family) {
            return layout.of(family).shards == 1 || seen.sets.contains(dispatch_name(of, family, side));
        });
    });
}

}  // namespace garita::nft_classes
