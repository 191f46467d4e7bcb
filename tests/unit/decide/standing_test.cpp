// What an agent decides by itself, and what the hub makes of it.

#include "decide/standing.hpp"

#include "decide/stand_in.hpp"
#include "fakes/memory_agent_store.hpp"
#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::Policy;
using decide::Standing;

Policy local_policy(std::string kind) {
    Policy policy;
    policy.kind = std::move(kind);
    policy.mode = Policy::Mode::automatic;
    policy.response = Response::block;
    policy.lasts = 2h;
    policy.locally = true;
    return policy;
}

class StandingPolicies : public DeskTest {
  protected:
    StandingPolicies() {
        office.enrol("db1", {network("10.0.0.0/24")});
        office.options.policies = {local_policy("http_errors")};
    }
    std::optional<Standing> standing(const std::string& device = "web1") {
        std::optional<Standing> given;
        office.look([&](store::View& v) {
            given = decide::standing_for(v, office.options, {}, device, office.now);
            return 0;
        });
        return given;
    }
    std::optional<DecidedAlone> ask(const Alert& alert, const std::vector<store::OwnDecision>& made = {}) {
        const auto given = standing();
        return given ? decide::decide_alone(*given, alert, made, office.now) : std::nullopt;
    }
    /// The alert as it comes with the agent's decision of that time.
    void bring(Alert alert, Time at, const std::string& policy = "http_errors auto") {
        alert.decided = DecidedAlone{policy, at, 2h};
        office.file(std::move(alert));
    }
    std::vector<Rule> rules() {
        return office.look([](store::View& v) { return v.rules({}); });
    }
    std::vector<AuditEntry> audit(const std::string& verb) {
        auto all = office.look([](store::View& v) { return v.audit({}); });
        std::erase_if(all, [&](const AuditEntry& one) { return one.verb != verb; });
        return all;
    }
};

TEST_F(StandingPolicies, OnlyWhatIsMarkedIsFollowed) {
    const auto decided = ask(flood_alert("203.0.113.9"));
    ASSERT_TRUE(decided);
    EXPECT_EQ(decided->policy, "http_errors auto");
    EXPECT_EQ(decided->at, office.now);
    EXPECT_EQ(decided->lasts, 2h);
    EXPECT_FALSE(ask(login_alert("203.0.113.9")));
    EXPECT_FALSE(ask(load_alert()));
    office.options.policies[0].locally = false;
    EXPECT_FALSE(standing()) << "an agent that may do nothing is told nothing";
}

TEST_F(StandingPolicies, APolicyBeforeTakesTheAlertAway) {
    Policy asked;
    asked.kind = "http_errors";
    asked.severity = Severity::critical;
    office.options.policies.insert(office.options.policies.begin(), asked);
    EXPECT_TRUE(ask(flood_alert("203.0.113.9", Severity::warning)));
    EXPECT_FALSE(ask(flood_alert("203.0.113.9", Severity::critical)));
    office.options.policies[0].device = "db1";
    EXPECT_TRUE(ask(flood_alert("203.0.113.9", Severity::critical))) << "that one is about another device";
}

TEST_F(StandingPolicies, WhatTheHubProtectsIsNotBlocked) {
    office.options.protected_networks = {{network("192.0.2.0/24"), "protected by the configuration"}};
    EXPECT_FALSE(ask(flood_alert("192.0.2.7")));
    EXPECT_FALSE(ask(flood_alert("10.0.0.7"))) << "another device's own network";
    EXPECT_FALSE(ask(flood_alert("0.0.0.0/4"))) << "wider than the desk allows";
    EXPECT_TRUE(ask(flood_alert("192.0.3.7")));
}

TEST_F(StandingPolicies, WhatPeopleAllowedIsLeftAlone) {
    office.options.policies.clear();
    office.file(flood_alert("203.0.113.9"));
    ASSERT_TRUE(office.answer(office.last_case(), Response::allow));
    office.options.policies = {local_policy("http_errors")};
    EXPECT_FALSE(ask(flood_alert("203.0.113.9")));
    EXPECT_TRUE(ask(flood_alert("203.0.113.9", Severity::critical))) << "it has become worse";
    EXPECT_TRUE(ask(flood_alert("203.0.113.10")));
    office.now += 25h;
    EXPECT_TRUE(ask(flood_alert("203.0.113.9")));
}

