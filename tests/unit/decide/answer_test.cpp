#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::AnswerOutcome;

class Answer : public DeskTest {};

TEST_F(Answer, BlockSetsARuleWithAnEndOnEveryDevice) {
    office.enrol("web2");
    office.file(flood_alert("203.0.113.9"));
    const auto outcome = office.answer(office.last_case(), Response::block);
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->kind, AnswerOutcome::Kind::accepted);
    EXPECT_EQ(outcome->current.state, CaseState::decided);
    ASSERT_TRUE(outcome->current.decision);
    EXPECT_EQ(outcome->current.decision->by.name, "ana");
    const auto rules = office.rules_now();
    ASSERT_EQ(rules.size(), 2U);
    for (const auto& rule : rules) {
        EXPECT_EQ(rule.params, "203.0.113.9");
        EXPECT_EQ(rule.desired, std::string(block_value));
        EXPECT_EQ(rule.expires_at, office.now + 24h);
        EXPECT_EQ(rule.case_id, outcome->current.id);
        EXPECT_EQ(rule.author, "ana (telegram)");
    }
    EXPECT_NE(std::find(rung.begin(), rung.end(), store::Ring{store::Topic::rules, "web2"}), rung.end());
    EXPECT_EQ(office.verbs(), std::vector<std::string>{"decide"});
}

TEST_F(Answer, BlockOfALoginAlsoClosesThatVerySession) {
    office.file(login_alert("203.0.113.9"));
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::block));
    const auto actions = office.actions(about);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].order, ActionOrder(CloseSession{4321, 99, address("203.0.113.9"), 50000, 22}));
    EXPECT_EQ(actions[0].device, "web1");
    EXPECT_TRUE(actions[0].decision_id);
    EXPECT_EQ(office.rules_now().size(), 1U);
}

TEST_F(Answer, CloseConnectionSetsNoRule) {
    office.file(login_alert("203.0.113.9"));
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::close_connection));
    EXPECT_EQ(office.actions(about).size(), 1U);
    EXPECT_TRUE(office.rules_now().empty());
}

TEST_F(Answer, RebootMustBeginWithinTwoMinutes) {
    office.file(load_alert());
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::reboot, person("eva", Role::approver)));
    const auto actions = office.actions(about);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].expires_at, office.now + 2min);
    EXPECT_EQ(actions[0].order, ActionOrder(Reboot{}));
}

TEST_F(Answer, AllowClosesTheCaseAtOnce) {
    office.file(login_alert("203.0.113.9"));
    const auto outcome = office.answer(office.last_case(), Response::allow);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->current.state, CaseState::closed);
    EXPECT_TRUE(office.rules_now().empty());
}

TEST_F(Answer, UnknownCaseIsNotFound) {
    Case nothing;
    nothing.id = {77};
    const auto outcome = office.answer(nothing, Response::allow);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::not_found);
}

TEST_F(Answer, WhatIsNotOfferedIsInvalidAndSaysWhatIsOffered) {
    office.file(flood_alert("203.0.113.9"));
    const auto outcome =
        office.answer(office.last_case(), Response::reboot, person("eva", Role::administrator));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::invalid);
    EXPECT_NE(outcome.error().text.find("allow, block"), std::string::npos) << outcome.error().text;
    EXPECT_EQ(office.last_case().state, CaseState::open);
}

TEST_F(Answer, TooLowARoleIsForbiddenAndRecorded) {
    office.file(load_alert());
    const auto outcome = office.answer(office.last_case(), Response::reboot, person("ana", Role::operator_));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::forbidden);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_EQ(office.verbs(), std::vector<std::string>{"decide_refused"});
}

TEST_F(Answer, ViewerLearnsNothingFromADecidedCase) {
    office.file(flood_alert("203.0.113.9"));
    ASSERT_TRUE(office.answer(office.last_case(), Response::allow));
    const auto outcome = office.answer(office.last_case(), Response::block, person("guest", Role::viewer));
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::forbidden);
}

TEST_F(Answer, TheSecondAnswerIsToldWhoWasFaster) {
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::allow, person("ana")));
    const auto late = office.answer(about, Response::block, person("bob"));
    ASSERT_TRUE(late);
    EXPECT_EQ(late->kind, AnswerOutcome::Kind::already_decided);
    EXPECT_EQ(late->current.decision->by.name, "ana");
    EXPECT_TRUE(office.rules_now().empty());
}

