#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::Policy;

class FilingAlerts : public DeskTest {
  protected:
    Policy automatic(std::string kind, Response response) {
        Policy policy;
        policy.kind = std::move(kind);
        policy.mode = Policy::Mode::automatic;
        policy.response = response;
        policy.lasts = 2h;
        return policy;
    }
    std::int64_t unfiled() {
        return static_cast<std::int64_t>(
            office.look([](store::View& v) { return v.unfiled_alerts(1000000); }).size());
    }
};

TEST_F(FilingAlerts, TheFirstOpensAQuestionWithTheAnswersOfItsKind) {
    office.file(login_alert("203.0.113.9"));
    const auto about = office.last_case();
    EXPECT_EQ(about.state, CaseState::open);
    EXPECT_EQ(about.responses, (std::vector<Response>{Response::allow, Response::close_connection,
                                                      Response::block, Response::nothing}));
    EXPECT_EQ(about.expires_at, office.now + 24h);
    EXPECT_EQ(about.on_silence, Response::nothing);
    EXPECT_EQ(about.facts.at("pid"), "4321");
    EXPECT_EQ(unfiled(), 0);
}

TEST_F(FilingAlerts, WithTheirCauseTheyAreDecidedInTheSameTransaction) {
    office.enrol("web1");
    office.options.policies = {automatic("http_errors", Response::block)};
    decide::Filing filing(office.store, office.options);
    office.write([&](store::Transaction& t) {
        auto alert = flood_alert("203.0.113.9");
        alert.uid = "one";
        alert.at = office.now;
        ASSERT_TRUE(t.add_alert(alert));
        ASSERT_TRUE(filing.file_with_cause(t, office.now));
        EXPECT_TRUE(t.unfiled_alerts(1).empty());
        const auto rules = t.rules({.device = "web1"});
        ASSERT_EQ(rules.size(), 1U);
        EXPECT_EQ(rules[0].params, "203.0.113.9");
    });
    EXPECT_EQ(office.last_case().state, CaseState::decided);
    office.run(filing);
    EXPECT_EQ(office.cases().size(), 1U) << "nothing is left for a step";
}

TEST_F(FilingAlerts, MoreOfTheSameJoinTheOpenCase) {
    office.file(flood_alert("203.0.113.9"));
    office.now += 1min;
    office.file(flood_alert("203.0.113.9", Severity::critical));
    ASSERT_EQ(office.cases().size(), 1U);
    const auto about = office.last_case();
    EXPECT_EQ(about.alert_count, 2);
    EXPECT_EQ(about.severity, Severity::critical);
    EXPECT_EQ(about.last_alert_at, office.now);
}

TEST_F(FilingAlerts, AFloodOfTheSameCostsFewNewVersions) {
    for (int i = 0; i < 1000; ++i)
        office.file(flood_alert("203.0.113.9"));
    const auto about = office.last_case();
    EXPECT_EQ(about.alert_count, 1000);
    EXPECT_LE(about.version, 11);
    EXPECT_GE(about.version, 8);
}

TEST_F(FilingAlerts, AWorseAlertIsShownAtOnce) {
    for (int i = 0; i < 5; ++i)
        office.file(flood_alert("203.0.113.9"));
    const auto before = office.last_case().version;
    office.file(flood_alert("203.0.113.9", Severity::critical));
    EXPECT_EQ(office.last_case().version, before + 1);
}

TEST_F(FilingAlerts, AfterADecisionTheNextIsANewCase) {
    office.file(login_alert("203.0.113.9"));
    ASSERT_TRUE(office.answer(office.last_case(), Response::close_connection));
    office.file(login_alert("203.0.113.9"));
    EXPECT_EQ(office.cases().size(), 2U);
}

TEST_F(FilingAlerts, WhatWasAllowedIsQuietForADay) {
    office.file(flood_alert("203.0.113.9"));
    ASSERT_TRUE(office.answer(office.last_case(), Response::allow));
    const auto version = office.last_case().version;
    office.now += 23h;
    office.file(flood_alert("203.0.113.9"));
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().alert_count, 2);
    EXPECT_EQ(office.last_case().version, version);
    EXPECT_EQ(office.last_case().state, CaseState::closed);
    office.now += 1h;
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(office.cases().size(), 2U);
    EXPECT_EQ(office.last_case().state, CaseState::open);
}

TEST_F(FilingAlerts, WhatWasAllowedIsAskedAgainWhenItGetsWorse) {
    office.file(flood_alert("203.0.113.9"));
    ASSERT_TRUE(office.answer(office.last_case(), Response::allow));
    office.file(flood_alert("203.0.113.9", Severity::critical));
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_EQ(office.cases().size(), 2U);
}

TEST_F(FilingAlerts, AboutABlockedAddressNobodyIsAskedAgain) {
    office.file(flood_alert("203.0.113.9"));
    ASSERT_TRUE(office.answer(office.last_case(), Response::block));
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(office.cases().size(), 1U);
    office.now += 25h;
    office.run(office.expiry);
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(office.last_case().state, CaseState::open);
}

TEST_F(FilingAlerts, AnAddressInABlockedNetworkIsRecordedOnly) {
    decide::BlockOrder order;
    order.networks = {"203.0.113.0/24", "2001:db8:7::/64"};
    order.by = person("ana");
    ASSERT_TRUE(office.rules.carry_out(order, office.now));
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(office.last_case().state, CaseState::observed);
    office.file(flood_alert("2001:db8:7::1"));
    EXPECT_EQ(office.last_case().state, CaseState::observed);
    office.file(flood_alert("203.0.114.9"));
    EXPECT_EQ(office.last_case().state, CaseState::open);
}

