// The table of kinds and answers, held against the desk: what it lists is what a case takes, and nothing
// else.

#include "model/alert_kinds.hpp"
#include "support/office.hpp"

namespace garita::tests {
namespace {

constexpr std::array every_response = {Response::allow,  Response::nothing, Response::close_connection,
                                       Response::block,  Response::reboot,  Response::power_off,
                                       Response::accept, Response::mute,    Response::keep};

class AnswersOfAKind : public DeskTest, public ::testing::WithParamInterface<std::string> {
  protected:
    /// An alert that gives ground for every answer: an address, and a session.
    CaseId open_case(int number) {
        Alert alert = login_alert("203.0.113." + std::to_string(number));
        alert.kind = GetParam();
        alert.subject += GetParam();
        alert.facts["source"] = "main";
        office.file(alert);
        return office.last_case().id;
    }
};

TEST_P(AnswersOfAKind, AreExactlyThoseThatTheDeskTakes) {
    const auto listed = answers_of(GetParam());
    int number = 0;
    for (const Response response : every_response) {
        SCOPED_TRACE(to_text(response));
        const CaseId id = open_case(++number);
        const bool is_listed = std::find(listed.begin(), listed.end(), response) != listed.end();
        const auto outcome = office.answer(office.last_case(), response, person("eva", Role::approver));
        EXPECT_EQ(outcome.has_value(), is_listed) << (outcome ? "" : outcome.error().text);
        if (!outcome) {
            EXPECT_EQ(outcome.error().code, ErrorCode::invalid);
        }
        EXPECT_EQ(office.last_case().id, id);
    }
}

TEST_P(AnswersOfAKind, AreExactlyThoseThatAPolicyMayGive) {
    const auto listed = answers_of(GetParam());
    int number = 0;
    for (const Response response : every_response) {
        SCOPED_TRACE(to_text(response));
        decide::Policy policy;
        policy.mode = decide::Policy::Mode::automatic;
        policy.response = response;
        office.options.policies = {policy};
        office.options.reboot_pause = Duration::zero();
        open_case(++number);
        const bool is_listed = std::find(listed.begin(), listed.end(), response) != listed.end();
        EXPECT_EQ(office.last_case().decision.has_value(), is_listed);
    }
}

TEST_P(AnswersOfAKind, IncludeNothingWhichClosesTheCaseWithoutEffect) {
    open_case(1);
    const auto outcome = office.answer(office.last_case(), Response::nothing);
    ASSERT_TRUE(outcome) << outcome.error().text;
    EXPECT_EQ(outcome->current.state, CaseState::closed);
    EXPECT_TRUE(office.rules_now().empty());
    EXPECT_TRUE(office.actions(outcome->current).empty());
}

INSTANTIATE_TEST_SUITE_P(Kinds, AnswersOfAKind,
                         ::testing::Values("ssh_login", "http_errors", "log_patterns", "cpu_load",
                                           "log_silent", "audit_broken", "orders_refused", "rules_stuck",
                                           "ports_drift", "ports_unknown", "suricata_alert", "wazuh_alert",
                                           "alertmanager", "crowdsec_alert", "fraud"),
                         [](const auto& kind) { return kind.param; });

TEST(Kinds, EveryRowOfTheTableIsHeldAgainstTheDesk) {
    std::vector<std::string_view> names;
    for (const AlertKind& kind : alert_kinds())
        names.push_back(kind.name);
    EXPECT_EQ(names, (std::vector<std::string_view>{
                         "ssh_login", "http_errors", "log_patterns", "cpu_load", "log_silent", "audit_broken",
                         "runaway_policy", "orders_refused", "rules_stuck", "ports_drift", "ports_unknown",
                         "siem_incident",  // held against it in incident_answers_test.cpp
                         "suricata_alert", "wazuh_alert", "alertmanager", "crowdsec_alert"}));
}

TEST(Kinds, ButtonsAreTheFirstAnswers) {
    for (const std::string_view kind :
         {"ssh_login", "http_errors", "log_patterns", "cpu_load", "log_silent", "audit_broken",
          "runaway_policy", "orders_refused", "rules_stuck", "fraud"}) {
        const auto buttons = buttons_of(kind);
        const auto answers = answers_of(kind);
        ASSERT_LE(buttons.size(), answers.size());
        EXPECT_TRUE(std::equal(buttons.begin(), buttons.end(), answers.begin())) << kind;
    }
}

}  // namespace
}  // namespace garita::tests
