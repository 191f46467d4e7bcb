// Policies that do too much: suspended, asked about, resumed, undone.

#include "decide/policy_desk.hpp"
#include "decide/suspension.hpp"
#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::UndoOrder;

class RunawayPolicies : public DeskTest {
  protected:
    RunawayPolicies() {
        policy.kind = "http_errors";
        policy.mode = decide::Policy::Mode::automatic;
        policy.response = Response::block;
        policy.cap = decide::RateCap{10, 10min};
        office.options.policies = {policy};
    }
    void floods(int count, int network = 113) {
        for (int i = 0; i < count; ++i)
            office.raise({flood_alert("203.0." + std::to_string(network) + "." + std::to_string(i))});
        office.file();
    }
    std::vector<decide::Suspension> suspended() {
        return office.look([](store::View& v) { return decide::suspensions(v); });
    }
    std::size_t in_force() {
        const auto rules = office.rules_now();
        return static_cast<std::size_t>(
            std::count_if(rules.begin(), rules.end(), [](const Rule& r) { return r.desired.has_value(); }));
    }
    Case question() {
        for (const auto& about : office.cases())
            if (about.kind == decide::runaway_kind) return about;
        return {};
    }
    std::ptrdiff_t count(const std::string& verb) {
        const auto verbs = office.verbs();
        return std::count(verbs.begin(), verbs.end(), verb);
    }
    static Actor approver() { return person("ana", Role::approver); }

    decide::Policy policy;
    decide::PolicyDesk desk{store, office.options};
    static constexpr const char* name = "http_errors auto";
};

TEST_F(RunawayPolicies, OneTooManySuspendsThePolicyAndAsksPeople) {
    floods(25);
    EXPECT_EQ(in_force(), 10U);
    ASSERT_EQ(suspended().size(), 1U);
    EXPECT_EQ(suspended()[0].policy, name);
    const auto about = question();
    EXPECT_EQ(about.state, CaseState::open);
    EXPECT_EQ(about.subject, name);
    EXPECT_EQ(about.responses,
              (std::vector<Response>{Response::keep_observing, Response::resume, Response::undo}));
    EXPECT_EQ(about.facts.at("count"), "10");
    EXPECT_EQ(about.facts.at("window"), "10m");
    office.now += 1h;
    floods(25, 114);
    EXPECT_EQ(in_force(), 10U) << "it only observes";
    EXPECT_EQ(count("policy_suspended"), 1);
}

TEST_F(RunawayPolicies, ARestartForgetsNeitherTheSuspensionNorWhatWasDone) {
    floods(10);
    EXPECT_TRUE(suspended().empty());
    office.filing.reset();  // as after a start
    office.now += 5min;
    floods(1, 114);
    EXPECT_EQ(suspended().size(), 1U) << "the ten of before count";
    office.filing.reset();
    floods(5, 115);
    EXPECT_EQ(in_force(), 10U);
}

TEST_F(RunawayPolicies, AnEvenFlowBelowTheBoundGoesOn) {
    for (int minute = 0; minute < 60; ++minute, office.now += 75s)
        floods(1, minute);
    EXPECT_TRUE(suspended().empty());
    EXPECT_EQ(in_force(), 60U);
}

TEST_F(RunawayPolicies, ResumingLetsItActAgain) {
    floods(11);
    EXPECT_FALSE(office.answer(question(), Response::resume)) << "an operator may not";
    ASSERT_TRUE(office.answer(question(), Response::resume, approver()));
    EXPECT_TRUE(suspended().empty());
    EXPECT_EQ(question().state, CaseState::closed);
    floods(5, 114);
    EXPECT_EQ(in_force(), 15U);
}

TEST_F(RunawayPolicies, AfterARestartAResumedOneHasItsWholeBoundAgain) {
    floods(11);
    office.now += 1s;
    ASSERT_TRUE(office.answer(question(), Response::resume, approver()));
    office.filing.reset();  // as after a start
    office.now += 1s;
    floods(10, 114);
    EXPECT_EQ(in_force(), 20U);
    EXPECT_TRUE(suspended().empty());
    floods(1, 115);
    EXPECT_EQ(suspended().size(), 1U);
}

