#include "support/post.hpp"

namespace garita::tests {
namespace {

using namespace std::chrono_literals;

IpNetwork net(std::string_view text) {
    return IpNetwork::parse(text).value();
}

class Reconciling : public ::testing::Test {
  protected:
    Post post;
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

    void pass(Duration span) {
        const auto end = now + span;
        while (now < end) {
            now += std::min<Duration>(1s, end - now);
            (void)post.reconciler->step(now);
        }
    }
};

TEST_F(Reconciling, AtTheStartTheDeviceBecomesWhatTheStoreSaysInOneChange) {
    ASSERT_TRUE(post.store.hold_rules({block_of("192.0.2.1", 1, now + 1h), block_of("192.0.2.2", 2, now - 1s),
                                       block_of("2001:db8::/64", 3)},
                                      3));
    (void)post.kernel.prepare();
    const std::vector<enforce::BlockEntry> left_over = {{net("198.51.100.9"), {}}};
    (void)post.kernel.apply(left_over, {}, now);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.rebuilds, 1);
    EXPECT_EQ(post.kernel.entries(),
              (fakes::MemoryRuleBackend::Entries{{net("192.0.2.1"), now + 1h},
                                                 {net("2001:db8::/64"), std::nullopt}}));
    EXPECT_EQ(post.report.last.up_to_seq, 3);
    EXPECT_TRUE(post.report.last.failed.empty());
}

TEST_F(Reconciling, AChangeIsAppliedWithoutReadingAllAgain) {
    post.reconcile(now);
    const auto reads = post.store.full_reads;
    post.kernel.connections_each = 2;
    post.deliver({block_of("192.0.2.1", 5), block_of("192.0.2.2", 6)}, 6);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 2U);
    EXPECT_EQ(post.report.last.up_to_seq, 6);
    EXPECT_EQ(post.report.cut, 4U);
    post.deliver({unblock_of("192.0.2.1", 7)}, 7);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 1U);
    EXPECT_EQ(post.report.last.up_to_seq, 7);
    EXPECT_EQ(post.store.full_reads, reads);
    EXPECT_EQ(post.kernel.rebuilds, 1);
}

TEST_F(Reconciling, ABlockOfItsOwnStandsUntilTheHubHasDealtWithIt) {
    using News = enforce::OwnBlock::News;
    const auto tell = [&](const char* address, std::optional<Time> ends, News news) {
        enforce::RuleDelivery delivery;
        delivery.own.push_back({net(address), ends, news});
        post.rules.offer(delivery);
        post.reconcile(now);
    };
    post.reconcile(now);
    tell("192.0.2.1", now + 2h, News::decided);
    tell("192.0.2.2", now + 2h, News::decided);
    EXPECT_EQ(post.kernel.entries().size(), 2U);
    EXPECT_EQ(post.report.last.up_to_seq, 0) << "the hub's count is not moved by it";
    // one the hub takes over with an end of its own, of the other it undoes an older rule
    post.deliver({block_of("192.0.2.1", 1, now + 1h), unblock_of("192.0.2.2", 2)}, 2);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries(), (fakes::MemoryRuleBackend::Entries{{net("192.0.2.1"), now + 1h},
                                                                        {net("192.0.2.2"), now + 2h}}));
    tell("192.0.2.1", {}, News::settled);
    tell("192.0.2.2", {}, News::settled);
    EXPECT_EQ(post.kernel.entries(), (fakes::MemoryRuleBackend::Entries{{net("192.0.2.1"), now + 1h}}));
    EXPECT_EQ(post.report.last.up_to_seq, 2);
}

TEST_F(Reconciling, ABlockOfItsOwnEndsInTime) {
    post.reconcile(now);
    enforce::RuleDelivery delivery;
    delivery.own.push_back({net("192.0.2.1"), now + 5s});
    post.rules.offer(delivery);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 1U);
    pass(7s);
    EXPECT_TRUE(post.kernel.entries().empty());
}

TEST_F(Reconciling, AMissedDeliveryIsFoundInTheStore) {
    post.reconcile(now);
    ASSERT_TRUE(post.store.hold_rules({block_of("192.0.2.1", 5)}, 5));
    post.deliver({block_of("192.0.2.2", 6)}, 6);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 2U);
    EXPECT_EQ(post.report.last.up_to_seq, 6);
}

TEST_F(Reconciling, AStoreThatIsAheadIsReadAfterAMoment) {
    post.reconcile(now);
    const auto reads = post.store.full_reads;
    ASSERT_TRUE(post.store.hold_rules({block_of("192.0.2.1", 5)}, 5));
    const auto wait = post.reconciler->step(now);
    ASSERT_TRUE(wait);
    EXPECT_LE(*wait, 100ms);
    EXPECT_EQ(post.store.full_reads, reads);
    post.reconcile(now + 100ms);
    EXPECT_EQ(post.kernel.entries().size(), 1U);
    EXPECT_EQ(post.report.last.up_to_seq, 5);
}

