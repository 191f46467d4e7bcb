// What a class's packets meet.

#include <array>
#include <bit>

#include <linux/if_arp.h>
#include <linux/netfilter.h>

#include "adapters/nft_classes/expressions.hpp"
#include "runtime/nft/expressions.hpp"

namespace garita::nft_classes {

using namespace runtime::nft;

namespace {

/// From the class's own chain to that of the address's shard.
void put_jump(nlmsghdr* rule, const NftClass& of, const Layer& layer, Side side, unsigned shards) {
    put_interface(rule, of, side);
    put_family(rule, version(layer.family()));
    if (shards == 1)
        put_verdict(rule, NFT_JUMP, chain_name(of, layer, side, 0).c_str());
    else
        put_dispatch(rule, of, layer, side, shards);
}

/// Whether the packet's address and MAC address are a pair of the set.
void put_pair_lookup(nlmsghdr* rule, const NftClass& of, const Layer& layer, unsigned shard) {
    constexpr std::uint32_t source_mac_offset = 6;
    const std::uint16_t ethernet = ARPHRD_ETHER;
    put_meta_equals(rule, NFT_META_IIFTYPE, std::bit_cast<std::array<std::uint8_t, 2>>(ethernet));
    put_address(rule, layer, Side::source, NFT_REG32_00);
    put_payload(rule, NFT_PAYLOAD_LL_HEADER, source_mac_offset, 6,
                layer.family() == IpFamily::v4 ? NFT_REG32_01 : NFT_REG32_04);
    put_lookup(rule, pairs_name(of, layer, shard).c_str(), NFT_REG32_00);
}

std::vector<Expressions> shard_rules(const NftClass& of, const Layer& layer, Side side, unsigned shard) {
    const auto entry = [&of, layer, side, shard](nlmsghdr* rule) { put_entry(rule, of, layer, side, shard); };
    const auto entry_drop = [entry](nlmsghdr* rule) {
        entry(rule);
        put_drop(rule);
    };
    switch (of.effect) {
        case Effect::none:
            return {};
        case Effect::open:
            if (of.interface.empty())
                return {[entry](nlmsghdr* rule) { entry(rule), put_verdict(rule, NF_ACCEPT); }};
            return {[entry](nlmsghdr* rule) { entry(rule), put_verdict(rule, NFT_RETURN); }, put_drop};
        case Effect::closed:
            return {entry_drop};
        case Effect::mark:
            return {[entry](nlmsghdr* rule) { entry(rule), put_meta_set(rule, NFT_META_MARK, NFT_REG_1); }};
        case Effect::bind:
            return {[&of, layer, shard](nlmsghdr* rule) {
                        put_pair_lookup(rule, of, layer, shard);
                        put_verdict(rule, NFT_RETURN);
                    },
                    entry_drop};
    }
    return {};
}

std::vector<RuleText> address_rules(const NftClass& of, const Layout& layout) {
    std::vector<RuleText> rules;
    for (const Side side : sides(of.effect))
        for (const auto& [layer, spread] : layout.rooms()) {
            for (unsigned shard = 0; shard < spread.shards; ++shard)
                for (auto& expressions : shard_rules(of, layer, side, shard))
                    rules.push_back({chain_name(of, layer, side, shard), {}, std::move(expressions)});
            rules.push_back({of.name, {}, [&of, layer = layer, side, shards = spread.shards](nlmsghdr* rule) {
                                 put_jump(rule, of, layer, side, shards);
                             }});
        }
    if (of.effect == Effect::open && of.interface.empty())
        for (const IpFamily family : families)
            rules.push_back({of.name, {}, [family](nlmsghdr* rule) { put_family_drop(rule, family); }});
    return rules;
}

const char* word_for(Effect effect) {
    switch (effect) {
        case Effect::none:
            break;
        case Effect::open:
            return "open";
        case Effect::closed:
            return "closed";
        case Effect::mark:
            return "mark";
        case Effect::bind:
            return "bind";
    }
    return "none";
}

/// By its comment a rule is found again; those of a class that was configured otherwise are others.
void name_rules(std::vector<RuleText>& rules, const NftClass& of) {
    std::string what = word_for(of.effect);
    if (!of.interface.empty()) what += " at " + of.interface;
    std::map<std::string, int> in_chain;
    for (auto& rule : rules) {
        std::string name =
            "garita: " + rule.chain + ' ' + std::to_string(++in_chain[rule.chain]) + ' ' + what;
        if (!rule.comment.empty()) name += ' ' + rule.comment;
        rule.comment = std::move(name);
    }
}

}  // namespace

std::vector<ChainText> chains_of(const NftClass& of, const Layout& layout) {
    if (of.effect == Effect::none) return {};
    if (of.key == ParamType::network) return network_chains(of, layout);
    // Marks come before routing may look at them, bindings before connection tracking.
    const int priority = of.effect == Effect::mark ? -150 : of.effect == Effect::bind ? -290 : 0;
    std::vector<ChainText> chains{{of.name, priority}};
    for (const Side side : sides(of.effect))
        for (const auto& [layer, spread] : layout.rooms())
            for (unsigned shard = 0; shard < spread.shards; ++shard)
                chains.push_back({chain_name(of, layer, side, shard)});
    return chains;
}

std::vector<RuleText> rules_of(const NftClass& of, const Layout& layout) {
    if (of.effect == Effect::none) return {};
    auto rules = of.key == ParamType::network ? network_rules(of, layout) : address_rules(of, layout);
    name_rules(rules, of);
    return rules;
}

}  // namespace garita::nft_classes