TEST_F(FilingAlerts, ObserveRecordsOneCaseAndAsksNobody) {
    Policy observe;
    observe.mode = Policy::Mode::observe;
    office.options.policies = {observe};
    for (int i = 0; i < 3; ++i)
        office.file(flood_alert("203.0.113.9"));
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().state, CaseState::observed);
    EXPECT_EQ(office.last_case().alert_count, 3);
    const auto outcome = office.answer(office.last_case(), Response::block);
    ASSERT_TRUE(outcome);
    EXPECT_EQ(outcome->kind, decide::AnswerOutcome::Kind::over);
}

TEST_F(FilingAlerts, AutomaticDecidesInTheSameTransaction) {
    office.options.policies = {automatic("http_errors", Response::block)};
    office.raise({flood_alert("203.0.113.9")});
    office.file();
    const auto about = office.last_case();
    EXPECT_EQ(about.state, CaseState::decided);
    ASSERT_TRUE(about.decision);
    EXPECT_EQ(about.decision->by.kind, Actor::Kind::policy);
    ASSERT_EQ(office.rules_now().size(), 1U);
    EXPECT_EQ(office.rules_now()[0].expires_at, office.now + 2h);
}

TEST_F(FilingAlerts, AutomaticFromASeverityOnDecidesWhenItIsReached) {
    auto policy = automatic("http_errors", Response::block);
    policy.severity = Severity::critical;
    office.options.policies = {policy};
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(office.last_case().state, CaseState::open);
    office.file(flood_alert("203.0.113.9", Severity::critical));
    EXPECT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().state, CaseState::decided);
}

TEST_F(FilingAlerts, AutomaticNeverBlocksAProtectedAddressButAsks) {
    office.options.policies = {automatic("http_errors", Response::block)};
    office.file(flood_alert("198.51.100.1"));
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_TRUE(office.rules_now().empty());
    EXPECT_EQ(office.verbs(), std::vector<std::string>{"decide_refused"});
}

TEST_F(FilingAlerts, AutomaticDoesNotRebootAHostAgainAndAgain) {
    office.options.policies = {automatic("cpu_load", Response::reboot)};
    office.file(load_alert());
    EXPECT_EQ(office.last_case().state, CaseState::decided);
    office.now += 10min;
    office.file(load_alert());
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_EQ(office.cases().size(), 2U);
}

TEST_F(FilingAlerts, OneWrongPolicyCannotBlockThePlanet) {
    office.options.policies = {automatic("http_errors", Response::block)};
    office.options.automatic_blocks = {100, 1min};
    for (int i = 0; i < 300; ++i)
        office.raise({flood_alert("203.0." + std::to_string(i / 250) + "." + std::to_string(i % 250))});
    office.file();
    EXPECT_EQ(office.rules_now().size(), 100U);
    const auto cases = office.cases();
    const auto in_state = [&](CaseState state) {
        return std::count_if(cases.begin(), cases.end(), [&](const Case& c) { return c.state == state; });
    };
    EXPECT_EQ(in_state(CaseState::open), 2) << "the one too many, and what to do with the policy";
    EXPECT_EQ(in_state(CaseState::observed), 199);
    const auto verbs = office.verbs();
    EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "decide_refused"), 1);
    EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "policy_suspended"), 1);
}

TEST_F(FilingAlerts, TooManyOpenQuestionsAreRecordedOnly) {
    office.options.open_cases = 10;
    for (int i = 0; i < 30; ++i)
        office.raise({flood_alert("203.0.113." + std::to_string(i))});
    office.file();
    const auto cases = office.cases();
    EXPECT_EQ(cases.size(), 30U);
    EXPECT_EQ(
        std::count_if(cases.begin(), cases.end(), [](const Case& c) { return c.state == CaseState::open; }),
        10);
}

TEST_F(FilingAlerts, ASessionThatIsOverIsNotOfferedToBeClosed) {
    auto alert = login_alert("203.0.113.9");
    alert.facts["ended"] = "yes";
    office.file(alert);
    EXPECT_EQ(office.last_case().responses,
              (std::vector<Response>{Response::allow, Response::block, Response::nothing}));
}

TEST_F(FilingAlerts, APolicyMayNameOneLogPattern) {
    auto policy = automatic("log_patterns", Response::block);
    policy.name = "sshd";
    office.options.policies = {policy};
    auto alert = flood_alert("203.0.113.9");
    alert.kind = "log_patterns";
    alert.facts["pattern"] = "postfix";
    office.file(alert);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    alert.subject = "203.0.113.10";
    alert.facts["pattern"] = "sshd";
    office.file(alert);
    EXPECT_EQ(office.last_case().state, CaseState::decided);
}

TEST_F(FilingAlerts, AKindNobodyKnowsCanBeBlockedOrLeftAlone) {
    auto alert = flood_alert("203.0.113.9");
    alert.kind = "suricata";
    office.file(alert);
    EXPECT_EQ(office.last_case().responses,
              (std::vector<Response>{Response::nothing, Response::block, Response::allow}));
    alert.subject = "no address";
    alert.address.reset();
    office.file(alert);
    EXPECT_EQ(office.last_case().responses, (std::vector<Response>{Response::nothing, Response::allow}));
}

TEST_F(FilingAlerts, ASessionThatCannotBeToldApartIsNotOfferedToBeClosed) {
    auto alert = login_alert("203.0.113.9");
    alert.facts = {{"pid", "-5"}, {"start_ticks", "x"}};
    office.file(alert);
    EXPECT_EQ(office.last_case().responses,
              (std::vector<Response>{Response::allow, Response::block, Response::nothing}));
}

}  // namespace
}  // namespace garita::tests