TEST_F(Answer, BlockWithoutAnyDeviceIsUnavailable) {
    StoreUnderTest empty;
    Office lonely(empty.store());
    lonely.file(flood_alert("203.0.113.9"));
    const auto outcome = lonely.answer(lonely.last_case(), Response::block);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::unavailable);
    EXPECT_EQ(lonely.last_case().state, CaseState::open);
}

TEST_F(Answer, PolicyMayKeepABlockToTheDeviceThatSawIt) {
    office.enrol("web2");
    decide::Policy policy;
    policy.kind = "http_errors";
    policy.block_on = decide::BlockOn::origin;
    policy.lasts = 1h;
    office.options.policies = {policy};
    office.file(flood_alert("203.0.113.9"));
    ASSERT_TRUE(office.answer(office.last_case(), Response::block));
    const auto rules = office.rules_now();
    ASSERT_EQ(rules.size(), 1U);
    EXPECT_EQ(rules[0].device, "web1");
    EXPECT_EQ(rules[0].expires_at, office.now + 1h);
}

TEST_F(Answer, ShorterBlockDoesNotCutALongerOne) {
    decide::BlockOrder order;
    order.networks = {"203.0.113.9"};
    order.end = decide::BlockOrder::End::until_unset;
    order.by = person("ana");
    office.file(flood_alert("203.0.113.9"));
    ASSERT_TRUE(office.rules.carry_out(order, office.now));
    const auto outcome = office.answer(office.last_case(), Response::block);
    ASSERT_TRUE(outcome);
    ASSERT_EQ(office.rules_now().size(), 1U);
    EXPECT_EQ(office.rules_now()[0].expires_at, std::nullopt);
}

struct Protected {
    std::string name;
    std::string asked;
    std::optional<std::string> from;
};

class ProtectedAddress : public DeskTest, public ::testing::WithParamInterface<Protected> {};

TEST_P(ProtectedAddress, IsNeverBlockedByAnAnswer) {
    office.options.protected_networks = {{network("192.0.2.0/24"), "configured"}};
    office.options.hub_networks = [] {
        return std::vector<decide::ProtectedNetwork>{{network("198.51.100.77"), "gateway of the hub"}};
    };
    office.enrol("web2", {network("2001:db8:1::5")});
    office.file(flood_alert(GetParam().asked));
    const auto from = GetParam().from ? std::optional(address(*GetParam().from)) : std::nullopt;
    const auto outcome =
        office.answer(office.last_case(), Response::block, person("eva", Role::administrator), from);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().code, ErrorCode::forbidden) << outcome.error().text;
    EXPECT_TRUE(office.rules_now().empty());
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_EQ(office.verbs(), std::vector<std::string>{"decide_refused"});
}

INSTANTIATE_TEST_SUITE_P(
    Kinds, ProtectedAddress,
    ::testing::Values(Protected{"Loopback", "127.0.0.1", {}}, Protected{"LoopbackV6", "::1", {}},
                      Protected{"OwnAddressOfADevice", "198.51.100.10", {}},
                      Protected{"GatewayOfADevice", "198.51.100.1", {}},
                      Protected{"OwnAddressOfAnotherDevice", "2001:db8:1::5", {}},
                      Protected{"NetworkAroundADevice", "198.51.100.0/28", {}},
                      Protected{"NetworkAroundADeviceV6", "2001:db8:1::/64", {}},
                      Protected{"GatewayOfTheHub", "198.51.100.77", {}},
                      Protected{"Configured", "192.0.2.200", {}},
                      Protected{"InsideConfigured", "192.0.2.128/25", {}},
                      Protected{"WhoDecides", "203.0.113.9", "203.0.113.9"},
                      Protected{"NetworkOfWhoDecides", "203.0.113.0/24", "203.0.113.9"},
                      Protected{"Everything", "0.0.0.0/0", {}}, Protected{"EverythingV6", "::/0", {}},
                      Protected{"TooWide", "32.0.0.0/7", {}}, Protected{"TooWideV6", "2001:da8::/31", {}}),
    [](const auto& shape) { return shape.param.name; });

}  // namespace
}  // namespace garita::tests
