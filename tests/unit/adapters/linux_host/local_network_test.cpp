#include "adapters/linux_host/local_network.hpp"

#include <gtest/gtest.h>

#include "adapters/linux_host/network_set.hpp"

namespace garita::linux_host {
namespace {

TEST(Resolvers, AreTheNameserverLines) {
    const auto found = parse_resolvers(
        "# nameserver 192.0.2.1\nsearch example.net\nnameserver 192.0.2.53\r\n nameserver 192.0.2.54\n"
        "nameserver\tfe80::1%eth0 \nnameserver not-an-address\nnameserver\nnameservers 192.0.2.55\n"
        "nameserver 2001:db8::53");
    ASSERT_EQ(found.size(), 3U);
    EXPECT_EQ(found[0].text(), "192.0.2.53");
    EXPECT_EQ(found[1].text(), "fe80::1");
    EXPECT_EQ(found[2].text(), "2001:db8::53");
    EXPECT_TRUE(parse_resolvers("").empty());
}

TEST(LocalNetworks, NamesLoopbackFirstAndOwnAddressesAndResolversOnce) {
    LocalNetworks networks({"/nonexistent/resolv.conf"});
    const auto found = networks.protected_networks();
    ASSERT_TRUE(found) << found.error().text;
    ASSERT_GE(found->size(), 2U);
    EXPECT_EQ((*found)[0].network.text(), "127.0.0.0/8");
    EXPECT_EQ((*found)[1].network.text(), "::1");
    for (std::size_t i = 0; i < found->size(); ++i)
        for (std::size_t j = i + 1; j < found->size(); ++j)
            EXPECT_FALSE((*found)[i].network == (*found)[j].network);
}

TEST(NetworkSet, FindsAnAddressInAnyLength) {
    const std::vector<IpNetwork> networks{*IpNetwork::parse("192.0.2.1"), *IpNetwork::parse("10.0.0.0/8"),
                                          *IpNetwork::parse("2001:db8::/64"),
                                          *IpNetwork::parse("2001:db8:1::7")};
    const NetworkSet set(networks);
    for (const auto* inside : {"192.0.2.1", "10.255.0.1", "2001:db8::ffff", "2001:db8:1::7"})
        EXPECT_TRUE(set.contains(*IpAddress::parse(inside))) << inside;
    for (const auto* outside : {"192.0.2.2", "11.0.0.0", "2001:db8:0:1::", "2001:db8:1::8", "::1"})
        EXPECT_FALSE(set.contains(*IpAddress::parse(outside))) << outside;
    const std::vector<IpNetwork> all{*IpNetwork::parse("0.0.0.0/0")};
    EXPECT_TRUE(NetworkSet(all).contains(*IpAddress::parse("203.0.113.1")));
    EXPECT_FALSE(NetworkSet(all).contains(*IpAddress::parse("2001:db8::1")));
}

}  // namespace
}  // namespace garita::linux_host
