// What packets of networks meet, with packets.

#include "integration/nft_classes/packets.hpp"
#include "support/packed.hpp"

namespace garita::nft_classes {
namespace {

class NftNetworkPackets : public NftClassPackets {
  protected:
    static NftClass networks(Effect effect, const std::string& interface = {}) {
        NftClass rules = access_class(effect);
        rules.name = "networks";
        rules.key = ParamType::network;
        rules.interface = interface;
        return rules;
    }
    static RuleKey network(const std::string& text) {
        ParamSpec net;
        net.name = "net";
        net.type = ParamType::network;
        ParamSpec value;
        value.name = "value";
        value.type = ParamType::mark;
        return RuleClass("any", {net}, value).read_params(text).value();
    }
    /// The 24 bits of a network of IPv4.
    static RuleKey numbered_network(std::uint32_t number) {
        const std::array<std::uint8_t, 6> bytes{4,
                                                static_cast<std::uint8_t>(number >> 16U),
                                                static_cast<std::uint8_t>(number >> 8U),
                                                static_cast<std::uint8_t>(number),
                                                0,
                                                24};
        RuleKey key;
        (void)key.append(bytes);
        return key;
    }
    void let_through_only_0x30() {
        ASSERT_TRUE(
            hosts_->router().shell("nft add table inet watch && nft 'add chain inet watch forward "
                                   "{ type filter hook forward priority 10; }' && "
                                   "nft add rule inet watch forward meta mark != 0x30 drop"));
    }
    void expect_both_ways(const std::string& subscriber, bool passes) {
        EXPECT_EQ(hosts_->reaches_up(subscriber), passes) << subscriber << " up";
        EXPECT_EQ(hosts_->reaches_down(subscriber), passes) << subscriber << " down";
    }
};

TEST_F(NftNetworkPackets, ANetworkOpensForAllInItAndForNobodyElse) {
    for (const char* interface : {"sub", ""}) {
        const auto rules = networks(Effect::open, interface);
        enforce_class(rules);
        expect_both_ways("100.64.0.1", false);
        expect_both_ways("2001:db8:5:1::1", false);
        put(network("100.64.4.0/22"), rules.present);
        put(network("2001:db8:5:1::/112"), rules.present);
        expect_both_ways("100.64.4.1", true);
        expect_both_ways("100.64.7.255", true);
        expect_both_ways("100.64.8.0", false);
        expect_both_ways("100.64.3.255", false);
        expect_both_ways("2001:db8:5:1::ffff", true);
        expect_both_ways("2001:db8:5:1::1:0", false);
        put(network("100.64.4.0/22"), std::nullopt);
        expect_both_ways("100.64.4.1", false);
        ASSERT_TRUE(backend_->remove_all());
    }
}

TEST_F(NftNetworkPackets, NetworksMayLieWithinOthers) {
    const auto rules = networks(Effect::closed, "sub");
    enforce_class(rules);
    put(network("100.64.0.0/16"), rules.present);
    put(network("100.64.1.0/24"), rules.present);
    put(network("100.64.1.7/32"), rules.present);
    expect_both_ways("100.64.1.7", false);
    put(network("100.64.0.0/16"), std::nullopt);
    expect_both_ways("100.64.2.1", true);
    expect_both_ways("100.64.1.8", false);
    put(network("100.64.1.0/24"), std::nullopt);
    expect_both_ways("100.64.1.8", true);
    expect_both_ways("100.64.1.7", false);
    put(network("0.0.0.0/0"), rules.present);
    expect_both_ways("100.64.1.8", false);
    expect_both_ways("2001:db8:5:1::1", true);
    put(network("::/0"), rules.present);
    expect_both_ways("2001:db8:5:1::1", false);
}

TEST_F(NftNetworkPackets, TheLongestNetworkGivesTheMark) {
    NftClass rules = networks(Effect::mark);
    enforce_class(rules);
    const auto mark = [](std::uint32_t number) { return testing_support::mark_of(number); };
    let_through_only_0x30();
    put(network("100.64.0.0/16"), mark(0x10));
    put(network("2001:db8:5::/48"), mark(0x10));
    expect_both_ways("100.64.1.1", false);
    put(network("100.64.1.0/24"), mark(0x30));
    put(network("2001:db8:5:1::/64"), mark(0x30));
    expect_both_ways("100.64.1.1", true);
    expect_both_ways("100.64.2.1", false);
    expect_both_ways("2001:db8:5:1::1", true);
    put(network("100.64.1.1/32"), mark(0x20));
    put(network("2001:db8:5:1::1/128"), mark(0x20));
    expect_both_ways("100.64.1.1", false);
    expect_both_ways("100.64.1.2", true);
    expect_both_ways("2001:db8:5:1::1", false);
    put(network("100.64.1.1/32"), std::nullopt);
    expect_both_ways("100.64.1.1", true);
}

TEST_F(NftNetworkPackets, TheKernelFindsEveryNetworkInItsShard) {
    for (const Effect effect : {Effect::open, Effect::mark}) {
        auto rules = networks(effect, "sub");
        const RuleValue value = effect == Effect::mark ? testing_support::mark_of(0x30) : rules.present;
        enforce_class(rules);
        if (effect == Effect::mark) let_through_only_0x30();
        Changes many;
        for (std::uint32_t i = 0; i < 40'000; ++i)
            many.push_back({numbered_network(0x0a0000 + i), std::nullopt, value});
        for (std::size_t first = 0; first < many.size(); first += 4000) {
            const auto failed = backend_->apply(std::span(many).subspan(first, 4000));
            ASSERT_TRUE(failed) << failed.error().text;
            ASSERT_TRUE(failed->empty());
        }
        ASSERT_GE(backend_->parts(), 16U);  // it has grown
        put(network("100.64.0.0/20"), value);
        for (unsigned i = 0; i < 20; ++i) {
            const std::string third = std::to_string(20 + i * 7);
            EXPECT_FALSE(hosts_->reaches_up("100.64." + third + ".9"));
            put(network("100.64." + third + ".0/24"), value);
            expect_both_ways("100.64." + third + ".9", true);
        }
        expect_both_ways("100.64.15.1", true);  // of another length, looked up after the shards
        ASSERT_TRUE(backend_->remove_all());
    }
}

TEST_F(NftNetworkPackets, RebuildingAndNewLengthsNeverShowAnEmptySet) {
    for (const Effect effect : {Effect::open, Effect::closed}) {
        const auto rules = networks(effect, "sub");
        enforce_class(rules);
        const std::string listed = effect == Effect::open ? "100.64.0.1/32" : "100.64.0.2/32";
        put(network(listed), rules.present);
        testing_support::Rebuilds rebuilds;
        rebuilds.always = {{network(listed), rules.present}};
        rebuilds.other = [&](std::uint32_t i) {
            return std::pair(numbered_network(0x0a0000 + i), rules.present);
        };
        rebuilds.counts = {1000, 30'000, 60'000, 60'000, 0, 100'000, 10};
        rebuild_under_packets(path(), *backend_, rebuilds, [&] {
            for (unsigned length = 1; length < 25; ++length)
                put(network("128.0.0.0/" + std::to_string(length)), rules.present);
            Changes more;
            for (std::uint32_t i = 0; i < 100'000; ++i)
                more.push_back({numbered_network(0x0b0000 + i), std::nullopt, rules.present});
            for (std::size_t first = 0; first < more.size(); first += 4000)
                ASSERT_TRUE(backend_->apply(std::span(more).subspan(first, 4000)));
        });
        ASSERT_TRUE(backend_->remove_all());
    }
}

}  // namespace
}  // namespace garita::nft_classes
