// What packets meet, with packets.

#include "integration/nft_classes/packets.hpp"

#include "support/packed.hpp"

namespace garita::nft_classes {
namespace {

using testing_support::key_of;

TEST_F(NftClassPackets, WithoutAnEntryNothingPassesAndWithOneBothWays) {
    for (const char* interface : {"sub", ""}) {
        auto rules = access_class();
        rules.interface = interface;
        enforce_class(rules);
        for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
            EXPECT_FALSE(hosts_->reaches_up(subscriber));
            EXPECT_FALSE(hosts_->reaches_down(subscriber));
            put(subscriber, rules.present);
            EXPECT_TRUE(hosts_->reaches_up(subscriber)) << subscriber << ' ' << interface;
            EXPECT_TRUE(hosts_->reaches_down(subscriber));
            EXPECT_FALSE(hosts_->reaches_up("100.64.0.2"));
            EXPECT_FALSE(hosts_->reaches_down("2001:db8:5:1::2"));
            put(subscriber, std::nullopt);
            EXPECT_FALSE(hosts_->reaches_up(subscriber));
            EXPECT_FALSE(hosts_->reaches_down(subscriber));
        }
        ASSERT_TRUE(backend_->remove_all());
        EXPECT_TRUE(hosts_->reaches_up("100.64.0.2"));
    }
}

TEST_F(NftClassPackets, AnEntryClosesWhatIsOpen) {
    for (const char* interface : {"sub", ""}) {
        auto rules = access_class(Effect::closed);
        rules.interface = interface;
        enforce_class(rules);
        for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
            EXPECT_TRUE(hosts_->reaches_up(subscriber));
            put(subscriber, rules.present);
            EXPECT_FALSE(hosts_->reaches_up(subscriber));
            EXPECT_FALSE(hosts_->reaches_down(subscriber));
            EXPECT_TRUE(hosts_->reaches_up("100.64.0.2"));
            EXPECT_TRUE(hosts_->reaches_down("2001:db8:5:1::2"));
            put(subscriber, std::nullopt);
            EXPECT_TRUE(hosts_->reaches_up(subscriber));
        }
        ASSERT_TRUE(backend_->remove_all());
    }
}

TEST_F(NftClassPackets, AnotherInterfaceIsTakenAtTheNextStart) {
    auto rules = access_class();
    rules.interface = "wan";
    enforce_class(rules);
    put("100.64.0.1", rules.present);
    EXPECT_FALSE(hosts_->reaches_up("100.64.0.1")) << "the server is no subscriber at wan";
    rules.interface = "sub";
    enforce_class(rules);
    EXPECT_TRUE(hosts_->reaches_up("100.64.0.1"));
    EXPECT_TRUE(hosts_->reaches_down("100.64.0.1"));
    EXPECT_FALSE(hosts_->reaches_up("100.64.0.2"));
}

TEST_F(NftClassPackets, TheKernelFindsEveryAddressInItsShard) {
    auto rules = access_class();
    rules.interface = "sub";
    rules.capacity = 100'000;  // many sets
    enforce_class(rules);
    ASSERT_GT(backend_->parts(), 16U);
    for (unsigned i = 0; i < 40; ++i) {
        const std::string v4 = "100.64." + std::to_string(i * 5) + "." + std::to_string(i * 3 + 1);
        put(v4, rules.present);
        EXPECT_TRUE(hosts_->reaches_up(v4)) << v4;
    }
    EXPECT_TRUE(hosts_->reaches_down("100.64.5.4"));
    EXPECT_FALSE(hosts_->reaches_up("100.64.5.5"));
}