TEST_F(StandingPolicies, OnceTooManyWereBlockedItWaitsForTheHub) {
    office.options.automatic_blocks = {2, 1min};
    std::vector<store::OwnDecision> made;
    for (int i = 1; i <= 2; ++i) {
        const auto alert = flood_alert("203.0.113." + std::to_string(i));
        const auto decided = ask(alert, made);
        ASSERT_TRUE(decided);
        made.push_back({std::to_string(i), *alert.address, *decided, false});
        office.now += 20s;
    }
    EXPECT_FALSE(ask(flood_alert("203.0.113.3"), made));
    office.now += 1h;
    EXPECT_FALSE(ask(flood_alert("203.0.113.3"), made)) << "until the hub has seen them";
    made.pop_back();
    EXPECT_TRUE(ask(flood_alert("203.0.113.3"), made));
}

TEST_F(StandingPolicies, WhatTakesAPersonAtTheHubIsLeftToIt) {
    EXPECT_FALSE(ask(flood_alert("203.0.0.0/16"))) << "a wide network";
    office.options.policies[0].approvals = 2;
    EXPECT_FALSE(ask(flood_alert("203.0.113.9")));
}

TEST_F(StandingPolicies, APolicyThatDidTooMuchIsFollowedNowhere) {
    office.options.policies[0].cap = decide::RateCap{1, 10min};
    std::vector<store::OwnDecision> made;
    const auto first = ask(flood_alert("203.0.113.1"));
    ASSERT_TRUE(first);
    made.push_back({"1", network("203.0.113.1"), *first, false});
    EXPECT_FALSE(ask(flood_alert("203.0.113.2"), made)) << "its own bound";
    office.file(flood_alert("203.0.113.3"));
    office.file(flood_alert("203.0.113.4"));  // one too many at the hub: suspended
    EXPECT_FALSE(standing());
    office.now += 1min;
    bring(flood_alert("203.0.113.5"), office.now);
    for (const auto& rule : rules())
        EXPECT_NE(rule.params, "203.0.113.5");
}

TEST_F(StandingPolicies, TheHubTakesTheDecisionOverAsItWasMade) {
    const auto at = office.now;
    office.now += 30min;
    bring(flood_alert("203.0.113.9"), at);
    ASSERT_EQ(office.cases().size(), 1U);
    const auto about = office.last_case();
    ASSERT_TRUE(about.decision);
    EXPECT_EQ(about.decision->by.text(), "http_errors auto (agent)");
    EXPECT_EQ(about.decision->at, at);
    ASSERT_EQ(rules().size(), 2U) << "the policy blocks on all devices";
    for (const auto& rule : rules())
        EXPECT_EQ(rule.expires_at, at + 2h);
    ASSERT_EQ(audit("decide").size(), 1U);
    EXPECT_NE(audit("decide")[0].detail.find("decided on web1 at "), std::string::npos);
    office.file(flood_alert("203.0.113.9"));
    EXPECT_EQ(office.cases().size(), 1U) << "more of the same join it";
}

TEST_F(StandingPolicies, WhatIsOverMeanwhileIsRecordedAndBlocksNothing) {
    const auto at = office.now;
    office.now += 3h;
    bring(flood_alert("203.0.113.9"), at);
    EXPECT_EQ(office.last_case().state, CaseState::closed);
    EXPECT_EQ(office.last_case().decision->response, Response::block);
    EXPECT_TRUE(rules().empty());
}

TEST_F(StandingPolicies, AnAgentCannotMakeItLongerOrInventAPolicy) {
    auto alert = flood_alert("203.0.113.9");
    alert.decided = DecidedAlone{"http_errors auto", office.now, std::nullopt};
    office.file(alert);
    EXPECT_EQ(rules().at(0).expires_at, office.now + 2h);
    bring(flood_alert("203.0.113.10"), office.now, "everything auto");
    EXPECT_EQ(office.last_case().state, CaseState::open) << "people are asked";
    EXPECT_EQ(rules().size(), 2U);
    EXPECT_EQ(audit("decide_refused").size(), 1U);
}

