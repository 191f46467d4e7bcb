// What a class's packets meet.

#include <algorithm>
#include <array>
#include <bit>

#include <linux/if_arp.h>
#include <linux/netfilter.h>

#include "adapters/nft_classes/keys.hpp"
#include "adapters/nft_classes/structure.hpp"
#include "runtime/nft/expressions.hpp"

namespace garita::nft_classes {

using namespace runtime::nft;

namespace {

constexpr std::uint32_t address_size(IpFamily family) {
    return family == IpFamily::v4 ? 4 : 16;
}

void put_address(nlmsghdr* rule, IpFamily family, Side side, std::uint32_t to) {
    const std::uint32_t source = family == IpFamily::v4 ? 12 : 8;
    const std::uint32_t size = address_size(family);
    put_payload(rule, NFT_PAYLOAD_NETWORK_HEADER, side == Side::source ? source : source + size, size, to);
}

void put_interface(nlmsghdr* rule, const std::string& interface, Side side) {
    std::array<std::uint8_t, 16> name{};
    std::copy_n(interface.begin(), std::min(interface.size(), name.size() - 1), name.begin());
    put_meta_equals(rule, side == Side::source ? NFT_META_IIFNAME : NFT_META_OIFNAME, name);
}

/// From the class's own chain to that of the address's shard.
void put_dispatch(nlmsghdr* rule, const NftClass& of, IpFamily family, Side side, unsigned shards) {
    const bool by_interface =
        !of.interface.empty() && !(of.effect == Effect::mark && side == Side::destination);
    if (by_interface) put_interface(rule, of.interface, side);
    put_family(rule, family == IpFamily::v4 ? 4 : 6);
    if (shards == 1) {
        put_verdict(rule, NFT_JUMP, chain_name(of, family, side, 0).c_str());
        return;
    }
    put_address(rule, family, side, NFT_REG_1);
    put_hash(rule, address_size(family), shards, shard_seed, NFT_REG_1);
    put_lookup(rule, dispatch_name(of, family, side).c_str(), NFT_REG_1, NFT_REG_VERDICT);
}

/// Whether the packet's address and MAC address are a pair of the set.
void put_pair_lookup(nlmsghdr* rule, const NftClass& of, IpFamily family, unsigned shard) {
    constexpr std::uint32_t source_mac_offset = 6;
    const std::uint16_t ethernet = ARPHRD_ETHER;
    put_meta_equals(rule, NFT_META_IIFTYPE, std::bit_cast<std::array<std::uint8_t, 2>>(ethernet));
    put_address(rule, family, Side::source, NFT_REG32_00);
    put_payload(rule, NFT_PAYLOAD_LL_HEADER, source_mac_offset, 6,
                family == IpFamily::v4 ? NFT_REG32_01 : NFT_REG32_04);
    put_lookup(rule, pairs_name(of, family, shard).c_str(), NFT_REG32_00);
}

using Expressions = std::function<void(nlmsghdr*)>;

std::vector<Expressions> shard_rules(const NftClass& of, IpFamily family, Side side, unsigned shard) {
    const auto entry = [&of, family, side, shard](nlmsghdr* rule) {
        put_address(rule, family, side, NFT_REG_1);
        std::optional<std::uint32_t> to;
        if (of.is_map()) to = NFT_REG_1;
        put_lookup(rule, set_name(of, family, shard).c_str(), NFT_REG_1, to);
    };
    const auto drop = [](nlmsghdr* rule) {
        put_counter(rule);
        put_verdict(rule, NF_DROP);
    };
    const auto entry_drop = [entry, drop](nlmsghdr* rule) {
        entry(rule);
        drop(rule);
    };
    switch (of.effect) {
        case Effect::none:
            return {};
        case Effect::open:
            if (of.interface.empty())
                return {[entry](nlmsghdr* rule) { entry(rule), put_verdict(rule, NF_ACCEPT); }};
            return {[entry](nlmsghdr* rule) { entry(rule), put_verdict(rule, NFT_RETURN); }, drop};
        case Effect::closed:
            return {entry_drop};
        case Effect::mark:
            return {[entry](nlmsghdr* rule) { entry(rule), put_meta_set(rule, NFT_META_MARK, NFT_REG_1); }};
        case Effect::bind:
            return {[&of, family, shard](nlmsghdr* rule) {
                        put_pair_lookup(rule, of, family, shard);
                        put_verdict(rule, NFT_RETURN);
                    },
                    entry_drop};
    }
    return {};
}

void name_rules(std::vector<RuleText>& rules) {
    std::map<std::string, int> in_chain;
    for (auto& rule : rules)
        rule.comment = "garita: " + rule.chain + ' ' + std::to_string(++in_chain[rule.chain]);
}

}  // namespace

std::vector<RuleText> rules_of(const NftClass& of, const Layout& layout) {
    std::vector<RuleText> rules;
    for (const Side side : sides(of.effect))
        for (const IpFamily family : families) {
            const unsigned shards = layout.of(family).shards;
            for (unsigned shard = 0; shard < shards; ++shard)
                for (auto& expressions : shard_rules(of, family, side, shard))
                    rules.push_back({chain_name(of, family, side, shard), {}, std::move(expressions)});
            rules.push_back({of.name, {}, [&of, family, side, shards](nlmsghdr* rule) {
                                 put_dispatch(rule, of, family, side, shards);
                             }});
        }
    if (of.effect == Effect::open && of.interface.empty())
        for (const IpFamily family : families)
            rules.push_back({of.name, {}, [family](nlmsghdr* rule) {
                                 put_family(rule, family == IpFamily::v4 ? 4 : 6);
                                 put_counter(rule);
                                 put_verdict(rule, NF_DROP);
                             }});
    name_rules(rules);
    return rules;
}

}  // namespace garita::nft_classes
