// Answers that several persons have to give.

#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::AnswerOutcome;

class Agreements : public DeskTest {
  protected:
    Agreements() {
        for (const auto* name : {"ana", "ben", "eva"}) {
            Person one;
            one.name = name;
            one.role = Role::approver;
            office.options.people.push_back(one);
        }
        policy.two_persons.insert(Danger::reboot);
        policy.two_persons.insert(Danger::wide_block);
        office.options.policies = {policy};
    }
    static Actor approver(const std::string& name, const std::string& channel = "telegram") {
        return {Actor::Kind::person, name, channel, Role::approver};
    }
    AnswerOutcome::Kind say(Response response, const Actor& by) {
        const auto outcome = office.answer(office.last_case(), response, by);
        EXPECT_TRUE(outcome) << outcome.error().text;
        return outcome ? outcome->kind : AnswerOutcome::Kind::over;
    }
    std::string refusal(Response response, const Actor& by) {
        const auto outcome = office.answer(office.last_case(), response, by);
        EXPECT_FALSE(outcome);
        return outcome ? "" : outcome.error().text;
    }
    decide::Policy policy;
};

TEST_F(Agreements, TheSecondPersonMakesTheFirstOnesProposalTheDecision) {
    office.file(load_alert());
    EXPECT_EQ(say(Response::reboot, approver("ana")), AnswerOutcome::Kind::proposed);
    auto about = office.last_case();
    EXPECT_EQ(about.state, CaseState::open);
    ASSERT_TRUE(about.proposal);
    EXPECT_EQ(about.proposal->by.size(), 1U);
    EXPECT_EQ(about.version, 2);
    EXPECT_TRUE(office.actions(about).empty());

    EXPECT_EQ(say(Response::reboot, approver("ben")), AnswerOutcome::Kind::accepted);
    about = office.last_case();
    ASSERT_TRUE(about.decision);
    EXPECT_EQ(about.decision->by.name, "ben");
    EXPECT_EQ(about.proposal->by.front().by.name, "ana");
    EXPECT_EQ(office.actions(about).size(), 1U);
    EXPECT_EQ(office.verbs(), (std::vector<std::string>{"propose", "decide"}));
}

TEST_F(Agreements, NobodyIsTwoPersonsByTwoChannels) {
    office.file(load_alert());
    say(Response::reboot, approver("ana"));
    EXPECT_EQ(say(Response::reboot, approver("ana", "cli")), AnswerOutcome::Kind::proposed);
    EXPECT_EQ(say(Response::reboot, approver("ana", "rest")), AnswerOutcome::Kind::proposed);
    EXPECT_FALSE(office.last_case().decision);
    EXPECT_EQ(office.last_case().version, 2) << "nothing new is shown";
    EXPECT_EQ(office.verbs(), (std::vector<std::string>{"propose"}));
}

TEST_F(Agreements, WhoIsNobodyInParticularDoesNotCount) {
    office.file(load_alert());
    const Actor root{Actor::Kind::person, "root (local)", "cli", Role::administrator};
    const Actor token{Actor::Kind::token, "ana", "rest", Role::administrator};
    const Actor rule{Actor::Kind::policy, "ana", "policy", Role::administrator};
    for (const auto& nobody : {root, token, rule})
        EXPECT_NE(refusal(Response::reboot, nobody).find("people"), std::string::npos) << nobody.text();
    EXPECT_FALSE(office.last_case().proposal);
}

TEST_F(Agreements, TheRoleIsNeededOfEach) {
    office.file(load_alert());
    say(Response::reboot, approver("ana"));
    EXPECT_NE(refusal(Response::reboot, person("ben")).find("approver"), std::string::npos);
    EXPECT_FALSE(office.last_case().decision);
}

TEST_F(Agreements, AnApproverEndsAProposalByTheOppositeAnswer) {
    office.file(load_alert());
    say(Response::reboot, approver("ana"));
    EXPECT_NE(refusal(Response::nothing, person("otto")).find("ana has proposed reboot"), std::string::npos);
    EXPECT_EQ(say(Response::nothing, approver("ben")), AnswerOutcome::Kind::accepted);
    const auto about = office.last_case();
    EXPECT_EQ(about.decision->response, Response::nothing);
    EXPECT_TRUE(office.actions(about).empty());
}

