// Actions: kept whole, finished once; and how far a decision has come.

#include "contract/store_contract.hpp"

namespace garita::store::contract {
namespace {

class StoreActions : public StoreContract {
  protected:
    Progress progress(CaseId id) {
        Progress found;
        read([&](View& view) { found = view.progress(id); });
        return found;
    }
    ActionId add_action(Time created, Time expires) {
        const auto id = add_case(some_case(1));
        ActionId added;
        write([&](Transaction& tx) {
            auto action = some_action(id, "db1");
            action.created_at = created;
            action.expires_at = expires;
            added = tx.insert_action(action);
        });
        return added;
    }
    bool pending(Time now) {
        bool found = false;
        read([&](View& view) { found = !view.pending_actions("db1", now).empty(); });
        return found;
    }
    bool expire(Time now) {
        bool any = false;
        write([&](Transaction& tx) { any = !tx.expire_actions(now).empty(); });
        return any;
    }
};

TEST_P(StoreActions, ActionsAreKeptWholeAndFinishedOnce) {
    const auto id = add_case(some_case(1));
    auto expected = some_action(id, "db1");
    ActionId action;
    write([&](Transaction& tx) {
        action = tx.insert_action(expected);
        auto reboot = some_action(id, "db2");
        reboot.order = Reboot{};
        EXPECT_GT(tx.insert_action(reboot), action);
    });
    read([&](View& view) {
        const auto found = view.find_action(action);
        ASSERT_TRUE(found);
        EXPECT_EQ(found->order, expected.order);
        EXPECT_EQ(found->decision_id, DecisionId{7});
        EXPECT_EQ(found->case_id, id);
        EXPECT_EQ(found->device, "db1");
        EXPECT_EQ(found->created_at, at(60));
        EXPECT_EQ(found->expires_at, at(360));
        EXPECT_FALSE(found->finished_at);
        EXPECT_EQ(view.actions_of(id).size(), 2U);
        EXPECT_EQ(view.actions_of(id)[1].order, ActionOrder{Reboot{}});
        EXPECT_EQ(view.pending_actions("db1", at(359)).size(), 1U);
        EXPECT_TRUE(view.pending_actions("db1", at(360)).empty());
        EXPECT_FALSE(view.find_action(ActionId{999}));
    });
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.finish_action(action, ActionState::done, "session closed", at(61)));
        EXPECT_FALSE(tx.finish_action(action, ActionState::failed, "late", at(62)));
        EXPECT_FALSE(tx.finish_action(ActionId{999}, ActionState::done, "", at(62)));
    });
    read([&](View& view) {
        EXPECT_EQ(view.find_action(action)->result, "session closed");
        EXPECT_EQ(view.find_action(action)->finished_at, at(61));
        EXPECT_TRUE(view.pending_actions("db1", at(0)).empty());
    });
    std::vector<CaseId> late;
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.expire_actions(at(359)).empty());
        late = tx.expire_actions(at(360));
    });
    EXPECT_EQ(late, (std::vector<CaseId>{id}));
    read([&](View& view) {
        EXPECT_EQ(view.actions_of(id)[1].state, ActionState::failed);
        EXPECT_EQ(view.actions_of(id)[1].result, not_begun_in_time);
    });
}

TEST_P(StoreActions, ProgressCountsActionsAndRulesOfTheCase) {
    const auto id = add_case(some_case(1));
    const auto other = add_case(some_case(2));
    ActionId first;
    ActionId second;
    write([&](Transaction& tx) {
        first = tx.insert_action(some_action(id, "db1"));
        second = tx.insert_action(some_action(id, "db2"));
        tx.insert_action(some_action(other, "db3"));
        for (const auto* device : {"web1", "web2", "web3"}) {
            auto wish = block(device, "192.0.2.1");
            wish.case_id = id;
            EXPECT_TRUE(tx.change_rule(wish, at(1)));
        }
    });
    EXPECT_EQ(progress(id).wanted, 5);
    EXPECT_EQ(progress(id).done, 0);
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.finish_action(first, ActionState::done, "closed", at(2)));
        EXPECT_TRUE(tx.finish_action(second, ActionState::failed, "no such process", at(2)));
        tx.confirm_rules("web1", 1, {}, 2, at(3));
        tx.confirm_rules("web2", 2, {{2, "kernel refused"}}, 0, at(3));
    });
    const auto now = progress(id);
    EXPECT_EQ(now.wanted, 5);
    EXPECT_EQ(now.done, 2);
    EXPECT_EQ(now.failed, 2);
    EXPECT_EQ(now.connections_cut, 2);
    EXPECT_EQ(now.failures, (std::vector<std::string>{"db2: no such process", "web2: kernel refused"}));
    EXPECT_EQ(progress(CaseId{99}).wanted, 0);
    EXPECT_EQ(progress(CaseId{}).wanted, 0);
}

TEST_P(StoreActions, ADeviceWithSeveralThingsToDoCountsOnceAndWhenAllAreOver) {
    const auto id = add_case(some_case(1));
    ActionId action;
    write([&](Transaction& tx) {
        action = tx.insert_action(some_action(id, "web1"));
        auto wish = block("web1", "192.0.2.1");
        wish.case_id = id;
        EXPECT_TRUE(tx.change_rule(wish, at(1)));
        EXPECT_TRUE(tx.finish_action(action, ActionState::failed, "no such process", at(2)));
    });
    EXPECT_EQ(progress(id).wanted, 1);
    EXPECT_EQ(progress(id).done + progress(id).failed, 0) << "the rule is still on its way";
    write([&](Transaction& tx) { tx.confirm_rules("web1", 1, {}, 0, at(3)); });
    EXPECT_EQ(progress(id).done, 0);
    EXPECT_EQ(progress(id).failed, 1);
}

TEST_P(StoreActions, WhatTheDeviceSaysCountsThoughItComesAfterTheEnd) {
    const auto action = add_action(at(60), at(360));
    EXPECT_TRUE(expire(at(360)));
    read([&](View& view) { EXPECT_EQ(view.find_action(action)->result, not_begun_in_time); });
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.finish_action(action, ActionState::done, "session closed", at(400)));
        EXPECT_FALSE(tx.finish_action(action, ActionState::failed, "another", at(401)));
    });
    read([&](View& view) {
        const auto found = view.find_action(action);
        EXPECT_EQ(found->state, ActionState::done);
        EXPECT_EQ(found->result, "session closed");
        EXPECT_EQ(found->finished_at, at(400));
    });
    EXPECT_FALSE(expire(at(500)));
}

TEST_P(StoreActions, AClockThatIsSetBackMakesNoneLastLonger) {
    const auto made = at(4000);
    const auto action = add_action(made, made + std::chrono::minutes{2});
    EXPECT_TRUE(pending(made - clock_slack)) << "the clocks of two programs, or a step, differ a little";
    EXPECT_FALSE(expire(made - clock_slack));
    const auto set_back = made - clock_slack - Duration{1};
    EXPECT_FALSE(pending(set_back));
    EXPECT_TRUE(expire(set_back));
    read([&](View& view) { EXPECT_EQ(view.find_action(action)->state, ActionState::failed); });
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreActions, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
