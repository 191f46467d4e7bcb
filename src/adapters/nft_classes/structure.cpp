#include "adapters/nft_classes/structure.hpp"

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
constexpr std::uint32_t port_type = 13;
constexpr std::uint32_t mark_type = 19;
constexpr std::uint32_t interface_type = 41;

std::uint32_t type_of(ParamType type) {
    switch (type) {
        case ParamType::port:
            return port_type;
        case ParamType::mac:
            return mac_type;
        case ParamType::mark:
            return mark_type;
        default:
            return interface_type;
    }
}

std::uint32_t key_type(const NftClass& of, const Layer& layer) {
    if (layer.is_ip()) return layer.kind == Layer::Kind::v4 ? ipv4_type : ipv6_type;
    return type_of(of.key);
}

/// Numbers in the machine's order; others are in the network's.
bool is_of_machine(std::uint32_t type) {
    return type == integer_type || type == mark_type || type == interface_type;
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
        const std::uint32_t number = is_of_machine(type) ? 1 : 2;
        return std::bit_cast<std::array<std::uint8_t, 4>>(number);
    };
    std::vector<std::uint8_t> data;
    const auto add = [&](std::uint8_t type, const std::array<std::uint8_t, 4>& value) {
        data.insert(data.end(), {type, 4, value[0], value[1], value[2], value[3]});
    };
    add(0, order(shape.key_type));
    if ((shape.flags & NFT_SET_MAP) != 0) add(1, order(shape.data_type));
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
        put_byte_orders(message, shape);
        const Nest description(message, NFTA_SET_DESC);
        put_be32(message, NFTA_SET_DESC_SIZE, shape.size);
    });
}

SetShape entries_shape(const NftClass& of, const Layer& layer, std::uint32_t size) {
    SetShape shape{key_type(of, layer), static_cast<std::uint32_t>(layer.size()), 0, 0, 0, size};
    if (const auto held = of.held()) {
        shape.flags = NFT_SET_MAP;
        shape.data_type = type_of(*held);
        shape.data_size = static_cast<std::uint32_t>(fixed_size(*held));
    }
    return shape;
}

void put_chain(Transaction& transaction, const NftClass& of, const ChainText& text) {
    const bool forward = of.effect == Effect::open || of.effect == Effect::closed;
    transaction.message(NFT_MSG_NEWCHAIN, NLM_F_CREATE, NFTA_CHAIN_TABLE, [&](nlmsghdr* message) {
        mnl_attr_put_strz(message, NFTA_CHAIN_NAME, text.name.c_str());
        if (!text.priority) return;
        {
            const Nest hook(message, NFTA_CHAIN_HOOK);
            put_be32(message, NFTA_HOOK_HOOKNUM, forward ? NF_INET_FORWARD : NF_INET_PRE_ROUTING);
            put_be32(message, NFTA_HOOK_PRIORITY, static_cast<std::uint32_t>(*text.priority));
        }
        put_be32(message, NFTA_CHAIN_POLICY, NF_ACCEPT);
        mnl_attr_put_strz(message, NFTA_CHAIN_TYPE, "filter");
    });
}

