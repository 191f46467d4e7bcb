#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::BlockOrder;

class RulesByHand : public DeskTest {
  protected:
    BlockOrder set(std::vector<std::string> networks) {
        BlockOrder order;
        order.networks = std::move(networks);
        order.by = person("billing");
        return order;
    }
    BlockOrder unset(std::vector<std::string> networks) {
        auto order = set(std::move(networks));
        order.verb = BlockOrder::Verb::unset;
        return order;
    }
};

TEST_F(RulesByHand, GoodRowsAreSetAndEachBadRowSaysWhy) {
    const auto outcome =
        office.rules.carry_out(set({"203.0.113.9", "203.0.113.9/24", "nonsense", "198.51.100.1", "0.0.0.0/0",
                                    "2001:db8:5::/64", "203.0.113.9"}),
                               office.now);
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->changed, 2U);
    ASSERT_EQ(outcome->refused.size(), 4U);
    EXPECT_EQ(outcome->refused[0].row, 1U);
    EXPECT_EQ(outcome->refused[0].error.code, ErrorCode::invalid);
    EXPECT_EQ(outcome->refused[2].row, 3U);
    EXPECT_EQ(outcome->refused[2].error.code, ErrorCode::forbidden);
    EXPECT_EQ(outcome->refused[3].error.code, ErrorCode::forbidden);
    ASSERT_EQ(office.rules_now().size(), 2U);
    EXPECT_EQ(office.rules_now()[0].expires_at, office.now + 24h);
    EXPECT_EQ(office.verbs(), (std::vector<std::string>{"rule_refused", "rule_set"}));
}

TEST_F(RulesByHand, WhatIsSetAlreadyIsUnchangedAndNotRecordedAgain) {
    ASSERT_TRUE(office.rules.carry_out(set({"203.0.113.9"}), office.now));
    const auto again = office.rules.carry_out(set({"203.0.113.9"}), office.now);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->changed, 0U);
    EXPECT_EQ(again->unchanged, 1U);
    EXPECT_EQ(office.verbs().size(), 1U);
}

TEST_F(RulesByHand, UnsetTakesBackOnOneDeviceOnly) {
    office.enrol("web2");
    ASSERT_TRUE(office.rules.carry_out(set({"203.0.113.9"}), office.now));
    auto order = unset({"203.0.113.9"});
    order.devices = {"web2"};
    ASSERT_TRUE(office.rules.carry_out(order, office.now));
    const auto rules = office.rules_now();
    ASSERT_EQ(rules.size(), 2U);
    EXPECT_TRUE(rules[0].desired);
    EXPECT_FALSE(rules[1].desired);
}

TEST_F(RulesByHand, AnUnknownDeviceChangesNothing) {
    auto order = set({"203.0.113.9"});
    order.devices = {"web1", "wbe2"};
    const auto outcome = office.rules.carry_out(order, office.now);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::not_found);
    EXPECT_TRUE(office.rules_now().empty());
}

TEST_F(RulesByHand, AViewerIsRefusedAndRecorded) {
    auto order = unset({"203.0.113.9"});
    order.by = person("guest", Role::viewer);
    const auto outcome = office.rules.carry_out(order, office.now);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::forbidden);
    EXPECT_EQ(office.verbs(), std::vector<std::string>{"rule_refused"});
}

TEST_F(RulesByHand, TheAskingPersonIsNotLockedOut) {
    auto order = set({"203.0.113.0/24"});
    order.from = address("203.0.113.9");
    const auto outcome = office.rules.carry_out(order, office.now);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->changed, 0U);
    EXPECT_EQ(outcome->refused.size(), 1U);
}

TEST_F(RulesByHand, ABlockMayStandUntilItIsTakenBack) {
    auto order = set({"203.0.113.9"});
    order.end = BlockOrder::End::until_unset;
    ASSERT_TRUE(office.rules.carry_out(order, office.now));
    EXPECT_EQ(office.rules_now()[0].expires_at, std::nullopt);
}

TEST_F(RulesByHand, ManyGoInTransactionsOfBoundedSize) {
    auto order = set({});
    for (int i = 0; i < 2500; ++i)
        order.networks.push_back("10.0." + std::to_string(i / 256) + "." + std::to_string(i % 256));
    const auto outcome = office.rules.carry_out(order, office.now);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->changed, 2500U);
    EXPECT_EQ(office.verbs().size(), 3U);
}

}  // namespace
}  // namespace garita::tests
