// Steps and acknowledgements of cases as the store keeps them.

#include "decide/escalation.hpp"

#include <gmock/gmock.h>

#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::AnswerOutcome;
using testing::HasSubstr;

class Escalating : public DeskTest {
  protected:
    Escalating() {
        office.options.on_call.emplace();
        office.options.on_call->steps = {{10min, "mail boris"}, {30min, "mail chief"}};
        restart();
        pass(1min);
    }
    void restart() { escalation.emplace(store, office.options); }
    /// As the runner would: steps it when it asks for it, and each ten seconds.
    void pass(Duration span) {
        const auto end = office.now + span;
        while (office.now < end) {
            const auto wait = escalation->step(office.now);
            ASSERT_TRUE(wait) << wait.error().text;
            office.now = std::min(end, office.now + std::clamp<Duration>(*wait, 1ms, 10s));
        }
        while (escalation->step(office.now).value() == Duration{0}) {
        }
    }
    CaseId raise(Severity severity = Severity::warning) {
        office.file(flood_alert("192.0.2." + std::to_string(++raised), severity));
        return office.last_case().id;
    }
    Case find(CaseId id) {
        return *office.look([&](store::View& v) { return v.find_case(id); });
    }
    Result<AnswerOutcome> take(CaseId id, const std::string& who = "ana", std::optional<Duration> lasts = {},
                               Role role = Role::operator_) {
        decide::AnswerRequest request;
        request.case_id = id;
        request.response = Response::acknowledge;
        request.by = person(who, role);
        request.lasts = lasts;
        return office.desk.answer(request, office.now);
    }
    std::vector<std::string> told_of(CaseId id, const std::string& verb) {
        std::vector<std::string> all;
        const auto object = "case " + std::to_string(id.value);
        for (const auto& entry : office.look(
                 [&](store::View& v) { return v.audit({.object = object, .before = {}, .limit = 1000}); }))
            if (entry.verb == verb) all.push_back(entry.detail);
        return all;
    }
    std::optional<decide::Escalation> escalation;
    int raised = 0;
};

TEST_F(Escalating, EachStepIsTakenAndRecordedOnce) {
    const auto id = raise();
    pass(9min);
    EXPECT_EQ(find(id).duty.step, 0);
    pass(2min);
    EXPECT_EQ(find(id).duty.step, 1);
    EXPECT_EQ(find(id).duty.reached_at - find(id).opened_at, 10min);
    const auto version = find(id).version;
    for (int i = 0; i < 3; ++i) {
        restart();
        pass(5min);
    }
    EXPECT_EQ(find(id).version, version) << "nothing is written in between";
    pass(1h);
    EXPECT_EQ(find(id).duty.step, 2);
    EXPECT_EQ(told_of(id, "escalated"),
              (std::vector<std::string>{"nobody answered for 30m: step 2, mail chief",
                                        "nobody answered for 10m: step 1, mail boris"}));
}

TEST_F(Escalating, AfterTheHubWasAwayAnswersAreHeardFirst) {
    const auto id = raise();
    const auto other = raise();
    office.now += 2h;
    restart();
    EXPECT_GT(escalation->step(office.now).value(), 1s);
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    pass(1min);
    EXPECT_EQ(find(id).duty.step, 0);
    EXPECT_EQ(find(other).duty.step, 2);
    EXPECT_EQ(told_of(other, "escalated").size(), 2U);
}

TEST_F(Escalating, CasesFromBeforeItWasConfiguredGoNoStep) {
    office.options.on_call.reset();
    restart();
    ASSERT_TRUE(escalation->step(office.now));
    const auto old = raise();
    office.now += 5min;
    office.options.on_call.emplace();
    office.options.on_call->steps = {{10min, "mail boris"}};
    restart();
    pass(1min);
    const auto fresh = raise();
    pass(3h);
    EXPECT_EQ(find(old).duty.step, 0);
    EXPECT_EQ(find(fresh).duty.step, 1);
}

TEST_F(Escalating, WhereNobodyIsOnCallAnyMoreATimeStillEnds) {
    const auto id = raise();
    ASSERT_TRUE(take(id));
    office.options.on_call.reset();
    restart();
    pass(32min);
    EXPECT_TRUE(find(id).duty.taken->over);
    pass(3h);
    EXPECT_EQ(find(id).duty.step, 0);
}

