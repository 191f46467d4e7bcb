// A SIEM's incident takes answers by the state that it is in, also after the one that decided its case.

#include "decide/incident_answers.hpp"

#include "model/incident.hpp"
#include "store/refresh_wishes.hpp"
#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::AnswerOutcome;

class IncidentAnswers : public DeskTest {
  protected:
    Case open_incident(const std::string& status = "New") {
        Alert alert;
        alert.device = "maxpatrol.soc";
        alert.kind = incident_kind;
        alert.subject = "cc51f4c0";
        alert.facts = {{"status", status}, {"key", "INC-75"}};
        office.file(alert);
        return office.last_case();
    }
    /// The SIEM has done what it was asked for, and shows this.
    void settle(CaseId id, const std::string& status) {
        office.write([&](store::Transaction& t) {
            for (const auto& action : t.actions_of(id))
                (void)t.finish_action(action.id, ActionState::done, status, office.now);
            auto about = *t.find_case(id);
            about.facts["status"] = status;
            about.responses = answers_in(parse_incident_status(status));
            ASSERT_TRUE(t.update_case(about));
            decide::settle_case(t, id, office.now);
        });
    }
};

TEST_F(IncidentAnswers, AreThoseOfItsState) {
    EXPECT_EQ(open_incident().responses, answers_in(IncidentStatus::fresh));
    EXPECT_EQ(answers_in(IncidentStatus::closed), std::vector{Response::refresh});
    EXPECT_EQ(answers_in(std::nullopt), std::vector{Response::refresh});
}

TEST_F(IncidentAnswers, OneOrdersTheSiemToMoveItAndNamesThePerson) {
    const auto about = open_incident();
    const auto outcome = office.answer(about, Response::dismiss);
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->current.state, CaseState::decided);
    const auto actions = office.actions(about);
    ASSERT_EQ(actions.size(), 1U);
    EXPECT_EQ(actions[0].device, "maxpatrol.soc");
    EXPECT_EQ(actions[0].order,
              ActionOrder(MoveIncident{"cc51f4c0", IncidentStatus::closed, "ana (telegram)", ""}));
}

TEST_F(IncidentAnswers, WhoeverComesSecondIsToldWhoWasFaster) {
    const auto about = open_incident();
    ASSERT_TRUE(office.answer(about, Response::dismiss));
    const auto second = office.answer(about, Response::approve, person("eva"));
    ASSERT_TRUE(second);
    EXPECT_EQ(second->kind, AnswerOutcome::Kind::already_decided);
    settle(about.id, "Closed");
    const auto third = office.answer(about, Response::approve, person("eva"));
    ASSERT_TRUE(third);
    EXPECT_EQ(third->kind, AnswerOutcome::Kind::already_decided);
    EXPECT_EQ(office.actions(about).size(), 1U);
}

TEST_F(IncidentAnswers, FurtherStatesAreOrderedAfterTheDecision) {
    const auto about = open_incident();
    ASSERT_TRUE(office.answer(about, Response::approve));
    settle(about.id, "Approved");
    ASSERT_EQ(office.last_case().state, CaseState::closed);
    const auto outcome = office.answer(office.last_case(), Response::start_work, person("eva"));
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->kind, AnswerOutcome::Kind::accepted);
    ASSERT_TRUE(outcome->current.decision);
    EXPECT_EQ(outcome->current.decision->response, Response::approve);
    const auto actions = office.actions(about);
    ASSERT_EQ(actions.size(), 2U);
    EXPECT_EQ(actions[1].order,
              ActionOrder(MoveIncident{"cc51f4c0", IncidentStatus::in_progress, "eva (telegram)", ""}));
    EXPECT_EQ(office.verbs(), (std::vector<std::string>{"decide", "decide"}));
}

TEST_F(IncidentAnswers, ALinkIsGoodForOneQuestion) {
    const auto about = open_incident();
    decide::AnswerRequest request;
    request.case_id = about.id;
    request.by = person("ana");
    request.link = decide::UsedLink{0, "ana@example.org"};
    request.response = Response::approve;
    const auto first = office.desk.answer(request, office.now);
    ASSERT_TRUE(first) << first.error().text;
    EXPECT_EQ(first->kind, AnswerOutcome::Kind::accepted);
    settle(about.id, "Approved");
    // looked at before that decision, pressed after it: by another way this would be a second order
    for (const auto response : {Response::start_work, Response::refresh}) {
        request.response = response;
        const auto second = office.desk.answer(request, office.now);
        ASSERT_TRUE(second) << second.error().text;
        EXPECT_EQ(second->kind, AnswerOutcome::Kind::already_decided);
    }
    EXPECT_EQ(office.actions(about).size(), 1U);
    EXPECT_EQ(office.verbs(), (std::vector<std::string>{"decide", "link_used"}));
}

TEST_F(IncidentAnswers, AViewerMayHaveItLookedAtAndNoMore) {
    const auto about = open_incident();
    const auto viewer = person("vera", Role::viewer);
    ASSERT_TRUE(office.answer(about, Response::refresh, viewer));
    EXPECT_EQ(office.last_case().state, CaseState::open);
    std::vector<CaseId> wishes;
    office.write([&](store::Transaction& t) { wishes = store::refresh_wishes(t, "maxpatrol.soc"); });
    EXPECT_EQ(wishes, std::vector{about.id});
    const auto refused = office.answer(about, Response::approve, viewer);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
    EXPECT_TRUE(office.actions(about).empty());
}

TEST_F(IncidentAnswers, NoSilenceEndsItAndNoCrowdKeepsItOut) {
    office.options.open_cases = 0;
    const auto about = open_incident();
    EXPECT_EQ(about.state, CaseState::open);
    EXPECT_FALSE(about.expires_at);
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(office.last_case().state, CaseState::observed);
}

TEST_F(IncidentAnswers, TwoPersonsCannotBeGoneRoundByAFurtherState) {
    decide::Policy policy;
    policy.approvals = 2;
    office.options.policies = {policy};
    for (const auto* who : {"ana", "eva", "ben"}) {
        Person known;
        known.name = who;
        known.role = Role::approver;
        office.options.people.push_back(known);
    }
    const auto about = open_incident();
    for (const auto* who : {"eva", "ben"}) {
        const auto given = office.answer(about, Response::approve, person(who, Role::approver));
        ASSERT_TRUE(given) << given.error().text;
    }
    settle(about.id, "Approved");
    const auto alone = office.answer(office.last_case(), Response::dismiss);
    ASSERT_TRUE(alone);
    EXPECT_EQ(alone->kind, AnswerOutcome::Kind::already_decided);
    EXPECT_EQ(office.actions(about).size(), 1U);
}

}  // namespace
}  // namespace garita::tests
