// What producers write about rules of devices: read, refused, handed on.

#include "decide/rule_door.hpp"

#include <gmock/gmock.h>

#include "decide/rule_upkeep.hpp"
#include "fakes/memory_device_rules.hpp"
#include "fakes/memory_store.hpp"
#include "model/ready_classes.hpp"

namespace garita::decide {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr Time now = from_micros(1'795'327'705'000'000);

RuleDoor::Classes classes() {
    return {{{"border1", "inet_access"}, *ready_class("inet_access")},
            {{"border1", "shaping_in"}, *ready_class("shaping_in")},
            {{"border2", "inet_access"}, *ready_class("inet_access")}};
}

class RuleDoorTest : public testing::Test {
  protected:
    RuleOrderOutcome carry_out(std::vector<RuleRow> rows,
                               RuleOrder::Others others = RuleOrder::Others::left_alone) {
        order_.rows = std::move(rows);
        order_.others = others;
        order_.by = {Actor::Kind::token, "billing", "rest", Role::operator_};
        const auto done = door_.carry_out(order_, now);
        EXPECT_TRUE(done) << done.error().text;
        return done.value_or(RuleOrderOutcome{});
    }
    /// "device rule params value" of all.
    std::vector<std::string> all() {
        std::vector<std::string> shown;
        const auto listed = rules_.list({});
        for (const auto& rule : listed->rules) {
            const auto* const known = door_.find(rule.target);
            shown.push_back(rule.target.device + ' ' + rule.target.rules + ' ' +
                            known->params_text(rule.key) + ' ' +
                            (rule.want ? known->value_text(*rule.want) : "-"));
        }
        return shown;
    }

    RuleOrder order_;
    fakes::MemoryStore store_;
    fakes::MemoryDeviceRules rules_{store_};
    RuleDoor door_{rules_, classes()};
};

TEST_F(RuleDoorTest, RowsAreReadAsTheirClassSays) {
    const auto done = carry_out({{"border1", "inet_access", "192.0.2.7", "open"},
                                 {"border1", "shaping_in", "2001:DB8::7", "1.5Mbit"}});
    EXPECT_TRUE(done.carried_out);
    EXPECT_THAT(done.refused, IsEmpty());
    EXPECT_EQ(done.changes.changed, 2);
    EXPECT_THAT(all(),
                ElementsAre("border1 inet_access 192.0.2.7 open", "border1 shaping_in 2001:db8::7 1500kbit"));
}

TEST_F(RuleDoorTest, WithoutADeviceAllThatHaveTheRule) {
    for (const auto* const device : {"", "all"}) {
        carry_out({{device, "inet_access", "192.0.2.7", "open"}});
        EXPECT_THAT(all(),
                    ElementsAre("border1 inet_access 192.0.2.7 open", "border2 inet_access 192.0.2.7 open"));
    }
}

TEST_F(RuleDoorTest, APlaceIsNamedOnce) {
    carry_out({{"border1", "inet_access", "192.0.2.7", "open"}, {"", "inet_access", "192.0.2.8", "open"}});
    EXPECT_EQ(rules_.changes(0, 1)->at(0).what, "2 kinds of rules");
    carry_out({{"border1", "inet_access", "192.0.2.9", "open"}});
    EXPECT_EQ(rules_.changes(0, 1)->at(0).what, "border1 inet_access");
}

TEST_F(RuleDoorTest, OneRefusedRowKeepsTheOthersOut) {
    const std::vector<RuleRow> rows{{"border1", "inet_access", "192.0.2.7", "open"},
                                    {"border1", "inet_access", "192.0.2.8", "ajar"},
                                    {"border3", "inet_access", "192.0.2.8", "open"},
                                    {"border2", "shaping_in", "192.0.2.8", "1Mbit"},
                                    {"", "speed\n", "192.0.2.8", "1Mbit"}};
    const auto stopped = carry_out(rows);
    EXPECT_FALSE(stopped.carried_out);
    EXPECT_THAT(all(), IsEmpty());
    ASSERT_EQ(stopped.refused.size(), 4U);
    EXPECT_EQ(stopped.refused[0].row, 1U);
    EXPECT_EQ(stopped.refused[0].why, "value: 'ajar' is not one of open, closed");
    EXPECT_EQ(stopped.refused[1].why, "device 'border3' is not one of: border1, border2");
    EXPECT_EQ(stopped.refused[2].why, "rule 'shaping_in' is not one of: inet_access");
    EXPECT_EQ(stopped.refused[3].why, "rule 'speed?' is not one of: inet_access, shaping_in");

    const auto rest = carry_out(rows, RuleOrder::Others::carried_out);
    EXPECT_TRUE(rest.carried_out);
    EXPECT_EQ(rest.refused.size(), 4U);
    EXPECT_THAT(all(), ElementsAre("border1 inet_access 192.0.2.7 open"));
}

TEST_F(RuleDoorTest, AValueLeftOutTakesTheRuleAway) {
    carry_out({{"border1", "inet_access", "192.0.2.7", "open"}});
    carry_out({{"border1", "inet_access", "192.0.2.7", std::nullopt}});
    EXPECT_THAT(rules_.book("border1")->pending("inet_access", store::Lane::quick, 0, 10)->at(0).want,
                testing::Eq(std::nullopt));
}

TEST_F(RuleDoorTest, CheckingChangesNothing) {
    order_.mode = RuleOrder::Mode::check_only;
    EXPECT_FALSE(carry_out({{"border1", "inet_access", "192.0.2.7", "open"}}).carried_out);
    EXPECT_THAT(all(), IsEmpty());
}

TEST_F(RuleDoorTest, WithoutDevicesItSaysWhatToDo) {
    const RuleDoor nothing(rules_, {});
    const auto done = nothing.carry_out(order_, now);
    ASSERT_FALSE(done);
    EXPECT_THAT(done.error().text, HasSubstr("`devices`"));
}

TEST_F(RuleDoorTest, UpkeepEndsWhatIsOverAndForgetsWhatIsOld) {
    order_.lasts = std::chrono::seconds{5};
    carry_out({{"border1", "inet_access", "192.0.2.7", "open"}});
    RuleUpkeep upkeep(rules_, std::chrono::hours{1});
    EXPECT_EQ(*upkeep.step(now), Duration(std::chrono::seconds{5})) << "until the end";
    EXPECT_THAT(all(), ElementsAre("border1 inet_access 192.0.2.7 open"));
    EXPECT_EQ(*upkeep.step(now + std::chrono::seconds{5}), Duration::zero());
    EXPECT_THAT(all(), IsEmpty());
    EXPECT_EQ(rules_.changes(0, 10)->size(), 2U);
    ASSERT_TRUE(upkeep.step(now + std::chrono::hours{2}));
    EXPECT_EQ(rules_.changes(0, 10)->size(), 0U);
}

}  // namespace
}  // namespace garita::decide
