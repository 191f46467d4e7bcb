#include "model/ip.hpp"

#include <unordered_set>

#include <gtest/gtest.h>

namespace garita {
namespace {

TEST(IpAddress, WritesTheCanonicalForm) {
    EXPECT_EQ(IpAddress::parse("192.0.2.1")->text(), "192.0.2.1");
    EXPECT_EQ(IpAddress::parse("2001:DB8:0:0:0:0:0:1")->text(), "2001:db8::1");
    EXPECT_EQ(IpAddress::parse("::")->text(), "::");
}

TEST(IpAddress, AMappedAddressIsTheIpv4One) {
    EXPECT_EQ(IpAddress::parse("::ffff:192.0.2.1"), IpAddress::parse("192.0.2.1"));
    EXPECT_TRUE(IpAddress::parse("::ffff:127.0.0.1")->is_loopback());
}

TEST(IpAddress, RefusesEverythingElse) {
    for (const auto* text :
         {"", "1.2.3", "1.2.3.4.5", "01.2.3.4", "256.1.1.1", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4/32",
          "fe80::1%eth0", "[::1]", ":::", "12345::", "g::1", "1.2.3.4\n", "localhost"})
        EXPECT_FALSE(IpAddress::parse(text)) << text;
    EXPECT_FALSE(IpAddress::parse(std::string_view("1.2.3.4\0", 8)));
    EXPECT_FALSE(IpAddress::parse(std::string(1000, '1')));
}

TEST(IpNetwork, ContainsWhatLiesInIt) {
    const auto network = *IpNetwork::parse("192.0.2.128/25");
    EXPECT_TRUE(network.contains(*IpAddress::parse("192.0.2.129")));
    EXPECT_FALSE(network.contains(*IpAddress::parse("192.0.2.127")));
    EXPECT_FALSE(network.contains(*IpAddress::parse("::1")));
    EXPECT_TRUE(network.contains(*IpNetwork::parse("192.0.2.192/26")));
    EXPECT_FALSE(network.contains(*IpNetwork::parse("192.0.2.0/24")));
    EXPECT_TRUE(network.overlaps(*IpNetwork::parse("192.0.0.0/16")));
    EXPECT_TRUE(IpNetwork::parse("::/0")->contains(*IpAddress::parse("2001:db8::1")));
}

TEST(IpNetwork, RefusesHostBitsAndWrongLengths) {
    for (const auto* text : {"192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/-1", "192.0.2.0/+8",
                             "::/129", "2001:db8::1/64", "/8"})
        EXPECT_FALSE(IpNetwork::parse(text)) << text;
}

TEST(IpNetwork, GroupsAnAddressByItsPrefix) {
    const IpNetwork group(*IpAddress::parse("2001:db8:1:2:aaaa::5"), 64);
    EXPECT_EQ(group.text(), "2001:db8:1:2::/64");
    EXPECT_EQ(IpNetwork(*IpAddress::parse("10.20.30.40"), 12).text(), "10.16.0.0/12");
    EXPECT_EQ(IpNetwork(*IpAddress::parse("10.20.30.40")).text(), "10.20.30.40");
}

TEST(IpNetwork, HashesDifferByFamilyAndLength) {
    std::unordered_set<IpNetwork> seen;
    for (const auto* text : {"0.0.0.0/0", "0.0.0.0/1", "::/0", "::/1", "10.0.0.0/8", "10.0.0.0/9"})
        seen.insert(*IpNetwork::parse(text));
    EXPECT_EQ(seen.size(), 6U);
}

}  // namespace
}  // namespace garita
