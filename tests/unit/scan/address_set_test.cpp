#include "scan/address_set.hpp"

#include <limits>
#include <random>
#include <set>

#include <gtest/gtest.h>

namespace garita::scan {
namespace {

IpAddress ip(const char* text) {
    const auto address = IpAddress::parse(text);
    EXPECT_TRUE(address) << text;
    return address.value_or(IpAddress());
}

AddressRange network(const char* text) {
    const auto read = IpNetwork::parse(text);
    EXPECT_TRUE(read) << text;
    return AddressRange::of(read.value_or(IpNetwork()));
}

TEST(AddressRange, OfANetworkHasItsFirstAndLastAddress) {
    EXPECT_EQ(network("192.0.2.0/24"), (AddressRange{ip("192.0.2.0"), ip("192.0.2.255")}));
    EXPECT_EQ(network("192.0.2.4/31"), (AddressRange{ip("192.0.2.4"), ip("192.0.2.5")}));
    EXPECT_EQ(network("192.0.2.7"), (AddressRange{ip("192.0.2.7"), ip("192.0.2.7")}));
    EXPECT_EQ(network("0.0.0.0/0"), (AddressRange{ip("0.0.0.0"), ip("255.255.255.255")}));
    EXPECT_EQ(network("2001:db8::/121"), (AddressRange{ip("2001:db8::"), ip("2001:db8::7f")}));
}

TEST(AddressRange, KnowsHowManyItHas) {
    EXPECT_EQ(network("192.0.2.0/24").size(), 256U);
    EXPECT_EQ(network("192.0.2.7").size(), 1U);
    EXPECT_EQ(network("0.0.0.0/0").size(), std::uint64_t{1} << 32);
    EXPECT_EQ(network("2001:db8::/112").size(), 65536U);
    EXPECT_EQ(network("2001:db8::/65").size(), std::uint64_t{1} << 63);
    EXPECT_EQ(network("2001:db8::/64").size(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ(network("2001:db8::/32").size(), std::numeric_limits<std::uint64_t>::max());
    EXPECT_EQ((AddressRange{ip("10.0.0.255"), ip("10.0.1.1")}).size(), 3U);
    EXPECT_EQ((AddressRange{ip("9.255.255.254"), ip("11.0.0.1")}).size(), (1U << 24) + 4U);
}

TEST(AddressSet, JoinsWhatTouchesOrOverlaps) {
    const AddressSet set({network("10.0.1.0/24"), network("10.0.0.0/24"), network("10.0.0.128/25"),
                          network("10.0.3.0/24"), network("2001:db8::/120")});
    ASSERT_EQ(set.ranges().size(), 3U);
    EXPECT_EQ(set.ranges()[0], (AddressRange{ip("10.0.0.0"), ip("10.0.1.255")}));
    EXPECT_EQ(set.size(), 1024U);
    EXPECT_TRUE(set.contains(ip("10.0.1.255")));
    EXPECT_FALSE(set.contains(ip("10.0.2.0")));
    EXPECT_FALSE(set.contains(ip("9.255.255.255")));
    EXPECT_TRUE(set.contains(ip("2001:db8::ff")));
    EXPECT_FALSE(set.contains(ip("2001:db8::100")));
}

TEST(AddressSet, FamiliesNeverTouch) {
    const AddressSet set({network("255.255.255.255"), network("::")});
    EXPECT_EQ(set.ranges().size(), 2U);
    EXPECT_EQ(set.size(), 2U);
}

TEST(AddressSet, TakesAwayAtTheEndsOfAFamily) {
    const AddressSet all({network("0.0.0.0/0")});
    const auto rest = all - AddressSet({network("0.0.0.0"), network("255.255.255.255"), network("::/0")});
    ASSERT_EQ(rest.ranges().size(), 1U);
    EXPECT_EQ(rest.ranges()[0], (AddressRange{ip("0.0.0.1"), ip("255.255.255.254")}));
    EXPECT_TRUE((all - all).empty());
    EXPECT_EQ(all - AddressSet(), all);
}

TEST(AddressSet, DoesWhatASetOfNumbersDoes) {
    std::mt19937 random(11);  // NOLINT(cert-msc32-c,cert-msc51-cpp): the same sets each time
    const auto address = [](unsigned i) {
        return IpAddress::from_v4({10, 0, static_cast<std::uint8_t>(i >> 8), static_cast<std::uint8_t>(i)});
    };
    for (int round = 0; round < 200; ++round) {
        std::vector<AddressRange> both[2];
        std::set<unsigned> plain[2];
        for (int side = 0; side < 2; ++side)
            for (auto i = random() % 8; i > 0; --i) {
                const auto first = static_cast<unsigned>(random() % 600);
                const unsigned last = first + static_cast<unsigned>(random() % 40);
                both[side].push_back({address(first), address(last)});
                for (unsigned at = first; at <= last; ++at)
                    plain[side].insert(at);
            }
        const auto rest = AddressSet(both[0]) - AddressSet(both[1]);
        std::set<IpAddress> expected;
        for (const unsigned i : plain[0])
            if (plain[1].count(i) == 0) expected.insert(address(i));
        std::set<IpAddress> found;
        AddressWalk walk(rest);
        while (const auto next = walk.next())
            EXPECT_TRUE(found.insert(*next).second);
        EXPECT_EQ(found, expected);
        EXPECT_EQ(rest.size(), expected.size());
    }
}

}  // namespace
}  // namespace garita::scan