TEST_F(NftClassPackets, TheKernelFindsEveryAddressOfIpv6InItsShard) {
    auto rules = access_class();
    rules.capacity = 256;
    enforce_class(rules);
    Changes many;
    for (unsigned i = 0; i < 40'000; ++i) {
        auto bytes = IpAddress::parse("2001:db8:77::").value().bytes();
        bytes[14] = static_cast<std::uint8_t>(i >> 8U);
        bytes[15] = static_cast<std::uint8_t>(i);
        many.push_back({key_of(IpAddress::from_v6(bytes)), std::nullopt, rules.present});
    }
    for (std::size_t first = 0; first < many.size(); first += 4000) {
        const auto failed = backend_->apply(std::span(many).subspan(first, 4000));
        ASSERT_TRUE(failed) << failed.error().text;
        ASSERT_TRUE(failed->empty());
    }
    ASSERT_GE(backend_->parts(), 17U);  // it has grown
    for (unsigned i = 1; i < 40; ++i) {
        const std::string v6 = "2001:db8:5:1::" + std::to_string(i * 7);
        EXPECT_FALSE(hosts_->reaches_up(v6)) << v6;
        put(v6, rules.present);
        EXPECT_TRUE(hosts_->reaches_up(v6)) << v6;
    }
}

TEST_F(NftClassPackets, MarksPacketsOfBothDirections) {
    NftClass rules;
    rules.name = "ip_mark";
    rules.effect = Effect::mark;
    rules.interface = "sub";
    enforce_class(rules);
    put("100.64.0.1", testing_support::mark_of(0x1234));
    put("2001:db8:5:1::1", testing_support::mark_of(0x1234));
    ASSERT_TRUE(
        hosts_->router().shell("nft add table inet watch && nft 'add chain inet watch forward "
                               "{ type filter hook forward priority 10; }' && "
                               "nft add rule inet watch forward meta mark 0x1234 drop"));
    for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
        EXPECT_FALSE(hosts_->reaches_up(subscriber));
        EXPECT_FALSE(hosts_->reaches_down(subscriber));
        put(subscriber, testing_support::mark_of(0x4321));
        EXPECT_TRUE(hosts_->reaches_up(subscriber));
        EXPECT_TRUE(hosts_->reaches_down(subscriber));
    }
    EXPECT_TRUE(hosts_->reaches_up("100.64.0.2"));
}

TEST_F(NftClassPackets, AnAddressIsBoundToItsCard) {
    NftClass rules;
    rules.name = "mac_ip";
    rules.effect = Effect::bind;
    enforce_class(rules);
    const auto mac = [](std::uint8_t last) {
        RuleValue value;
        const std::array<std::uint8_t, 6> bytes{2, 0, 0, 0, 0, last};
        (void)value.append(bytes);
        return value;
    };
    for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
        put(subscriber, mac(9));
        EXPECT_FALSE(hosts_->reaches_up(subscriber));
        put(subscriber, mac(2));
        EXPECT_TRUE(hosts_->reaches_up(subscriber));
        put(subscriber, mac(9));
        EXPECT_FALSE(hosts_->reaches_up(subscriber));
        put(subscriber, std::nullopt);
        EXPECT_TRUE(hosts_->reaches_up(subscriber));
    }
}

TEST_F(NftClassPackets, RebuildingAndGrowingNeverShowAnEmptySet) {
    for (const Effect effect : {Effect::open, Effect::closed}) {
        auto rules = access_class(effect);
        rules.interface = "sub";
        enforce_class(rules);
        const std::string listed = effect == Effect::open ? "100.64.0.1" : "100.64.0.2";
        put(listed, rules.present);
        testing_support::Rebuilds rebuilds;
        rebuilds.always = {{key_of(listed), rules.present}};
        rebuilds.other = [&](std::uint32_t i) {
            return std::pair(testing_support::numbered_key(0x100000 + i), rules.present);
        };
        for (std::uint32_t count = 10'000; count < 100'000; count += 12'000)
            rebuilds.counts.push_back(count);  // into larger sets on the way
        rebuild_under_packets(path(), *backend_, rebuilds, [&] {
            Changes more;
            for (std::uint32_t i = 0; i < 300'000; ++i)
                more.push_back({testing_support::numbered_key(0x200000 + i), std::nullopt, rules.present});
            for (std::size_t first = 0; first < more.size(); first += 4000)
                ASSERT_TRUE(backend_->apply(std::span(more).subspan(first, 4000)));
        });
        ASSERT_TRUE(backend_->remove_all());
    }
}

}  // namespace
}  // namespace garita::nft_classes
