#include "adapters/linux_host/local_network.hpp"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "support/net_namespace.hpp"
#include "support/temporary_directory.hpp"

namespace garita::linux_host {
namespace {

TEST(LocalNetworksOfAHost, AreItsAddressesGatewaysAndResolvers) {
    const auto space = testing_support::NetNamespace::make();
    if (!space) GTEST_SKIP() << "needs root and network namespaces";
    ASSERT_TRUE(
        space->shell("ip link add v0 type veth peer name v1 && ip link set v0 up && ip link set v1 up && "
                     "ip addr add 192.0.2.10/24 dev v0 && ip addr add 2001:db8::10/64 dev v0 nodad && "
                     "ip route add default nexthop via 192.0.2.1 dev v0 nexthop via 192.0.2.2 dev v0 && "
                     "ip route add 198.51.100.0/24 via 192.0.2.99 && "
                     "ip -6 route add default via 2001:db8::1 dev v0"));
    const support::TemporaryDirectory directory;
    std::ofstream(directory / "resolv.conf") << "nameserver 203.0.113.53\nnameserver 192.0.2.1\n";
    std::vector<enforce::LocalNetwork> found;
    space->run([&] {
        LocalNetworks networks({directory / "resolv.conf"});
        auto result = networks.protected_networks();
        ASSERT_TRUE(result) << result.error().text;
        found = std::move(*result);
    });
    const auto has = [&](std::string_view text, enforce::LocalRole role) {
        const enforce::LocalNetwork wanted{IpNetwork::parse(text).value(), role};
        return std::find(found.begin(), found.end(), wanted) != found.end();
    };
    using enforce::LocalRole;
    EXPECT_TRUE(has("127.0.0.0/8", LocalRole::loopback));
    EXPECT_TRUE(has("192.0.2.10", LocalRole::own_address));
    EXPECT_TRUE(has("2001:db8::10", LocalRole::own_address));
    EXPECT_TRUE(has("192.0.2.1", LocalRole::gateway));
    EXPECT_TRUE(has("192.0.2.2", LocalRole::gateway));
    EXPECT_TRUE(has("2001:db8::1", LocalRole::gateway));
    EXPECT_TRUE(has("203.0.113.53", LocalRole::resolver));
    EXPECT_FALSE(has("192.0.2.1", LocalRole::resolver)) << "each once";
    EXPECT_FALSE(has("192.0.2.99", LocalRole::gateway)) << "not a default route";
}

}  // namespace
}  // namespace garita::linux_host
