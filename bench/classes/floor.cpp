#include "floor.hpp"

#include <algorithm>
#include <string>

#include "bench/support/bare_nft.hpp"
#include "bench/support/measuring.hpp"

namespace garita::bench {
namespace {

constexpr std::uint32_t a_transaction = 4000;
constexpr std::uint32_t a_message = 1000;
constexpr std::size_t largest_transaction = std::size_t{96} << 20U;

double since(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

/// Every `step`-th of the numbers from `first` to `end`.
void elements(BareNft& bare, int type, const std::string& set, std::uint32_t first, std::uint32_t end,
              std::uint32_t step) {
    for (std::uint32_t i = first; i < end;) {
        auto* message = bare.open_elements(type, set);
        auto* list = mnl_attr_nest_start(message, NFTA_SET_ELEM_LIST_ELEMENTS);
        for (std::uint32_t in = 0; in < a_message && i < end; ++in, i += step)
            bare.put_element(0x64400000 + i);
        mnl_attr_nest_end(message, list);
        bare.close();
    }
}

}  // namespace

Floor measure_floor(std::uint32_t count) {
    Floor floor;
    BareNft bare(largest_transaction);
    bare.begin();
    bare.change_table(NFT_MSG_NEWTABLE);
    bare.add_set("s", count + count / 8);
    for (int i = 0; i < 16; ++i)
        bare.add_set("t" + std::to_string(i), count / 16 + count / 64 + 16);
    bare.commit();
    auto start = Clock::now();
    for (std::uint32_t first = 0; first < count; first += a_transaction) {
        bare.begin();
        elements(bare, NFT_MSG_NEWSETELEM, "s", first, std::min(count, first + a_transaction), 1);
        bare.commit();
    }
    floor.add = since(start);
    start = Clock::now();
    bare.begin();
    const std::uint32_t step = std::max(1U, count / 1000);
    elements(bare, NFT_MSG_DELSETELEM, "s", 0, std::min(count, 1000 * step), step);
    elements(bare, NFT_MSG_NEWSETELEM, "s", 0, std::min(count, 1000 * step), step);
    bare.commit();
    floor.change = since(start);
    start = Clock::now();
    bare.begin();
    bare.open_elements(NFT_MSG_DELSETELEM, "s");
    bare.close();
    elements(bare, NFT_MSG_NEWSETELEM, "s", 0, count, 1);
    bare.commit();
    floor.rebuild = since(start);
    for (std::uint32_t set = 0; set < 16; ++set)
        for (std::uint32_t first = set; first < count; first += 16 * a_transaction) {
            bare.begin();
            elements(bare, NFT_MSG_NEWSETELEM, "t" + std::to_string(set), first,
                     std::min(count, first + 16 * a_transaction), 16);
            bare.commit();
        }
    start = Clock::now();
    for (int i = 0; i < 16; ++i)
        bare.list("t" + std::to_string(i));
    floor.list = since(start);
    bare.begin();
    bare.change_table(NFT_MSG_DELTABLE);
    bare.commit();
    return floor;
}

}  // namespace garita::bench
