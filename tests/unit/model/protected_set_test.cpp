#include "model/protected_set.hpp"

#include <algorithm>
#include <vector>

#include <gtest/gtest.h>

namespace garita {
namespace {

IpNetwork net(const std::string& text) {
    return IpNetwork::parse(text).value();
}

TEST(ProtectedSetTest, IsHitFromAroundFromInsideAndExactly) {
    ProtectedSet set;
    set.add(net("192.0.2.64/26"), "office");
    set.add(net("2001:db8::5"), "gateway");
    for (const auto* hit : {"192.0.2.64/26", "192.0.2.65", "192.0.2.96/27", "192.0.2.0/24", "0.0.0.0/0",
                            "2001:db8::5", "2001:db8::/64", "::/0", "127.0.0.5", "127.0.0.0/16", "::1"})
        EXPECT_TRUE(set.hit_by(net(hit))) << hit;
    for (const auto* free : {"192.0.2.63", "192.0.2.128", "192.0.2.0/26", "192.0.2.128/25", "2001:db8::4",
                             "2001:db8:0:1::/64", "126.0.0.0/8", "128.0.0.0/8"})
        EXPECT_FALSE(set.hit_by(net(free))) << free;
    EXPECT_EQ(set.hit_by(net("192.0.2.70"))->why, "office");
}

TEST(ProtectedSetTest, AgreesWithComparingAll) {
    std::vector<IpNetwork> all;
    ProtectedSet set;
    unsigned seed = 7;
    const auto random = [&] { return seed = seed * 1664525U + 1013904223U; };
    const auto some_network = [&] {
        const unsigned bits = random();
        return IpNetwork(IpAddress::from_v4({10, static_cast<std::uint8_t>(bits >> 24 & 3),
                                             static_cast<std::uint8_t>(bits >> 16 & 3),
                                             static_cast<std::uint8_t>(bits >> 8)}),
                         12 + (random() >> 16) % 21);
    };
    for (int i = 0; i < 40; ++i) {
        all.push_back(some_network());
        if (all.back().prefix() < 20)
            all.pop_back();
        else
            set.add(all.back(), "x");
    }
    int hits = 0;
    for (int i = 0; i < 5000; ++i) {
        const auto asked = some_network();
        const bool expected =
            std::any_of(all.begin(), all.end(), [&](const auto& network) { return network.overlaps(asked); });
        hits += expected;
        ASSERT_EQ(set.hit_by(asked).has_value(), expected) << asked.text();
    }
    EXPECT_GT(hits, 100);
    EXPECT_LT(hits, 4900);
}

}  // namespace
}  // namespace garita
