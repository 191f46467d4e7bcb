// What stays stuck is one case, told anew when it changes, and over by itself.

#include "decide/stuck_rules.hpp"

#include "support/office.hpp"

namespace garita::tests {
namespace {

using decide::RulesHealth;

class RulesThatStayStuck : public DeskTest {
  protected:
    RulesThatStayStuck() {
        health = {"border1", "inet_access", std::nullopt, 15min, 0, {}, RulesHealth::Known::yes};
    }
    void trouble(const std::string& why, std::size_t refused = 0) {
        if (!health.troubled_since) health.troubled_since = office.now;
        health.why = why;
        health.refused = refused;
    }
    void is_well() {
        health.troubled_since.reset();
        health.why.clear();
        health.refused = 0;
    }
    void pass(Duration span) {
        office.now += span;
        const auto looked = desk.step(office.now);
        ASSERT_TRUE(looked) << looked.error().text;
        EXPECT_GT(*looked, Duration::zero());
        office.file();
    }

    RulesHealth health;
    bool is_kept = true;
    decide::StuckRules desk{store,
                            [this] { return is_kept ? std::vector{health} : std::vector<RulesHealth>{}; }};
};

TEST_F(RulesThatStayStuck, AreOneCaseAfterTheStatedTime) {
    trouble("no route to host");
    pass(14min);
    EXPECT_TRUE(office.cases().empty());
    for (int i = 0; i < 100; ++i)
        pass(1min);
    ASSERT_EQ(office.cases().size(), 1U);
    const auto about = office.cases()[0];
    EXPECT_EQ(about.state, CaseState::open);
    EXPECT_EQ(about.kind, "rules_stuck");
    EXPECT_EQ(about.device, "border1");
    EXPECT_EQ(about.subject, "inet_access");
    EXPECT_EQ(about.alert_count, 1) << "nothing has changed";
    EXPECT_EQ(about.facts.at("why"), "no route to host");
    EXPECT_FALSE(about.facts.contains("refused"));
}

TEST_F(RulesThatStayStuck, AreToldAnewWhenTheyChange) {
    trouble("not an address", 3);
    pass(15min);
    trouble("not an address", 4);
    pass(1min);
    EXPECT_EQ(office.last_case().facts.at("refused"), "3");
    pass(10min);
    EXPECT_EQ(office.last_case().facts.at("refused"), "4");
    EXPECT_EQ(office.cases().size(), 1U);
}

TEST_F(RulesThatStayStuck, AreOverByThemselvesAndAskedAboutAgainWhenTheyComeBack) {
    trouble("no route to host");
    pass(15min);
    is_well();
    health.known = RulesHealth::Known::no;
    pass(1min);
    EXPECT_EQ(office.last_case().state, CaseState::open) << "after a start nobody knows yet";
    health.known = RulesHealth::Known::yes;
    pass(1min);
    EXPECT_EQ(office.last_case().state, CaseState::closed);
    ASSERT_TRUE(office.last_case().decision);
    EXPECT_EQ(office.last_case().decision->comment, "over: all of them are in force");
    const auto verbs = office.verbs();
    EXPECT_EQ(std::count(verbs.begin(), verbs.end(), "case_closed"), 1);
    trouble("no route to host");
    pass(15min);
    ASSERT_EQ(office.cases().size(), 2U);
    EXPECT_EQ(office.last_case().state, CaseState::open);
    is_kept = false;
    pass(1min);
    EXPECT_EQ(office.last_case().state, CaseState::closed);
}

TEST_F(RulesThatStayStuck, WhoAnsweredIsAskedAgainADayLater) {
    trouble("no route to host");
    pass(15min);
    ASSERT_TRUE(office.answer(office.last_case(), Response::nothing));
    for (int i = 0; i < 23; ++i)
        pass(1h);
    EXPECT_EQ(office.cases().size(), 1U);
    pass(2h);
    EXPECT_EQ(office.cases().size(), 2U);
    EXPECT_EQ(office.last_case().state, CaseState::open);
}

TEST_F(RulesThatStayStuck, AreCountedFromTheirBeginningOverRestarts) {
    trouble("no route to host");
    pass(14min);
    decide::StuckRules after_restart{store, [this] { return std::vector{health}; }};
    health.troubled_since.reset();
    health.known = RulesHealth::Known::no;
    ASSERT_TRUE(after_restart.step(office.now)) << "nobody knows yet";
    health.known = RulesHealth::Known::yes;
    health.troubled_since = office.now;
    office.now += 61s;
    ASSERT_TRUE(after_restart.step(office.now));
    office.file();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().facts.at("since"),
              to_iso8601(std::chrono::floor<std::chrono::seconds>(office.now - 15min - 1s)));
    // over, and begun anew
    is_well();
    ASSERT_TRUE(after_restart.step(office.now));
    office.file();
    EXPECT_EQ(office.last_case().state, CaseState::closed);
    decide::StuckRules once_more{store, [this] { return std::vector{health}; }};
    trouble("no route to host");
    office.now += 1min;
    ASSERT_TRUE(once_more.step(office.now));
    office.file();
    EXPECT_EQ(office.cases().size(), 1U);
}

TEST_F(RulesThatStayStuck, NeverMeansNever) {
    health.stuck_after.reset();
    trouble("no route to host");
    pass(1000h);
    EXPECT_TRUE(office.cases().empty());
}

}  // namespace
}  // namespace garita::tests
