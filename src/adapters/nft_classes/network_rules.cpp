// What packets of networks meet: for each family a chain that looks them up length by length, the longest
// first. Nothing can be told from a shard's chain to the one that came to it, so what is found ends the base
// chain at once; where both sides of a packet have to be judged, each has a base chain of its own.

#include <algorithm>

#include <linux/netfilter.h>

#include "adapters/nft_classes/expressions.hpp"
#include "runtime/nft/expressions.hpp"

namespace garita::nft_classes {

using namespace runtime::nft;

namespace {

bool judges_each_side(const NftClass& of) {
    return of.effect == Effect::mark || (of.effect == Effect::open && !of.interface.empty());
}

std::string base_name(const NftClass& of, Side side) {
    return side == Side::destination && judges_each_side(of) ? of.name + ".d" : of.name;
}

void put_found(nlmsghdr* rule, const NftClass& of, const Layer& layer, Side side, unsigned shard) {
    put_entry(rule, of, layer, side, shard);
    if (of.effect == Effect::closed) return put_drop(rule);
    if (of.effect == Effect::mark) put_meta_set(rule, NFT_META_MARK, NFT_REG_1);
    put_verdict(rule, NF_ACCEPT);
}

/// One length of networks.
void add_layer(std::vector<RuleText>& rules, const NftClass& of, const Layout::Room& room, Side side) {
    const auto [layer, spread] = room;
    const auto walk = walk_name(of, layer.family(), side);
    const std::string length = '/' + std::to_string(layer.prefix);
    const auto found = [&of, layer = layer, side](unsigned shard) {
        return [&of, layer, side, shard](nlmsghdr* rule) { put_found(rule, of, layer, side, shard); };
    };
    if (spread.shards == 1) {
        rules.push_back({walk, length, found(0)});
        return;
    }
    for (unsigned shard = 0; shard < spread.shards; ++shard)
        rules.push_back({chain_name(of, layer, side, shard), length, found(shard)});
    rules.push_back({walk, length, [&of, layer = layer, side, shards = spread.shards](nlmsghdr* rule) {
                         put_dispatch(rule, of, layer, side, shards);
                     }});
}

void add_family(std::vector<RuleText>& rules, const NftClass& of, const Layout& layout, Side side,
                IpFamily family) {
    const auto rooms = layout.rooms();
    for (auto room = rooms.rbegin(); room != rooms.rend(); ++room)
        if (room->layer.family() == family) add_layer(rules, of, *room, side);
    if (of.effect == Effect::open && !of.interface.empty())
        rules.push_back({walk_name(of, family, side), {}, put_drop});
    rules.push_back({base_name(of, side), {}, [&of, side, family](nlmsghdr* rule) {
                         put_interface(rule, of, side);
                         put_family(rule, version(family));
                         put_verdict(rule, NFT_JUMP, walk_name(of, family, side).c_str());
                     }});
}

}  // namespace

std::vector<ChainText> network_chains(const NftClass& of, const Layout& layout) {
    const int first = of.effect == Effect::mark ? -150 : 0;
    std::vector<ChainText> chains{{of.name, first}};
    if (judges_each_side(of)) chains.push_back({base_name(of, Side::destination), first + 1});
    for (const Side side : sides(of.effect)) {
        for (const IpFamily family : families)
            chains.push_back({walk_name(of, family, side)});
        for (const auto& [layer, spread] : layout.rooms())
            for (unsigned shard = 0; spread.shards > 1 && shard < spread.shards; ++shard)
                chains.push_back({chain_name(of, layer, side, shard)});
    }
    return chains;
}

std::vector<RuleText> network_rules(const NftClass& of, const Layout& layout) {
    std::vector<RuleText> rules;
    for (const Side side : sides(of.effect))
        for (const IpFamily family : families)
            add_family(rules, of, layout, side, family);
    if (of.effect == Effect::open && of.interface.empty())
        for (const IpFamily family : families)
            rules.push_back({of.name, {}, [family](nlmsghdr* rule) { put_family_drop(rule, family); }});
    return rules;
}

}  // namespace garita::nft_classes
