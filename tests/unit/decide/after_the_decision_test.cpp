// What happens after a decision, or without one: receipts, silence, ends.

#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::Policy;

class AfterTheDecision : public DeskTest {
  protected:
    Case blocked(const std::string& from) {
        office.file(flood_alert(from));
        const auto about = office.last_case();
        EXPECT_TRUE(office.answer(about, Response::block));
        return about;
    }
    Case now_of(const Case& about) {
        return office.look([&](store::View& v) { return v.find_case(about.id); }).value_or(Case{});
    }
    Policy on_silence(Response response) {
        Policy policy;
        policy.wait = 1h;
        policy.on_silence = response;
        policy.on_silence_lasts = 30min;
        return policy;
    }
    /// The hub runs on, as it does, with a step now and then.
    void pass(Duration span) {
        const auto end = office.now + span;
        while (office.now < end) {
            office.now += std::min<Duration>(1min, end - office.now);
            office.run(office.silence);
            office.run(office.expiry);
        }
    }
};

TEST_F(AfterTheDecision, ACaseClosesWhenEveryDeviceHasConfirmed) {
    office.enrol("web2");
    const auto about = blocked("203.0.113.9");
    ASSERT_TRUE(office.settlement.rules_in_force("web1", {10, {}, 3}, office.now));
    const auto half = now_of(about);
    EXPECT_EQ(half.state, CaseState::decided);
    ASSERT_TRUE(office.settlement.rules_in_force("web2", {10, {}, 0}, office.now));
    const auto whole = now_of(about);
    EXPECT_EQ(whole.state, CaseState::closed);
    EXPECT_GT(whole.version, half.version);
    EXPECT_GT(half.version, about.version);
    const auto progress = office.look([&](store::View& v) { return v.progress(about.id); });
    EXPECT_EQ(progress.done, 2);
    EXPECT_EQ(progress.connections_cut, 3);
}

TEST_F(AfterTheDecision, AFailureClosesTheCaseAndIsSeenWhenItHeals) {
    const auto about = blocked("203.0.113.9");
    const auto seq = office.rules_now().front().seq;
    ASSERT_TRUE(office.settlement.rules_in_force("web1", {seq, {{seq, "table full"}}, 0}, office.now));
    const auto failed = now_of(about);
    EXPECT_EQ(failed.state, CaseState::closed);
    ASSERT_TRUE(office.settlement.rules_in_force("web1", {seq, {}, 0}, office.now));
    EXPECT_GT(now_of(about).version, failed.version);
}

TEST_F(AfterTheDecision, TheSameReceiptTwiceChangesNothing) {
    const auto about = blocked("203.0.113.9");
    ASSERT_TRUE(office.settlement.rules_in_force("web1", {10, {}, 0}, office.now));
    const auto version = now_of(about).version;
    ASSERT_TRUE(office.settlement.rules_in_force("web1", {10, {}, 0}, office.now));
    EXPECT_EQ(now_of(about).version, version);
}

TEST_F(AfterTheDecision, AnActionResultClosesTheCaseAndIsRecorded) {
    office.file(load_alert());
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::reboot, person("eva", Role::approver)));
    const auto id = office.actions(about).front().id;
    ASSERT_TRUE(
        office.settlement.actions_finished("elsewhere", {{id, ActionState::done, "forged"}}, office.now));
    EXPECT_EQ(now_of(about).state, CaseState::decided);
    ASSERT_TRUE(
        office.settlement.actions_finished("web1", {{id, ActionState::done, "restarts"}}, office.now));
    EXPECT_EQ(now_of(about).state, CaseState::closed);
    EXPECT_EQ(office.verbs(), (std::vector<std::string>{"decide", "action_done"}));
    ASSERT_TRUE(office.settlement.actions_finished("web1", {{id, ActionState::failed, "again"}}, office.now));
    EXPECT_EQ(office.verbs().size(), 2U);
}