TEST_F(Reconciling, AYoungerHubReplacesEverything) {
    post.deliver({block_of("192.0.2.1", 50)}, 50);
    post.reconcile(now);
    ASSERT_TRUE(post.store.replace_rules({block_of("192.0.2.7", 2)}, 2));
    post.reconcile(now + 1s);
    EXPECT_EQ(post.kernel.entries().size(), 1U);
    EXPECT_TRUE(post.kernel.entries().contains(net("192.0.2.7")));
    EXPECT_EQ(post.report.last.up_to_seq, 2);
}

struct OwnNetwork {
    const char* name;
    const char* own;
    const char* asked;
};
class OwnNetworks : public Reconciling, public ::testing::WithParamInterface<OwnNetwork> {};

TEST_P(OwnNetworks, AreNeverBlockedWhateverTheHubSays) {
    post.local.networks = {{net(GetParam().own), enforce::LocalRole::own_address}};
    post.reconcile(now);
    post.deliver({block_of(GetParam().asked, 1), block_of("203.0.113.9", 2)}, 2);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries(), (fakes::MemoryRuleBackend::Entries{{net("203.0.113.9"), std::nullopt}}));
    ASSERT_EQ(post.report.last.failed.size(), 1U);
    EXPECT_EQ(post.report.last.failed[0].seq, 1);
    EXPECT_EQ(post.report.last.up_to_seq, 2);
    post.start();
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 1U);
    EXPECT_EQ(post.report.last.failed.size(), 1U);
}
INSTANTIATE_TEST_SUITE_P(Kinds, OwnNetworks,
                         ::testing::Values(OwnNetwork{"Same", "192.0.2.5", "192.0.2.5"},
                                           OwnNetwork{"Around", "192.0.2.5", "192.0.2.0/24"},
                                           OwnNetwork{"Inside", "192.0.2.0/24", "192.0.2.77"},
                                           OwnNetwork{"SixAround", "2001:db8::5", "2001:db8::/64"},
                                           OwnNetwork{"Loopback", "192.0.2.5", "127.0.0.1"},
                                           OwnNetwork{"TooWide", "192.0.2.5", "32.0.0.0/7"}),
                         [](const auto& shape) { return std::string(shape.param.name); });

TEST_F(Reconciling, AnAddressThatBecomesOursIsLetGo) {
    post.deliver({block_of("192.0.2.5", 1)}, 1);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 1U);
    post.local.networks = {{net("192.0.2.5"), enforce::LocalRole::own_address}};
    pass(5s);
    EXPECT_TRUE(post.kernel.entries().empty());
    EXPECT_EQ(post.report.last.failed.size(), 1U);
    post.local.networks.clear();
    pass(5s);
    EXPECT_EQ(post.kernel.entries().size(), 1U);
    EXPECT_TRUE(post.report.last.failed.empty());
}

TEST_F(Reconciling, WhatOthersTookAwayComesBackWithoutARebuild) {
    post.deliver({block_of("192.0.2.1", 1), block_of("192.0.2.2", 2)}, 2);
    post.reconcile(now);
    post.kernel.tamper_erase(net("192.0.2.1"));
    pass(5s);
    EXPECT_EQ(post.kernel.entries().size(), 2U);
    post.kernel.tamper_drop_structure();
    pass(5s);
    EXPECT_EQ(post.kernel.entries().size(), 2U);
    EXPECT_EQ(post.kernel.rebuilds, 1);
}

TEST_F(Reconciling, ARefusedEntryIsReportedAndTheOthersStand) {
    post.kernel.refused = {net("192.0.2.2")};
    post.reconcile(now);
    post.deliver({block_of("192.0.2.1", 1), block_of("192.0.2.2", 2), block_of("192.0.2.3", 3)}, 3);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 2U);
    EXPECT_EQ(post.report.last.up_to_seq, 3);
    ASSERT_EQ(post.report.last.failed.size(), 1U);
    EXPECT_EQ(post.report.last.failed[0].seq, 2);
    post.deliver({unblock_of("192.0.2.2", 4)}, 4);
    post.reconcile(now);
    EXPECT_TRUE(post.report.last.failed.empty());
}

TEST_F(Reconciling, AnExpiredBlockEndsByItselfAndIsForgotten) {
    post.deliver({block_of("192.0.2.1", 1, now + 10s), block_of("192.0.2.2", 2)}, 2);
    post.reconcile(now);
    const auto wait = post.reconciler->step(now + 9s);
    ASSERT_TRUE(wait);
    EXPECT_LE(*wait, 1s);
    now += 9s;
    pass(2s);
    EXPECT_EQ(post.kernel.entries(), (fakes::MemoryRuleBackend::Entries{{net("192.0.2.2"), std::nullopt}}));
}