TEST_F(Escalating, WhoeverTakesACaseHoldsTheStepsBackUntilTheTimeIsOver) {
    const auto id = raise();
    pass(8min);
    const auto outcome = take(id);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->kind, AnswerOutcome::Kind::accepted);
    EXPECT_EQ(outcome->current.state, CaseState::open);
    EXPECT_EQ(outcome->current.duty.taken->until, office.now + 30min);
    pass(29min);
    EXPECT_EQ(find(id).duty.step, 0);
    EXPECT_FALSE(find(id).duty.taken->over);
    pass(90s);
    EXPECT_TRUE(find(id).duty.taken->over);
    EXPECT_EQ(find(id).duty.step, 0);
    EXPECT_EQ(told_of(id, "acknowledgement_over").size(), 1U);
    pass(2min);
    EXPECT_EQ(find(id).duty.step, 1);
    EXPECT_EQ(told_of(id, "acknowledged").size(), 1U);
}

TEST_F(Escalating, ADoublePressIsOnePressAndALaterOneHoldsLonger) {
    const auto id = raise();
    ASSERT_TRUE(take(id));
    const auto version = find(id).version;
    office.now += 1s;
    ASSERT_TRUE(take(id));
    EXPECT_EQ(find(id).version, version);
    pass(20min);
    ASSERT_TRUE(take(id));
    EXPECT_EQ(find(id).duty.taken->until, office.now + 30min);
    pass(29min);
    EXPECT_EQ(find(id).duty.step, 0);
    EXPECT_EQ(told_of(id, "acknowledged").size(), 2U);
    ASSERT_TRUE(take(id, "boris", 5min));
    EXPECT_EQ(find(id).duty.taken->by.name, "boris");
    EXPECT_EQ(find(id).duty.taken->until, office.now + 5min) << "handed over, for a shorter time";
    pass(6min);
    EXPECT_TRUE(find(id).duty.taken->over);
    pass(10min);
    EXPECT_EQ(find(id).duty.step, 1) << "nobody had it for ten minutes";
}

TEST_F(Escalating, TheDecisionEndsIt) {
    const auto id = raise();
    ASSERT_TRUE(take(id));
    ASSERT_TRUE(office.answer(find(id), Response::allow, person("boris")));
    pass(3h);
    EXPECT_EQ(find(id).duty.step, 0);
    EXPECT_TRUE(told_of(id, "acknowledgement_over").empty());
    const auto late = take(id);
    ASSERT_TRUE(late);
    EXPECT_EQ(late->kind, AnswerOutcome::Kind::already_decided);
}

TEST_F(Escalating, OnlyWhoMayAnswerMayTakeIt) {
    const auto id = raise();
    const auto viewer = take(id, "vera", {}, Role::viewer);
    ASSERT_FALSE(viewer);
    EXPECT_EQ(viewer.error().code, ErrorCode::forbidden);
    EXPECT_EQ(told_of(id, "decide_refused").size(), 1U);
    for (const auto span : {Duration{0}, Duration{-5s}, Duration{25h}}) {
        const auto odd = take(id, "ana", span);
        ASSERT_FALSE(odd);
        EXPECT_EQ(odd.error().code, ErrorCode::invalid);
    }
    EXPECT_EQ(take(CaseId{999}).error().code, ErrorCode::not_found);
    office.options.on_call.reset();
    const auto nobody = take(id);
    ASSERT_FALSE(nobody);
    EXPECT_THAT(nobody.error().text, HasSubstr("nobody is on call"));
    EXPECT_FALSE(find(id).duty.taken);
}

TEST_F(Escalating, ManyCasesAreLedOnTogether) {
    std::vector<Alert> flood;
    for (int i = 0; i < 1500; ++i)
        flood.push_back(flood_alert("10.0." + std::to_string(i / 250) + '.' + std::to_string(i % 250 + 1)));
    office.raise(std::move(flood));
    office.file();
    pass(11min);
    for (const auto& about : office.cases())
        ASSERT_EQ(about.duty.step, 1);
}

}  // namespace
}  // namespace garita::tests