TEST_F(StandingPolicies, TheHubHasTheLastWord) {
    const auto at = office.now;
    office.now += 10min;
    office.options.protected_networks = {{network("192.0.2.7"), "protected by the configuration"}};
    bring(flood_alert("192.0.2.7"), at);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    EXPECT_TRUE(rules().empty());
    ASSERT_EQ(audit("decide_refused").size(), 1U);
    EXPECT_NE(audit("decide_refused")[0].detail.find("protected"), std::string::npos);
}

TEST_F(StandingPolicies, ABlockThatWasUnsetAfterwardsDoesNotComeBack) {
    decide::BlockOrder order;
    order.networks = {"203.0.113.9"};
    order.by = person("ana", Role::administrator);
    ASSERT_TRUE(office.rules.carry_out(order, office.now));
    const auto at = office.now += 1min;
    office.now += 1min;
    order.verb = decide::BlockOrder::Verb::unset;
    ASSERT_TRUE(office.rules.carry_out(order, office.now));
    office.now += 1min;
    bring(flood_alert("203.0.113.9"), at);
    for (const auto& rule : rules())
        EXPECT_FALSE(rule.desired);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    bring(flood_alert("203.0.113.90"), at);
    EXPECT_TRUE(office.last_case().decision) << "another address that begins like it";
}

class StandIns : public testing::Test {
  protected:
    void raise(const std::string& from) {
        auto alert = flood_alert(from);
        alert.uid = from;
        ASSERT_TRUE(store.push_alerts({alert}, 100));
    }
    Duration step() {
        const auto wait = stand_in.step(now);
        EXPECT_TRUE(wait);
        return wait.value_or(Duration::zero());
    }

    fakes::MemoryAgentStore store;
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    std::optional<Time> away;
    std::optional<Standing> standing =
        Standing{{local_policy("http_errors")}, {}, 8, 32, {}, {100, 1min}, {}};
    bool may = true;
    std::vector<std::string> blocked;
    decide::StandIn stand_in{
        {store, [this] { return away; }, [this] { return standing; },
         [this](const IpNetwork&) { return may; },
         [this](const Alert& alert, const DecidedAlone&) { blocked.push_back(alert.uid); }},
        10s};
};

TEST_F(StandIns, NothingIsDecidedBeforeTheHubWasAwayForSoLong) {
    raise("203.0.113.9");
    step();
    EXPECT_TRUE(blocked.empty()) << "the hub is there";
    away = now;
    now += 4s;
    EXPECT_EQ(step(), 6s);
    EXPECT_TRUE(blocked.empty());
    now += 6s;
    while (step() == Duration::zero()) {
    }
    EXPECT_EQ(blocked, std::vector<std::string>{"203.0.113.9"});
    EXPECT_EQ(store.own_decisions().value().size(), 1U);
    EXPECT_TRUE(store.oldest_alerts(1).value().at(0).decided) << "the hub hears of it with the alert";
    raise("203.0.113.10");
    step();
    EXPECT_EQ(blocked.size(), 2U) << "a new alert wakes it";
}

TEST_F(StandIns, EachAlertOnceWhateverHappens) {
    away = now - 1min;
    raise("203.0.113.9");
    step();
    away.reset();
    step();
    away = now - 1min;
    step();
    EXPECT_EQ(blocked.size(), 1U);
    EXPECT_EQ(store.own_decisions().value().size(), 1U);
}

TEST_F(StandIns, WhatThisHostRefusesIsLeftToTheHub) {
    away = now - 1min;
    may = false;
    raise("203.0.113.9");
    step();
    EXPECT_TRUE(blocked.empty());
    EXPECT_TRUE(store.own_decisions().value().empty());
    standing.reset();
    EXPECT_GE(step(), 1min) << "without standing policies it sleeps";
}

}  // namespace
}  // namespace garita::tests