TEST_F(AfterTheDecision, AnActionNobodyFetchedFailsInTime) {
    office.file(load_alert());
    const auto about = office.last_case();
    ASSERT_TRUE(office.answer(about, Response::reboot, person("eva", Role::approver)));
    pass(119s);
    EXPECT_EQ(now_of(about).state, CaseState::decided);
    pass(2s);
    EXPECT_EQ(now_of(about).state, CaseState::closed);
    EXPECT_EQ(office.actions(about).front().state, ActionState::failed);
}

TEST_F(AfterTheDecision, TakingABlockBackSettlesTheCase) {
    const auto about = blocked("203.0.113.9");
    decide::BlockOrder undo;
    undo.verb = decide::BlockOrder::Verb::unset;
    undo.networks = {"203.0.113.9"};
    undo.by = person("bob");
    const auto outcome = office.rules.carry_out(undo, office.now);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->changed, 1U);
    ASSERT_TRUE(office.settlement.rules_in_force("web1", {100, {}, 0}, office.now));
    office.run(office.settlement);
    EXPECT_EQ(now_of(about).state, CaseState::closed);
    EXPECT_TRUE(office.rules_now().empty());
}

TEST_F(AfterTheDecision, ABlockEndsAtItsTime) {
    const auto about = blocked("203.0.113.9");
    ASSERT_TRUE(office.settlement.rules_in_force("web1", {10, {}, 0}, office.now));
    const auto version = now_of(about).version;
    pass(24h);
    ASSERT_EQ(office.rules_now().size(), 1U);
    EXPECT_EQ(office.rules_now()[0].desired, std::nullopt);
    ASSERT_TRUE(office.settlement.rules_in_force("web1", {100, {}, 0}, office.now));
    EXPECT_TRUE(office.rules_now().empty());
    EXPECT_EQ(now_of(about).version, version);  // "blocked on 1 of 1" stays what people read
}

TEST_F(AfterTheDecision, WhenNobodyAnswersTheQuestionExpires) {
    office.options.otherwise = on_silence(Response::nothing);
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    pass(59min);
    EXPECT_EQ(now_of(about).state, CaseState::open);
    pass(1min);
    EXPECT_EQ(now_of(about).state, CaseState::expired);
    const auto late = office.answer(about, Response::block);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->kind, decide::AnswerOutcome::Kind::over);
    EXPECT_TRUE(office.rules_now().empty());
}

TEST_F(AfterTheDecision, WhenNobodyAnswersADeclaredBlockIsSet) {
    office.options.otherwise = on_silence(Response::block);
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    pass(1h);
    const auto after = now_of(about);
    EXPECT_EQ(after.state, CaseState::decided);
    ASSERT_TRUE(after.decision);
    EXPECT_EQ(after.decision->by.kind, Actor::Kind::policy);
    EXPECT_NE(after.decision->by.name.find("nobody answered"), std::string::npos);
    ASSERT_EQ(office.rules_now().size(), 1U);
    EXPECT_EQ(office.rules_now()[0].expires_at, office.now + 30min);
}

TEST_F(AfterTheDecision, SilenceNeverBlocksAProtectedAddress) {
    office.options.otherwise = on_silence(Response::block);
    office.file(flood_alert("198.51.100.1"));
    const auto about = office.last_case();
    pass(1h);
    EXPECT_EQ(now_of(about).state, CaseState::expired);
    EXPECT_TRUE(office.rules_now().empty());
}

TEST_F(AfterTheDecision, AnswersGivenWhileTheHubWasAwayGoBeforeSilence) {
    office.options.otherwise = on_silence(Response::block);
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    office.now += 5h;  // the hub was off
    office.run(office.silence);
    EXPECT_EQ(now_of(about).state, CaseState::open);
    ASSERT_TRUE(office.answer(about, Response::allow));
    office.now += 2min;
    office.run(office.silence);
    EXPECT_EQ(now_of(about).decision->response, Response::allow);
}

TEST_F(AfterTheDecision, AClockThatJumpsBackOnlyWaitsLonger) {
    office.options.otherwise = on_silence(Response::nothing);
    office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    pass(30min);
    office.now -= 3h;
    pass(3h + 29min);
    EXPECT_EQ(now_of(about).state, CaseState::open);
    pass(2min);
    EXPECT_EQ(now_of(about).state, CaseState::expired);
}

}  // namespace
}  // namespace garita::tests
