#include "adapters/linux_host/local_network.hpp"

#include <algorithm>
#include <cstdlib>
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

TEST(LocalNetworksOfAHost, AreCurrentAfterEveryChange) {
    const auto space = testing_support::NetNamespace::make();
    if (!space) GTEST_SKIP() << "needs root and network namespaces";
    ASSERT_TRUE(
        space->shell("ip link add v0 type veth peer name v1 && ip link set v0 up && ip link set v1 up && "
                     "ip addr add 192.0.2.10/24 dev v0 && ip route add default via 192.0.2.1"));
    const support::TemporaryDirectory directory;
    std::ofstream(directory / "resolv.conf") << "nameserver 203.0.113.53\n";
    LocalNetworks networks({directory / "resolv.conf"});
    const auto holds_after = [&](const std::string& change, std::string_view address) {
        bool holds = false;
        space->run([&] {
            ASSERT_EQ(std::system(change.c_str()), 0) << change;
            const auto result = networks.protected_networks();
            ASSERT_TRUE(result) << result.error().text;
            holds = std::any_of(result->begin(), result->end(), [&](const auto& one) {
                return one.network == IpNetwork::parse(address).value();
            });
        });
        return holds;
    };
    for (int i = 0; i < 20; ++i) {
        EXPECT_TRUE(holds_after("true", "192.0.2.10"));
        EXPECT_TRUE(holds_after("ip addr add 192.0.2.11/24 dev v0", "192.0.2.11"));
        EXPECT_FALSE(holds_after("ip addr del 192.0.2.11/24 dev v0", "192.0.2.11"));
        EXPECT_TRUE(holds_after("ip -6 addr add 2001:db8::7/64 dev v0 nodad", "2001:db8::7"));
        EXPECT_FALSE(holds_after("ip -6 addr del 2001:db8::7/64 dev v0", "2001:db8::7"));
        EXPECT_TRUE(holds_after("ip route replace default via 192.0.2.2", "192.0.2.2"));
        EXPECT_FALSE(holds_after("ip link set v0 down", "192.0.2.2")) << "the route goes with the link";
        EXPECT_TRUE(holds_after("ip link set v0 up && ip route add default via 192.0.2.1", "192.0.2.1"));
    }
    std::ofstream(directory / "resolv.conf") << "nameserver 203.0.113.54\n";
    EXPECT_TRUE(holds_after("true", "203.0.113.54"));
    EXPECT_FALSE(holds_after("true", "203.0.113.53"));
}

TEST(LocalNetworksOfAHost, AreReadAgainWhenMoreHasChangedThanTheKernelCouldTell) {
    const auto space = testing_support::NetNamespace::make();
    if (!space) GTEST_SKIP() << "needs root and network namespaces";
    ASSERT_TRUE(space->shell("ip link add v0 type veth peer name v1 && ip link set v0 up"));
    LocalNetworks networks(std::vector<std::string>{});
    const auto count = [&] {
        std::size_t found = 0;
        space->run([&] {
            const auto result = networks.protected_networks();
            ASSERT_TRUE(result) << result.error().text;
            found = result->size();
        });
        return found;
    };
    const auto before = count();
    ASSERT_TRUE(
        space->shell("for i in $(seq 1 12); do for j in $(seq 1 250); do echo "
                     "addr add 10.1.$i.$j/32 dev v0; done; done | ip -batch -"));
    EXPECT_EQ(count(), before + 3000);
}

}  // namespace
}  // namespace garita::linux_host