TEST_F(Agreements, AnotherAnswerBeginsAnotherProposal) {
    office.options.policies[0].approvals = 2;
    office.file(load_alert());
    say(Response::reboot, approver("ana"));
    EXPECT_EQ(say(Response::power_off, approver("ben")), AnswerOutcome::Kind::proposed);
    EXPECT_EQ(say(Response::reboot, approver("eva")), AnswerOutcome::Kind::proposed) << "it counts anew";
    EXPECT_EQ(say(Response::reboot, approver("ben")), AnswerOutcome::Kind::accepted);
    EXPECT_EQ(office.actions(office.last_case()).size(), 1U);
}

TEST_F(Agreements, UpToFiveMayBeNeeded) {
    office.options.policies[0].approvals = 3;
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(say(Response::block, approver("ana")), AnswerOutcome::Kind::proposed);
    EXPECT_EQ(say(Response::block, approver("ben")), AnswerOutcome::Kind::proposed);
    EXPECT_TRUE(office.rules_now().empty());
    EXPECT_EQ(say(Response::block, approver("eva")), AnswerOutcome::Kind::accepted);
    EXPECT_EQ(office.rules_now().size(), 1U);
}

TEST_F(Agreements, WhatWasAgreedToIsTheLengthThatWasProposed) {
    office.options.policies[0].approvals = 2;
    office.file(flood_alert("203.0.113.9"));
    const auto block_for = [&](const std::string& who, std::optional<Duration> lasts) {
        decide::AnswerRequest request;
        request.case_id = office.last_case().id;
        request.response = Response::block;
        request.by = approver(who);
        request.lasts = lasts;
        return office.desk.answer(request, office.now).value().kind;
    };
    EXPECT_EQ(block_for("ana", Duration(2h)), AnswerOutcome::Kind::proposed);
    EXPECT_EQ(block_for("ben", Duration(9h)), AnswerOutcome::Kind::proposed) << "another answer";
    EXPECT_EQ(block_for("eva", std::nullopt), AnswerOutcome::Kind::accepted);
    EXPECT_EQ(office.last_case().decision->lasts, Duration(9h));
}

TEST_F(Agreements, TheProposalLapsesWithItsCase) {
    office.options.policies[0].wait = 1h;
    office.options.policies[0].on_silence = Response::reboot;
    office.file(load_alert());
    office.run(office.silence);
    say(Response::reboot, approver("ana"));
    office.now += 2min;
    office.run(office.silence);
    office.now += 1h;
    for (int i = 0; i < 3; ++i, office.now += 2min)
        office.run(office.silence);
    EXPECT_EQ(office.last_case().state, CaseState::expired) << "silence is no second person";
    EXPECT_TRUE(office.actions(office.last_case()).empty());
    const auto late = office.answer(office.last_case(), Response::reboot, approver("ben"));
    ASSERT_TRUE(late);
    EXPECT_EQ(late->kind, AnswerOutcome::Kind::over);
}

TEST_F(Agreements, NoPolicyActsWhereTwoPersonsHaveTo) {
    office.options.policies[0].mode = decide::Policy::Mode::automatic;
    office.options.policies[0].response = Response::reboot;
    office.file(load_alert());
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_EQ(office.verbs(), (std::vector<std::string>{"decide_refused"}));
}

TEST_F(Agreements, AWideNetworkIsNoOperatorsAndNoPolicysToBlock) {
    office.options.policies[0].two_persons = {};
    office.file(flood_alert("203.0.112.0/23"));
    EXPECT_NE(refusal(Response::block, person("otto")).find("approver"), std::string::npos);
    office.options.policies[0].mode = decide::Policy::Mode::automatic;
    office.options.policies[0].response = Response::block;
    office.file(flood_alert("203.0.114.0/23"));
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_TRUE(office.rules_now().empty());
    EXPECT_EQ(say(Response::block, approver("ana")), AnswerOutcome::Kind::accepted);
}

}  // namespace
}  // namespace garita::tests
