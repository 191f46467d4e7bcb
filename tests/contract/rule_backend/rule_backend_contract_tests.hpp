#pragma once
// The tests of the contract; included once by each test program that instantiates them.

#include "contract/rule_backend/rule_backend_contract.hpp"

namespace garita::contract {

using namespace std::chrono_literals;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(RuleBackendContract);

TEST_P(RuleBackendContract, IsEmptyAtFirst) {
    EXPECT_TRUE(in_force().empty());
    EXPECT_EQ(backend().check(now()).value(), enforce::Drift::none);
}

TEST_P(RuleBackendContract, HoldsWhatWasAddedWithItsEnd) {
    const Entries should{{net("192.0.2.1"), now() + 1h},
                         {net("192.0.2.2"), std::nullopt},
                         {net("198.51.100.0/24"), now() + 24h},
                         {net("2001:db8::1"), now() + 365 * 24h},
                         {net("2001:db8:1::/64"), std::nullopt}};
    std::vector<enforce::BlockEntry> entries;
    for (const auto& [network, until] : should)
        entries.push_back({network, until});
    add(entries);
    expect_same(in_force(), should);
    add(entries);
    expect_same(in_force(), should);
    EXPECT_EQ(backend().check(now()).value(), enforce::Drift::none);
}

TEST_P(RuleBackendContract, SetsTheEndAnew) {
    const auto host = net("192.0.2.1");
    const auto network = net("2001:db8::/64");
    const std::vector<std::optional<Time>> ends{now() + 1h, now() + 2h, now() + 10min, std::nullopt,
                                                now() + 3h};
    for (const auto& until : ends) {
        add({{host, until}, {network, until}});
        expect_same(in_force(), {{host, until}, {network, until}});
    }
}

TEST_P(RuleBackendContract, RemovesAndDoesNotMindWhatIsAbsent) {
    add({{net("192.0.2.1"), now() + 1h}, {net("192.0.2.2"), now() + 1h}, {net("10.0.0.0/8"), {}}});
    remove({net("192.0.2.1"), net("10.0.0.0/8"), net("203.0.113.9"), net("2001:db8:ffff::/48")});
    expect_same(in_force(), {{net("192.0.2.2"), now() + 1h}});
    remove({net("192.0.2.1")});
    expect_same(in_force(), {{net("192.0.2.2"), now() + 1h}});
}

TEST_P(RuleBackendContract, AdditionWinsOverRemovalAndTheLastOverTheFirst) {
    const auto host = net("192.0.2.1");
    change({{host, now() + 1h}, {host, now() + 2h}}, {host});
    expect_same(in_force(), {{host, now() + 2h}});
}

TEST_P(RuleBackendContract, AnEndedEntryIsNotAddedAndTakenAway) {
    const auto host = net("192.0.2.1");
    add({{host, now() + 1h}, {net("192.0.2.2"), now() - 1s}});
    expect_same(in_force(), {{host, now() + 1h}});
    add({{host, now() - 1s}});
    EXPECT_TRUE(in_force().empty());
}

TEST_P(RuleBackendContract, NestedNetworksLiveEachByItself) {
    const std::vector<enforce::BlockEntry> nested{
        {net("10.0.0.0/8"), now() + 1h},    {net("10.1.0.0/16"), now() + 2h},
        {net("10.1.2.0/24"), std::nullopt}, {net("10.1.2.3"), now() + 3h},
        {net("2001:db8::/32"), now() + 1h}, {net("2001:db8::/64"), now() + 2h}};
    Entries should;
    for (const auto& entry : nested)
        should[entry.network] = entry.expires_at;
    add(nested);
    expect_same(in_force(), should);
    for (const auto* gone : {"10.1.0.0/16", "2001:db8::/32", "10.0.0.0/8", "10.1.2.3"}) {
        remove({net(gone)});
        should.erase(net(gone));
        expect_same(in_force(), should);
    }
    add({{net("10.0.0.0/8"), now() + 4h}});
    should[net("10.0.0.0/8")] = now() + 4h;
    expect_same(in_force(), should);
}

TEST_P(RuleBackendContract, EveryPrefixLengthOfBothFamilies) {
    Entries should;
    std::vector<enforce::BlockEntry> entries;
    for (unsigned prefix = 0; prefix <= 32; ++prefix)
        entries.push_back({IpNetwork(IpAddress::parse("203.0.113.7").value(), prefix), now() + 1h});
    for (unsigned prefix = 0; prefix <= 128; ++prefix)
        entries.push_back({IpNetwork(IpAddress::parse("2001:db8:aaaa::7").value(), prefix), now() + 1h});
    for (const auto& entry : entries)
        should[entry.network] = entry.expires_at;
    add(entries);
    expect_same(in_force(), should);
}

TEST_P(RuleBackendContract, EndsByItselfAtItsSecond) {
    const Time start = now();
    add({{net("192.0.2.1"), start + 3s},
         {net("192.0.2.2"), start + 1h},
         {net("10.0.0.0/8"), start + 3s},
         {net("10.1.0.0/16"), start + 1h}});
    device_->pass(1s);
    EXPECT_EQ(in_force().size(), 4U);
    device_->pass(2200ms);
    expect_same(in_force(), {{net("192.0.2.2"), start + 1h}, {net("10.1.0.0/16"), start + 1h}});
    // and it can come back, alone and together with others
    add({{net("192.0.2.1"), start + 2h}, {net("192.0.2.3"), start + 2h}});
    expect_same(in_force(), {{net("192.0.2.1"), start + 2h},
                             {net("192.0.2.2"), start + 1h},
                             {net("192.0.2.3"), start + 2h},
                             {net("10.1.0.0/16"), start + 1h}});
    remove({net("10.0.0.0/8")});
    EXPECT_EQ(in_force().size(), 4U);
}

TEST_P(RuleBackendContract, RebuildReplacesEverything) {
    add({{net("192.0.2.1"), now() + 1h}, {net("10.0.0.0/8"), {}}, {net("2001:db8::/48"), {}}});
    const Entries should{
        {net("192.0.2.1"), now() + 5h}, {net("192.0.2.9"), std::nullopt}, {net("2001:db8::/64"), {}}};
    std::vector<enforce::BlockEntry> entries{{net("192.0.2.77"), now() - 1s}};
    for (const auto& [network, until] : should)
        entries.push_back({network, until});
    const auto result = backend().rebuild(entries, now());
    ASSERT_TRUE(result) << result.error().text;
    EXPECT_TRUE(result->failed.empty());
    expect_same(in_force(), should);
    EXPECT_EQ(backend().check(now()).value(), enforce::Drift::none);
    add({{net("192.0.2.1"), now() + 1h}});
    remove({net("192.0.2.9"), net("2001:db8::/64")});
    expect_same(in_force(), {{net("192.0.2.1"), now() + 1h}});
}

TEST_P(RuleBackendContract, RebuildWithoutPreparation) {
    device_->foreign_drop_structure();
    const auto result = backend().rebuild(std::vector<enforce::BlockEntry>{{net("192.0.2.1"), {}}}, now());
    ASSERT_TRUE(result) << result.error().text;
    expect_same(in_force(), {{net("192.0.2.1"), std::nullopt}});
}

TEST_P(RuleBackendContract, TellsThatSomebodyElseChangedIt) {
    add({{net("192.0.2.1"), now() + 1h}, {net("10.0.0.0/8"), now() + 1h}});
    ASSERT_EQ(backend().check(now()).value(), enforce::Drift::none);
    device_->foreign_erase(net("192.0.2.1"));
    EXPECT_EQ(backend().check(now()).value(), enforce::Drift::possible);
    expect_same(in_force(), {{net("10.0.0.0/8"), now() + 1h}});
    EXPECT_EQ(backend().check(now()).value(), enforce::Drift::none) << "once looked at, it is known";
    add({{net("192.0.2.1"), now() + 1h}});
    EXPECT_EQ(in_force().size(), 2U);
}

TEST_P(RuleBackendContract, WritesRightlyEvenWhenItWasNotLookedAtAfterAForeignChange) {
    add({{net("192.0.2.1"), now() + 1h}, {net("192.0.2.2"), now() + 1h}});
    device_->foreign_erase(net("192.0.2.1"));
    change({{net("192.0.2.1"), now() + 2h}, {net("192.0.2.3"), now() + 2h}}, {net("192.0.2.2")});
    expect_same(in_force(), {{net("192.0.2.1"), now() + 2h}, {net("192.0.2.3"), now() + 2h}});
}

TEST_P(RuleBackendContract, RepairsItsStructure) {
    add({{net("192.0.2.1"), now() + 1h}});
    device_->foreign_drop_structure();
    EXPECT_EQ(backend().check(now()).value(), enforce::Drift::structure);
    ASSERT_TRUE(backend().prepare());
    EXPECT_TRUE(in_force().empty());
    add({{net("192.0.2.1"), now() + 1h}});
    EXPECT_EQ(in_force().size(), 1U);
    EXPECT_EQ(backend().check(now()).value(), enforce::Drift::none);
}

TEST_P(RuleBackendContract, PreparingAgainKeepsEverything) {
    const Entries should{{net("192.0.2.1"), now() + 1h}, {net("10.0.0.0/8"), std::nullopt}};
    add({{net("192.0.2.1"), now() + 1h}, {net("10.0.0.0/8"), {}}});
    ASSERT_TRUE(backend().prepare());
    expect_same(in_force(), should);
    ASSERT_TRUE(backend().prepare());
    add({{net("192.0.2.1"), now() + 1h}});  // known although never written since
    expect_same(in_force(), should);
}

TEST_P(RuleBackendContract, RemovesAll) {
    add({{net("192.0.2.1"), now() + 1h}, {net("10.0.0.0/8"), {}}});
    ASSERT_TRUE(backend().remove_all());
    ASSERT_TRUE(backend().remove_all());
    const auto refused = backend().apply(std::vector<enforce::BlockEntry>{{net("192.0.2.1"), {}}}, {}, now());
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::conflict);
    const auto unread = backend().read_back(now());
    ASSERT_FALSE(unread);
    EXPECT_EQ(unread.error().code, ErrorCode::conflict);
    EXPECT_EQ(backend().check(now()).value(), enforce::Drift::structure);
    ASSERT_TRUE(backend().prepare());
    EXPECT_TRUE(in_force().empty());
}