/// The map from shard number to chain.
void put_dispatch_map(Transaction& transaction, const NftClass& of, const Layer& layer, Side side,
                      unsigned shards) {
    const std::string name = dispatch_name(of, layer, side);
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
                mnl_attr_put_strz(message, NFTA_VERDICT_CHAIN, chain_name(of, layer, side, shard).c_str());
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

void put_sets(Transaction& transaction, const NftClass& of, const Layout& layout, const Kept& kept) {
    for (const auto& [layer, spread] : layout.rooms()) {
        if (kept.contains(layer)) continue;
        for (unsigned shard = 0; shard < spread.shards; ++shard) {
            put_set(transaction, set_name(of, layer, shard), entries_shape(of, layer, spread.shard_size));
            if (of.effect != Effect::bind) continue;
            const auto size = static_cast<std::uint32_t>(layer.size() + 8);
            const SetShape pairs{key_type(of, layer) << 6U | mac_type, size, 0, 0, 0, spread.shard_size};
            put_set(transaction, pairs_name(of, layer, shard), pairs);
        }
    }
}

/// `visit(layer, side, shards)` for each that is spread over several sets.
template <typename Visit>
void each_dispatch(const NftClass& of, const Layout& layout, const Visit& visit) {
    for (const Side side : sides(of.effect))
        for (const auto& [layer, spread] : layout.rooms())
            if (spread.shards > 1) visit(layer, side, spread.shards);
}

std::set<std::string, std::less<>> names_of(const NftClass& of, const Seen& seen, const Kept& kept) {
    std::set<std::string, std::less<>> names;
    for (const auto& layer : kept)
        for (unsigned shard = 0; seen.sets.contains(set_name(of, layer, shard)); ++shard) {
            names.insert(set_name(of, layer, shard));
            names.insert(pairs_name(of, layer, shard));
        }
    return names;
}

}  // namespace

void put_structure(Transaction& transaction, const NftClass& of, const Layout& layout, const Kept& kept) {
    put_sets(transaction, of, layout, kept);
    for (const auto& chain : chains_of(of, layout))
        put_chain(transaction, of, chain);
    each_dispatch(of, layout, [&](const Layer& layer, Side side, unsigned shards) {
        put_dispatch_map(transaction, of, layer, side, shards);
    });
    for (const auto& rule : rules_of(of, layout))
        put_rule(transaction, rule);
}

void put_removal(Transaction& transaction, const NftClass& of, const Seen& seen, const Kept& kept) {
    const auto put_named = [&](std::uint16_t type, std::uint16_t table, std::uint16_t attribute,
                               const std::string& name) {
        transaction.message(type, 0, table,
                            [&](nlmsghdr* message) { mnl_attr_put_strz(message, attribute, name.c_str()); });
    };
    const auto stay = names_of(of, seen, kept);
    // Rules hold sets and chains, maps hold chains.
    for (const auto& [chain, rules] : seen.chains)
        put_named(NFT_MSG_DELRULE, NFTA_RULE_TABLE, NFTA_RULE_CHAIN, chain);
    for (const auto& [set, size] : seen.sets)
        if (!stay.contains(set)) put_named(NFT_MSG_DELSET, NFTA_SET_TABLE, NFTA_SET_NAME, set);
    for (const auto& [chain, rules] : seen.chains)
        put_named(NFT_MSG_DELCHAIN, NFTA_CHAIN_TABLE, NFTA_CHAIN_NAME, chain);
}

void put_flush(Transaction& transaction, const NftClass& of, const Layout& layout) {
    const auto flush = [&](const std::string& set) {
        transaction.message(NFT_MSG_DELSETELEM, 0, NFTA_SET_ELEM_LIST_TABLE, [&](nlmsghdr* message) {
            mnl_attr_put_strz(message, NFTA_SET_ELEM_LIST_SET, set.c_str());
        });
    };
    for (const auto& [layer, spread] : layout.rooms())
        for (unsigned shard = 0; shard < spread.shards; ++shard) {
            flush(set_name(of, layer, shard));
            if (of.effect == Effect::bind) flush(pairs_name(of, layer, shard));
        }
}

bool is_complete(const NftClass& of, const Layout& layout, const Seen& seen) {
    if (layout_of(of, seen) != layout) return false;
    std::map<std::string, std::vector<std::string>, std::less<>> should;
    for (const auto& chain : chains_of(of, layout))
        should[chain.name];
    for (auto& rule : rules_of(of, layout))
        should[rule.chain].push_back(rule.comment);
    if (should != seen.chains) return false;
    bool complete = true;
    each_dispatch(of, layout, [&](const Layer& layer, Side side, unsigned) {
        complete = complete && seen.sets.contains(dispatch_name(of, layer, side));
    });
    return complete;
}

}  // namespace garita::nft_classes
