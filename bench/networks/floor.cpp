#include "floor.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "bench/support/bare_nft.hpp"
#include "bench/support/measuring.hpp"

namespace garita::bench {
namespace {

using Networks = std::vector<Network>;
constexpr std::size_t a_transaction = 4000;
constexpr std::size_t a_message = 500;
constexpr std::size_t largest_transaction = std::size_t{8} << 20U;

/// Of one set.
void elements(BareNft& bare, int type, const std::string& set, std::span<const Network> networks, Sets sets) {
    while (!networks.empty()) {
        const auto part = networks.first(std::min(networks.size(), a_message));
        networks = networks.subspan(part.size());
        auto* message = bare.open_elements(type, set);
        auto* list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
        for (const auto& network : part) {
            bare.put_element(network.first);
            if (sets == Sets::interval)
                bare.put_element(network.first + (1U << (32 - network.prefix)), NFT_SET_ELEM_INTERVAL_END);
        }
        mnl_attr_nest_end(message, list);
        bare.close();
    }
}

/// By the number of their set.
using Spread = std::array<Networks, 33>;
Spread spread(std::span<const Network> networks, Sets sets) {
    Spread in;
    for (const auto& network : networks)
        in[sets == Sets::interval ? 0 : network.prefix].push_back(network);
    return in;
}

void put(BareNft& bare, int type, const Spread& in, Sets sets) {
    for (std::size_t set = 0; set < in.size(); ++set)
        elements(bare, type, 's' + std::to_string(set), in[set], sets);
}

}  // namespace

Floor measure_floor(std::span<const Network> networks, Sets sets) {
    Floor floor;
    BareNft bare(largest_transaction);
    const std::uint32_t flags = sets == Sets::interval ? NFT_SET_INTERVAL : 0;
    bare.begin();
    bare.change_table(NFT_MSG_NEWTABLE);
    const auto all = spread(networks, sets);
    for (std::size_t set = 0; set < all.size(); ++set)
        if (!all[set].empty()) bare.add_set('s' + std::to_string(set), all[set].size() * 9 / 4 + 64, flags);
    bare.commit();
    floor.add = took([&] {
        for (std::size_t first = 0; first < networks.size(); first += a_transaction) {
            bare.begin();
            put(bare, NFT_MSG_NEWSETELEM,
                spread(networks.subspan(first, std::min(a_transaction, networks.size() - first)), sets),
                sets);
            bare.commit();
        }
    });
    Networks some;
    for (std::size_t i = 0; i < 1000; ++i)
        some.push_back(networks[i * networks.size() / 1000]);
    floor.change = took([&] {
        const auto in = spread(some, sets);
        bare.begin();
        put(bare, NFT_MSG_DELSETELEM, in, sets);
        put(bare, NFT_MSG_NEWSETELEM, in, sets);
        bare.commit();
    });
    bare.begin();
    bare.change_table(NFT_MSG_DELTABLE);
    bare.commit();
    return floor;
}

}  // namespace garita::bench