TEST_F(RunawayPolicies, AfterARestartWhatASuspendedOneDidIsHeldAgainstNobodyElse) {
    auto other = policy;
    other.device = "web2";
    office.options.policies = {other, policy};
    office.options.automatic_blocks = {12, 10min};
    office.enrol("web2");
    floods(11);
    ASSERT_EQ(suspended().size(), 1U);
    office.filing.reset();
    for (int i = 0; i < 5; ++i) {
        auto alert = flood_alert("192.0.2." + std::to_string(i));
        alert.device = "web2";
        office.raise({alert});
    }
    office.file();
    EXPECT_EQ(suspended().size(), 1U);
    EXPECT_EQ(count("policy_suspended"), 1);
}

TEST_F(RunawayPolicies, WhatIsStillToComeIsNotUndone) {
    floods(3);
    UndoOrder order;
    order.policy = name;
    order.since = office.now + 1s;
    order.by = approver();
    const auto refused = desk.undo(order, office.now);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    EXPECT_EQ(in_force(), 3U);
}

TEST_F(RunawayPolicies, KeepingItObservingIsAnAnswerToo) {
    floods(11);
    ASSERT_TRUE(office.answer(question(), Response::keep_observing));
    EXPECT_EQ(question().state, CaseState::closed);
    EXPECT_EQ(suspended().size(), 1U);
    floods(5, 114);
    EXPECT_EQ(in_force(), 10U);
    ASSERT_TRUE(desk.resume("1", approver(), office.now));
    EXPECT_TRUE(suspended().empty());
    EXPECT_FALSE(desk.resume("1", approver(), office.now)) << "once is enough";
}

TEST_F(RunawayPolicies, ResumingByItsNameClosesTheQuestion) {
    floods(11);
    EXPECT_FALSE(desk.resume(name, person("otto"), office.now));
    EXPECT_FALSE(desk.resume("http_errors", approver(), office.now));
    ASSERT_TRUE(desk.resume(name, approver(), office.now));
    EXPECT_EQ(question().state, CaseState::closed);
    EXPECT_EQ(question().decision->response, Response::resume);
}

TEST_F(RunawayPolicies, UndoTakesBackTheRunAndOnlyThat) {
    floods(3, 110);
    office.now += 1h;
    floods(11);
    EXPECT_EQ(in_force(), 13U);
    ASSERT_TRUE(office.answer(question(), Response::undo, approver()));
    EXPECT_EQ(question().state, CaseState::decided);
    office.run(office.settlement);
    EXPECT_EQ(question().state, CaseState::decided) << "not before it is done";
    office.run(desk);
    EXPECT_EQ(question().state, CaseState::closed);
    EXPECT_EQ(question().facts.at("undone"), "10");
    EXPECT_EQ(in_force(), 3U);
    EXPECT_EQ(suspended().size(), 1U) << "it goes on observing";
}

TEST_F(RunawayPolicies, TheBusiestPolicyIsTheOneThatBreaksTheBoundOfAll) {
    policy.cap.reset();
    auto calm = policy;
    calm.device = "web2";
    office.options.policies = {calm, policy};
    office.options.automatic_blocks = {20, 1min};
    office.enrol("web2");
    const auto calm_alert = [&](int n) {
        auto alert = flood_alert("192.0.2." + std::to_string(n));
        alert.device = "web2";
        return alert;
    };
    office.raise({calm_alert(1), calm_alert(2)});
    office.file();
    floods(18);
    EXPECT_TRUE(suspended().empty());
    office.raise({calm_alert(3)});
    office.file();
    ASSERT_EQ(suspended().size(), 1U);
    EXPECT_EQ(suspended()[0].policy, name);
    EXPECT_EQ(office.last_case().kind, decide::runaway_kind);
    const auto rules = office.rules_now();
    EXPECT_TRUE(std::any_of(rules.begin(), rules.end(), [](const Rule& r) {
        return r.params == "192.0.2.3";
    })) << "the calm one goes on";
}

TEST_F(RunawayPolicies, NoAlertFromOutsideOffersWhatIsTheDesksToAsk) {
    auto forged = flood_alert("203.0.113.9");
    forged.kind = std::string(decide::runaway_kind);
    forged.device = "hub";
    forged.subject = name;
    office.options.policies.clear();
    office.file(forged);
    for (const auto response : office.last_case().responses)
        EXPECT_TRUE(response == Response::allow || response == Response::nothing);
}