TEST_P(RuleBackendContract, ALongRandomHistoryEndsAsAMapWould) {
    std::mt19937 random(20261122);
    const auto pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
    Entries model;
    for (int round = 0; round < 60; ++round) {
        std::vector<enforce::BlockEntry> entries;
        std::vector<IpNetwork> networks;
        for (unsigned i = pick(40); i > 0; --i) {
            const auto low = static_cast<std::uint8_t>(pick(8));
            const auto address = pick(2) == 0
                                     ? IpAddress::from_v4({10, 0, static_cast<std::uint8_t>(pick(3)), low})
                                     : IpAddress::from_v6({0x20, 1, 0xd, 0xb8, low});
            const IpNetwork network(address, address.is_v4() ? 32 - 4 * pick(5) : 128 - 32 * pick(4));
            if (pick(3) == 0)
                networks.push_back(network);
            else
                entries.push_back(
                    {network, pick(4) == 0 ? std::nullopt : std::optional(now() + 1h * (1 + pick(9)))});
        }
        for (const auto& network : networks)
            model.erase(network);
        for (const auto& entry : entries)
            model[entry.network] = entry.expires_at;
        change(entries, networks);
        if (HasFatalFailure()) return;
        if (round % 10 == 9) {
            expect_same(in_force(), model);
            if (HasFatalFailure()) return;
        }
    }
}

TEST_P(RuleBackendContract, MoreThanOneTransactionCanHold) {
    Entries should;
    std::vector<enforce::BlockEntry> entries;
    for (unsigned i = 0; i < 12'000; ++i) {
        const auto address = IpAddress::from_v4(
            {100, 64, static_cast<std::uint8_t>(i >> 8U), static_cast<std::uint8_t>(i & 0xffU)});
        entries.push_back({IpNetwork(address), now() + 1h + i * 1s});
    }
    for (const auto& entry : entries)
        should[entry.network] = entry.expires_at;
    add(entries);
    expect_same(in_force(), should);
    for (auto& entry : entries) {
        *entry.expires_at += 1h;
        should[entry.network] = entry.expires_at;
    }
    add(entries);
    expect_same(in_force(), should);
}

}  // namespace garita::contract
