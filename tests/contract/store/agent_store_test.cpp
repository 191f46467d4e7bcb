// What every agent's store must do.

#include <filesystem>
#include <functional>
#include <memory>

#include <gtest/gtest.h>

#include "adapters/sqlite/sqlite_agent_store.hpp"
#include "contract/store_contract.hpp"
#include "fakes/memory_agent_store.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/text.hpp"

namespace garita::store::contract {
namespace {

/// One kind of store, with what a restart of the agent means for it.
class Spool {
  public:
    virtual ~Spool() = default;
    virtual AgentStore& store() = 0;
    virtual void restart() = 0;
};

class MemorySpool final : public Spool {
  public:
    AgentStore& store() override { return store_; }
    void restart() override { store_.restart(); }

  private:
    fakes::MemoryAgentStore store_;
};

class SqliteSpool final : public Spool {
  public:
    SqliteSpool() {
        auto pattern = (std::filesystem::temp_directory_path() / "garita-agent-XXXXXX").string();
        if (::mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary directory");
        directory_ = pattern;
        restart();
    }
    ~SqliteSpool() override {
        store_.reset();
        std::filesystem::remove_all(directory_);
    }
    AgentStore& store() override { return *store_; }
    void restart() override {
        store_.reset();
        auto opened = sqlite::SqliteAgentStore::open({.file = directory_ / "agent.db"});
        if (!opened) throw std::runtime_error(opened.error().text);
        store_ = std::move(*opened);
    }

  private:
    std::filesystem::path directory_;
    std::unique_ptr<AgentStore> store_;
};

struct SpoolKind {
    std::string name;
    std::function<std::unique_ptr<Spool>()> make;
};

std::ostream& operator<<(std::ostream& out, const SpoolKind& kind) {
    return out << kind.name;
}

class AgentStoreContract : public testing::TestWithParam<SpoolKind> {
  protected:
    AgentStore& store() { return spool_->store(); }
    std::unique_ptr<Spool> spool_ = GetParam().make();
};

std::vector<std::string> uids(const std::vector<Alert>& alerts) {
    std::vector<std::string> all;
    for (const auto& alert : alerts)
        all.push_back(alert.uid);
    return all;
}

using Uids = std::vector<std::string>;

Rule held(const std::string& address, std::int64_t seq, std::optional<Time> expires_at = std::nullopt) {
    Rule rule;
    rule.name = "block";
    rule.params = address;
    rule.desired = "drop";
    rule.seq = seq;
    rule.expires_at = expires_at;
    return rule;
}

TEST_P(AgentStoreContract, AlertsWaitInOrderUntilDelivered) {
    ASSERT_TRUE(store().push_alerts({some_alert(1), some_alert(2), some_alert(1)}, 100));
    ASSERT_TRUE(store().push_alerts({some_alert(3)}, 100));
    spool_->restart();
    const auto two = store().oldest_alerts(2);
    ASSERT_TRUE(two);
    ASSERT_EQ(uids(*two), (Uids{"uid-1", "uid-2"}));
    auto expected = some_alert(1);
    expected.id = (*two)[0].id;
    EXPECT_EQ(runtime::json::to_json((*two)[0]), runtime::json::to_json(expected));
    ASSERT_TRUE(store().remove_alerts({(*two)[0].id, (*two)[1].id, AlertId{999}}));
    EXPECT_EQ(uids(*store().oldest_alerts(10)), (Uids{"uid-3"}));
    EXPECT_EQ(store().spool_counts()->waiting, 1);
    EXPECT_EQ(store().spool_counts()->dropped, 0);
}

TEST_P(AgentStoreContract, TheOldestOfTheLeastSeverityMakesRoom) {
    std::vector<Alert> alerts;
    for (int n = 1; n <= 5; ++n) {
        alerts.push_back(some_alert(n));
        alerts.back().severity = n == 1 ? Severity::critical : n == 3 ? Severity::info : Severity::warning;
    }
    ASSERT_TRUE(store().push_alerts(alerts, 3));
    EXPECT_EQ(uids(*store().oldest_alerts(10)), (Uids{"uid-1", "uid-4", "uid-5"}));
    auto info = some_alert(6);
    info.severity = Severity::info;
    ASSERT_TRUE(store().push_alerts({info}, 3));
    EXPECT_EQ(uids(*store().oldest_alerts(10)), (Uids{"uid-1", "uid-4", "uid-5"}));
    spool_->restart();
    EXPECT_EQ(store().spool_counts()->dropped, 3);
    EXPECT_EQ(store().spool_counts()->waiting, 3);
}

Alert attack(int number) {
    auto alert = some_alert(number);
    alert.address = IpNetwork::parse("192.0.2." + std::to_string(number)).value();
    return alert;
}

TEST_P(AgentStoreContract, WhatItDecidesAloneIsKeptAndToldWithTheAlert) {
    ASSERT_TRUE(store().push_alerts({attack(1), attack(2), attack(3)}, 100));
    const DecidedAlone decided{"log_patterns auto", at(10), std::chrono::hours{2}};
    const DecidedAlone for_ever{"log_patterns auto", at(11), std::nullopt};
    EXPECT_EQ(store().decide_alone(attack(1), decided), true);
    EXPECT_EQ(store().decide_alone(attack(1), for_ever), false) << "each alert once";
    EXPECT_EQ(store().decide_alone(attack(3), for_ever), true);
    EXPECT_EQ(store().decide_alone(attack(9), decided), false) << "it does not wait here";
    spool_->restart();
    const auto waiting = store().oldest_alerts(10);
    ASSERT_TRUE(waiting);
    ASSERT_EQ(uids(*waiting), (Uids{"uid-1", "uid-2", "uid-3"}));
    EXPECT_EQ((*waiting)[0].decided, decided);
    EXPECT_FALSE((*waiting)[1].decided);
    EXPECT_EQ((*waiting)[2].decided, for_ever);
    EXPECT_EQ(uids(*store().alerts_after((*waiting)[0].id, 1)), (Uids{"uid-2"}));
    ASSERT_TRUE(store().remove_alerts({(*waiting)[0].id, (*waiting)[1].id}));
    const std::vector<OwnDecision> expected{{"uid-1", *attack(1).address, decided, true},
                                            {"uid-3", *attack(3).address, for_ever, false}};
    EXPECT_EQ(store().own_decisions(), expected);
    ASSERT_TRUE(store().settle_own({"uid-1", "unknown"}));
    spool_->restart();
    EXPECT_EQ(store().own_decisions(), (std::vector<OwnDecision>{expected[1]}));
}

TEST_P(AgentStoreContract, WhatIsBlockedAlreadyIsNotDecidedOn) {
    auto again = attack(2);
    again.address = attack(1).address;
    ASSERT_TRUE(store().push_alerts({attack(1), again, attack(3), attack(4)}, 100));
    ASSERT_TRUE(store().hold_rules({held("192.0.2.3", 1, at(100)), held("192.0.2.4", 2, at(5))}, 2));
    const DecidedAlone decided{"p", at(10), std::chrono::seconds{50}};
    EXPECT_EQ(store().decide_alone(attack(1), decided), true);
    EXPECT_EQ(store().decide_alone(again, decided), false) << "by itself";
    EXPECT_EQ(store().decide_alone(attack(3), decided), false) << "by the hub";
    EXPECT_EQ(store().decide_alone(attack(4), decided), true) << "the hub's block is over";
    EXPECT_EQ(store().decide_alone(again, {"p", at(70), std::nullopt}), true) << "its own is over";
}

TEST_P(AgentStoreContract, AnAlertThatWasDecidedOnMakesRoomForNone) {
    ASSERT_TRUE(store().push_alerts({attack(1), attack(2)}, 2));
    EXPECT_EQ(store().decide_alone(attack(1), {"p", at(10), std::nullopt}), true);
    ASSERT_TRUE(store().push_alerts({attack(3)}, 2));
    EXPECT_EQ(uids(*store().oldest_alerts(10)), (Uids{"uid-1", "uid-3"})) << "only it tells the hub";
    EXPECT_EQ(store().spool_counts()->dropped, 1);
}

TEST_P(AgentStoreContract, RulesAreHeldWithTheirPosition) {
    EXPECT_EQ(store().rules_seq(), 0);
    ASSERT_TRUE(store().hold_rules({held("192.0.2.2", 5, at(10)), held("192.0.2.1", 6)}, 6));
    auto gone = held("192.0.2.2", 7);
    gone.desired.reset();
    auto changed = held("192.0.2.1", 8, at(99));
    ASSERT_TRUE(store().hold_rules({gone, changed, held("192.0.2.3", 9)}, 9));
    spool_->restart();
    const std::vector<HeldRule> expected{{"block", "192.0.2.1", "drop", at(99), 8},
                                         {"block", "192.0.2.3", "drop", std::nullopt, 9}};
    EXPECT_EQ(store().held_rules(), expected);
    EXPECT_EQ(store().rules_seq(), 9);
    EXPECT_EQ(store().forget_expired_rules(at(98)), 0U);
    EXPECT_EQ(store().forget_expired_rules(at(99)), 1U);
    ASSERT_TRUE(store().replace_rules({held("198.51.100.1", 1)}, 1));
    EXPECT_EQ(store().held_rules(),
              (std::vector<HeldRule>{{"block", "198.51.100.1", "drop", std::nullopt, 1}}));
    EXPECT_EQ(store().rules_seq(), 1);
}

TEST_P(AgentStoreContract, AnActionIsBegunOnce) {
    EXPECT_EQ(store().begin_action(ActionId{7}, at(1)), true);
    EXPECT_EQ(store().begin_action(ActionId{7}, at(2)), false);
    EXPECT_TRUE(store().unreported_actions()->empty()) << "it is under way";
    ASSERT_TRUE(store().finish_action({ActionId{7}, ActionState::done, "session closed"}, at(3)));
    const auto reports = store().unreported_actions();
    ASSERT_EQ(reports->size(), 1U);
    EXPECT_EQ((*reports)[0].state, ActionState::done);
    EXPECT_EQ((*reports)[0].result, "session closed");
    ASSERT_TRUE(store().acknowledge_actions({ActionId{7}, ActionId{99}}));
    EXPECT_TRUE(store().unreported_actions()->empty());
    spool_->restart();
    EXPECT_EQ(store().begin_action(ActionId{7}, at(4)), false);
    EXPECT_TRUE(store().unreported_actions()->empty());
    const auto never = store().finish_action({ActionId{8}, ActionState::done, ""}, at(5));
    ASSERT_FALSE(never);
    EXPECT_EQ(never.error().code, ErrorCode::not_found);
}

TEST_P(AgentStoreContract, AfterTheHubsStoreChangedItsIdsMeanOtherActions) {
    EXPECT_EQ(store().begin_action(ActionId{7}, at(1)), true);
    ASSERT_TRUE(store().finish_action({ActionId{7}, ActionState::done, "session closed"}, at(2)));
    ASSERT_TRUE(store().forget_actions());
    EXPECT_TRUE(store().unreported_actions()->empty());
    EXPECT_EQ(store().begin_action(ActionId{7}, at(3)), true);
}

TEST_P(AgentStoreContract, AnActionCutShortByARestartIsReportedAsFailed) {
    EXPECT_EQ(store().begin_action(ActionId{7}, at(1)), true);
    spool_->restart();
    EXPECT_EQ(store().begin_action(ActionId{7}, at(2)), false);
    auto reports = store().unreported_actions();
    ASSERT_EQ(reports->size(), 1U);
    EXPECT_EQ((*reports)[0].id, ActionId{7});
    EXPECT_EQ((*reports)[0].state, ActionState::failed);
    EXPECT_FALSE((*reports)[0].result.empty());
    // a reboot is done by the time the agent lives again: it may still say so
    ASSERT_TRUE(store().finish_action({ActionId{7}, ActionState::done, "rebooted"}, at(3)));
    reports = store().unreported_actions();
    ASSERT_EQ(reports->size(), 1U);
    EXPECT_EQ((*reports)[0].state, ActionState::done);
}

TEST_P(AgentStoreContract, ValuesAreKeptTogetherWithAlerts) {
    EXPECT_EQ(store().value("http:offset"), std::nullopt);
    ASSERT_TRUE(store().set_value("http:offset", "10"));
    ASSERT_TRUE(store().push_alerts_and_value({some_alert(1)}, 10, "http:offset", "20"));
    spool_->restart();
    EXPECT_EQ(store().value("http:offset"), "20");
    EXPECT_EQ(store().oldest_alerts(10)->size(), 1U);
}

TEST_P(AgentStoreContract, OfHeldHeadsTheLastOfEachHourStays) {
    const auto hour = std::chrono::hours(1);
    const auto head = [](std::int64_t line, std::int64_t seq, Time kept_at) {
        HeldHead held{"s1", line, {seq, {}, at(1)}, kept_at};
        held.head.hash[31] = static_cast<std::uint8_t>(seq);
        return held;
    };
    const auto noon = std::chrono::floor<std::chrono::hours>(at(0)) + hour;
    for (const auto& one :
         {head(1, 3, noon), head(1, 5, noon + hour / 2), head(1, 9, noon + hour), head(2, 4, noon + hour)})
        ASSERT_TRUE(store().hold_head(one));
    spool_->restart();
    const std::vector<HeldHead> expected = {head(1, 5, noon + hour / 2), head(1, 9, noon + hour),
                                            head(2, 4, noon + hour)};
    EXPECT_EQ(*store().held_heads(), expected);
}

INSTANTIATE_TEST_SUITE_P(Stores, AgentStoreContract,
                         testing::Values(SpoolKind{"memory", [] { return std::make_unique<MemorySpool>(); }},
                                         SpoolKind{"sqlite", [] { return std::make_unique<SqliteSpool>(); }}),
                         [](const auto& test) { return test.param.name; });

}  // namespace
}  // namespace garita::store::contract