TEST_F(Reconciling, ADeviceThatIsAwayIsTriedLessAndLessOften) {
    post.kernel.away = Error{ErrorCode::unavailable, "no answer", Retry::later};
    post.deliver({block_of("192.0.2.1", 1)}, 1);
    int calls = 0;
    for (int second = 0; second < 3600; ++second) {
        now += 1s;
        calls += post.reconciler->step(now) ? 0 : 1;
    }
    EXPECT_GT(calls, 12);
    EXPECT_LT(calls, 40);
    EXPECT_EQ(post.report.trouble, "no answer");
    EXPECT_EQ(post.report.last.up_to_seq, 0);
    post.kernel.away.reset();
    pass(301s);
    EXPECT_EQ(post.kernel.entries().size(), 1U);
    EXPECT_EQ(post.report.trouble, "");
    EXPECT_EQ(post.report.last.up_to_seq, 1);
}

TEST_F(Reconciling, AClockThatJumpsMakesItLookAtEverything) {
    post.deliver({block_of("192.0.2.1", 1, now + 1h)}, 1);
    post.reconcile(now);
    pass(5s);
    post.kernel.tamper_erase(net("192.0.2.1"));
    (void)post.kernel.read_back(now);  // nobody would notice by the cheap look
    now -= 30min;
    (void)post.reconciler->step(now);
    EXPECT_TRUE(post.kernel.entries().contains(net("192.0.2.1")));
    now += 2h;
    (void)post.reconciler->step(now);
    EXPECT_TRUE(post.kernel.entries().empty());
}

TEST_F(Reconciling, ARuleOfAnUnknownClassIsReportedAndHurtsNobody) {
    Rule shaping = block_of("192.0.2.1", 1);
    shaping.name = "shaping_in";
    post.deliver({shaping, block_of("not a network", 2), block_of("192.0.2.3", 3)}, 3);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 1U);
    EXPECT_EQ(post.report.last.failed.size(), 2U);
    shaping.desired.reset();
    shaping.seq = 4;
    post.deliver({shaping}, 4);
    post.reconcile(now);
    EXPECT_EQ(post.report.last.failed.size(), 1U);
}

TEST_F(Reconciling, WithoutKnowingItsOwnAddressesItBlocksNothing) {
    class Blind final : public enforce::ProtectionSource {
        Result<ProtectedSet> protected_now() override { return fail(ErrorCode::io, "no netlink"); }
    } blind;
    enforce::Reconciler reconciler({post.store, post.kernel, blind, post.rules, post.report}, {});
    post.deliver({block_of("192.0.2.1", 1)}, 1);
    EXPECT_FALSE(reconciler.step(now));
    EXPECT_TRUE(post.kernel.entries().empty());
}

TEST_F(Reconciling, WhatIsLeftOfABlockCountsFromWhenItIsSent) {
    Time clock = now;
    enforce::Reconciler reconciler(
        {post.store, post.kernel, post.protection, post.rules, post.report, [&] { return clock; }}, {});
    clock = now + 10s;  // the step was kept waiting so long
    ASSERT_TRUE(
        post.store.hold_rules({block_of("192.0.2.1", 1, now + 5s), block_of("192.0.2.2", 2, now + 1h)}, 2));
    ASSERT_TRUE(reconciler.step(now));
    EXPECT_EQ(post.kernel.entries(), (fakes::MemoryRuleBackend::Entries{{net("192.0.2.2"), now + 1h}}));
    post.deliver({block_of("192.0.2.3", 3, now + 5s), block_of("192.0.2.4", 4, now + 1h)}, 4);
    ASSERT_TRUE(reconciler.step(now));
    EXPECT_FALSE(post.kernel.entries().contains(net("192.0.2.3")));
    EXPECT_TRUE(post.kernel.entries().contains(net("192.0.2.4")));
}

TEST_F(Reconciling, AHundredThousandAreRestoredAndChangedAtOnce) {
    std::vector<Rule> many;
    for (std::int64_t i = 0; i < 100000; ++i)
        many.push_back(block_of("10." + std::to_string(i / 65536) + "." + std::to_string(i / 256 % 256) +
                                    "." + std::to_string(i % 256),
                                i + 1, now + 1h));
    ASSERT_TRUE(post.store.hold_rules(many, 100000));
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 100000U);
    const auto reads = post.store.full_reads;
    for (auto& rule : many)
        rule.desired.reset();
    post.deliver({many.begin(), many.begin() + 40000}, 100001);
    post.reconcile(now);
    EXPECT_EQ(post.kernel.entries().size(), 60000U);
    EXPECT_EQ(post.store.full_reads, reads);
}

}  // namespace
}  // namespace garita::tests