class UndoingPolicies : public RunawayPolicies {
  protected:
    UndoingPolicies() { office.options.policies[0].cap.reset(); }
    decide::UndoOutcome undo(Duration last, UndoOrder::How how = UndoOrder::How::carry_out) {
        const auto outcome = desk.undo({name, office.now - last, how, approver()}, office.now);
        EXPECT_TRUE(outcome) << outcome.error().text;
        return outcome.value_or(decide::UndoOutcome{});
    }
};

TEST_F(UndoingPolicies, WhatPeopleWantedTooStays) {
    floods(6);
    // one by hand afterwards, one by hand before and then by the policy, one with the very same end
    decide::BlockOrder by_hand;
    by_hand.networks = {"203.0.113.0", "203.0.113.1"};
    by_hand.by = person("ben");
    ASSERT_TRUE(office.rules.carry_out(by_hand, office.now));
    by_hand.networks = {"192.0.2.77"};
    by_hand.lasts = Duration(1min);
    ASSERT_TRUE(office.rules.carry_out(by_hand, office.now));
    office.now += 30s;
    auto longer = flood_alert("192.0.2.77");
    longer.severity = Severity::critical;
    office.write([&](store::Transaction& t) {  // as if the policy had been faster than the blocked packet
        RuleChange change;
        change.device = "web1";
        change.name = block_rule;
        change.params = "192.0.2.77";
        change.desired = std::string(block_value);
        change.expires_at = office.now + 24h;
        change.author = std::string(name) + " (policy)";
        change.case_id = office.cases().front().id;
        change.wish = RuleChange::Wish::policy;
        (void)t.change_rule(change, office.now);
    });
    const auto counted = undo(1h, UndoOrder::How::count_only);
    EXPECT_EQ(counted.unset, 4U);
    EXPECT_EQ(in_force(), 7U) << "only counted";
    const auto done = undo(1h);
    EXPECT_EQ(done.decisions, 6U);
    EXPECT_EQ(done.unset, 4U);
    EXPECT_EQ(done.kept_for_people, 3U);
    EXPECT_EQ(in_force(), 3U);
    EXPECT_EQ(undo(1h).unset, 0U) << "exactly once";
    EXPECT_EQ(count("undo"), 1);
}

TEST_F(UndoingPolicies, OnlySinceThenAndOnlyThatPolicy) {
    floods(5);
    office.now += 2h;
    floods(4, 114);
    EXPECT_EQ(undo(1h).unset, 4U);
    EXPECT_EQ(in_force(), 5U);
    const auto nobody = desk.undo(
        {"http_errors web9 auto", office.now - 1h, UndoOrder::How::carry_out, approver()}, office.now);
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, ErrorCode::not_found);
    EXPECT_EQ(undo(3h).unset, 5U);
}

TEST_F(UndoingPolicies, TheRoleDecidesWhoMay) {
    floods(2);
    const auto order = [&](Role role, UndoOrder::How how) {
        return desk.undo({name, office.now - 1h, how, person("x", role)}, office.now).has_value();
    };
    EXPECT_FALSE(order(Role::viewer, UndoOrder::How::count_only));
    EXPECT_TRUE(order(Role::operator_, UndoOrder::How::count_only));
    EXPECT_FALSE(order(Role::operator_, UndoOrder::How::carry_out));
    EXPECT_TRUE(order(Role::approver, UndoOrder::How::carry_out));
}

TEST_F(UndoingPolicies, MoreThanABatch) {
    office.options.automatic_blocks.at_most = 100'000;
    for (int i = 0; i < 2500; ++i)
        office.raise({flood_alert("203.0." + std::to_string(i / 250) + "." + std::to_string(i % 250))});
    office.file();
    EXPECT_EQ(in_force(), 2500U);
    EXPECT_EQ(undo(1h).unset, 2500U);
    EXPECT_EQ(in_force(), 0U);
    EXPECT_EQ(count("undo"), 3) << "one row a batch";
}

}  // namespace
}  // namespace garita::tests
