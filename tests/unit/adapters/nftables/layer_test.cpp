#include "adapters/nftables/layer.hpp"

#include <gtest/gtest.h>

#include "adapters/nftables/elements.hpp"

namespace garita::nftables {
namespace {

using namespace std::chrono_literals;

IpNetwork net(std::string_view text) {
    return IpNetwork::parse(text).value();
}

TEST(Layer, NamesOfAllAreDifferentAndFoundAgain) {
    for (const auto family : {IpFamily::v4, IpFamily::v6}) {
        const unsigned bits = family == IpFamily::v4 ? 32 : 128;
        for (unsigned prefix = 0; prefix <= bits; ++prefix) {
            const Layer layer{family, prefix};
            EXPECT_EQ(layer_of_set(set_name(layer)), layer) << set_name(layer);
        }
    }
    EXPECT_EQ(set_name(Layer::of(net("192.0.2.1"))), "blocked4");
    EXPECT_EQ(set_name(Layer::of(net("192.0.2.0/24"))), "blocked4_net24");
    EXPECT_EQ(set_name(Layer::of(net("2001:db8::1"))), "blocked6");
    EXPECT_EQ(set_name(Layer::of(net("2001:db8::/64"))), "blocked6_net64");
}

TEST(Layer, NamesOfOthersAreNot) {
    for (const auto* name : {"", "blocked", "blocked5", "blocked4_", "blocked4_net", "blocked4_net32",
                             "blocked4_net33", "blocked6_net128", "blocked4_net024", "blocked4_net-1",
                             "blocked4_net8x", "blocked44", "xblocked4", "blocked4_net99999999999"})
        EXPECT_FALSE(layer_of_set(name)) << name;
}

TEST(MergeChanges, LeavesOneWishForEachNetworkGroupedByLayer) {
    const Time now = from_micros(1'000'000'000);
    const std::vector<enforce::BlockEntry> add{{net("192.0.2.2"), now + 1s}, {net("10.0.0.0/8"), {}},
                                               {net("192.0.2.1"), now + 1s}, {net("192.0.2.2"), now + 9s},
                                               {net("192.0.2.3"), now},      {net("2001:db8::1"), {}}};
    const std::vector<IpNetwork> remove{net("192.0.2.1"), net("192.0.2.9"), net("192.0.2.9")};
    const auto merged = merge_changes(add, remove, now);
    std::string text;
    for (const auto& wanted : merged)
        text += (wanted.change == enforce::BlockChange::add ? "+" : "-") + wanted.network.text() + " ";
    EXPECT_EQ(text, "+10.0.0.0/8 +192.0.2.1 +192.0.2.2 -192.0.2.3 -192.0.2.9 +2001:db8::1 ");
    EXPECT_EQ(merged[2].until, now + 9s);
    EXPECT_EQ(merged[0].until, never);
    EXPECT_TRUE(merge_changes({}, {}, now).empty());
}

TEST(Shadow, HoldsUntilTheEnd) {
    Shadow shadow;
    const Time now = from_micros(1'000'000'000);
    shadow.set(net("192.0.2.1"), now + 1s);
    shadow.set(net("192.0.2.0/24"), never);
    EXPECT_TRUE(shadow.holds(net("192.0.2.1"), now));
    EXPECT_FALSE(shadow.holds(net("192.0.2.1"), now + 1s));
    EXPECT_TRUE(shadow.holds(net("192.0.2.0/24"), now + 100h));
    EXPECT_FALSE(shadow.holds(net("192.0.2.0"), now));
    shadow.forget_ended(now + 2s);
    EXPECT_TRUE(shadow.of({IpFamily::v4, 32}).empty());
    shadow.erase(net("192.0.2.0/24"));
    EXPECT_FALSE(shadow.holds(net("192.0.2.0/24"), now));
}

}  // namespace
}  // namespace garita::nftables
