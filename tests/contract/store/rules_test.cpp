// Rules: what is wanted, and what is in force.

#include "contract/store/rules_fixture.hpp"

namespace garita::store::contract {
namespace {

TEST_P(StoreRules, AWishIsKeptWholeAndNumbered) {
    auto wish = block("web1", "192.0.2.1");
    wish.expires_at = at(100);
    wish.case_id = CaseId{4};
    const auto stored = change(wish, 3);
    ASSERT_TRUE(stored);
    EXPECT_TRUE(stored->id);
    EXPECT_EQ(stored->seq, 1);
    const auto kept = all();
    ASSERT_EQ(kept.size(), 1U);
    for (const auto& rule : {*stored, kept[0]}) {
        EXPECT_EQ(rule.device, "web1");
        EXPECT_EQ(rule.name, "block");
        EXPECT_EQ(rule.params, "192.0.2.1");
        EXPECT_EQ(rule.desired, "drop");
        EXPECT_EQ(rule.current, std::nullopt);
        EXPECT_EQ(rule.expires_at, at(100));
        EXPECT_EQ(rule.seq, 1);
        EXPECT_EQ(rule.author, "ana (telegram)");
        EXPECT_EQ(rule.comment, "because");
        EXPECT_EQ(rule.case_id, CaseId{4});
        EXPECT_EQ(rule.created_at, at(3));
        EXPECT_EQ(rule.updated_at, at(3));
        EXPECT_FALSE(rule.settled());
    }
}

TEST_P(StoreRules, OnlyAChangeGetsANumber) {
    EXPECT_EQ(change(unblock("web1", "192.0.2.1")), std::nullopt) << "it is not there";
    EXPECT_EQ(change(block("web1", "192.0.2.1"))->seq, 1);
    EXPECT_EQ(change(block("web1", "192.0.2.1")), std::nullopt);
    EXPECT_EQ(change(block("web2", "192.0.2.1"))->seq, 2) << "positions are the store's, not the device's";
    auto longer = block("web1", "192.0.2.1");
    longer.expires_at = at(900);
    EXPECT_EQ(change(longer)->seq, 3);
    EXPECT_EQ(change(longer), std::nullopt);
    const auto unset = change(unblock("web1", "192.0.2.1"));
    ASSERT_TRUE(unset);
    EXPECT_EQ(unset->seq, 4);
    EXPECT_EQ(unset->desired, std::nullopt);
    EXPECT_EQ(unset->expires_at, std::nullopt);
    EXPECT_EQ(change(unblock("web1", "192.0.2.1")), std::nullopt);
    read([](View& view) {
        EXPECT_EQ(view.last_rule_seq("web1"), 4);
        EXPECT_EQ(view.last_rule_seq("web2"), 2);
        EXPECT_EQ(view.last_rule_seq("web3"), 0);
    });
}

TEST_P(StoreRules, TheSameWishOfAnotherCaseBelongsToThatCase) {
    auto wish = block("web1", "192.0.2.1");
    wish.case_id = CaseId{4};
    change(wish);
    confirm("web1", 1, {}, 9);
    wish.case_id = CaseId{5};
    const auto adopted = change(wish);
    ASSERT_TRUE(adopted);
    EXPECT_EQ(adopted->seq, 1);
    EXPECT_EQ(adopted->case_id, CaseId{5});
    EXPECT_EQ(progress(CaseId{5}).done, 1);
    EXPECT_EQ(progress(CaseId{5}).connections_cut, 0) << "those were cut for the other case";
    EXPECT_EQ(progress(CaseId{4}).wanted, 0);
    wish.case_id = CaseId{};
    EXPECT_EQ(change(wish), std::nullopt) << "who has no case takes none away";
}

TEST_P(StoreRules, ChangesOfADeviceComeInTheirOrder) {
    change(block("web1", "192.0.2.1"));
    change(block("web2", "192.0.2.2"));
    change(block("web1", "192.0.2.3"));
    change(block("web1", "192.0.2.4"));
    change(unblock("web1", "192.0.2.1"));
    read([](View& view) {
        EXPECT_EQ(params(view.rule_changes("web1", 0, 10)), (Params{"192.0.2.3", "192.0.2.4", "192.0.2.1"}));
        EXPECT_EQ(params(view.rule_changes("web1", 3, 1)), (Params{"192.0.2.4"}));
        EXPECT_TRUE(view.rule_changes("web1", 5, 10).empty());
        EXPECT_FALSE(view.rule_changes("web1", 4, 10)[0].desired);
    });
}

TEST_P(StoreRules, AreListedByFilterAndPage) {
    change(block("web1", "192.0.2.1"));
    auto of_case = block("web2", "192.0.2.1");
    of_case.case_id = CaseId{7};
    const auto second = change(of_case);
    auto speed = block("web1", "192.0.2.9");
    speed.name = "speed";
    change(speed);
    EXPECT_EQ(all().size(), 3U);
    EXPECT_EQ(params(all({.device = "web1"})), (Params{"192.0.2.1", "192.0.2.9"}));
    EXPECT_EQ(params(all({.name = "speed"})), (Params{"192.0.2.9"}));
    EXPECT_EQ(all({.params = "192.0.2.1"}).size(), 2U);
    EXPECT_EQ(all({.device = "web1", .name = "block", .params = "192.0.2.1"}).size(), 1U);
    EXPECT_EQ(all({.device = "web1", .name = "block", .params = "192.0.2.9"}).size(), 0U);
    EXPECT_EQ(all({.case_id = CaseId{7}}).size(), 1U);
    EXPECT_EQ(all({.limit = 2}).size(), 2U);
    EXPECT_EQ(params(all({.after = second->id})), (Params{"192.0.2.9"}));
}

TEST_P(StoreRules, AReportSettlesWhatWasChangedUpToIt) {
    auto wish = block("web1", "192.0.2.1");
    wish.case_id = CaseId{4};
    change(wish);
    change(block("web1", "192.0.2.2"));
    wish = block("web1", "192.0.2.3");
    wish.case_id = CaseId{5};
    change(wish);
    EXPECT_EQ(confirm("web1", 2), (std::vector<CaseId>{CaseId{4}}));
    const auto rules = all();
    EXPECT_TRUE(rules[0].settled());
    EXPECT_EQ(rules[0].current, "drop");
    EXPECT_EQ(rules[0].updated_at, at(500));
    EXPECT_FALSE(rules[2].settled()) << "changed after the report's position";
    EXPECT_TRUE(confirm("web1", 2).empty()) << "nothing new";
    EXPECT_TRUE(confirm("web9", 99).empty());
}

TEST_P(StoreRules, AChangeAfterTheReportIsNotTouched) {
    change(block("web1", "192.0.2.1"));
    change(unblock("web1", "192.0.2.1"));
    confirm("web1", 1);
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].seq, 2);
    EXPECT_EQ(all()[0].current, std::nullopt);
    confirm("web1", 2);
    EXPECT_TRUE(all().empty()) << "absent on both sides";
    read([](View& view) { EXPECT_EQ(view.last_rule_seq("web1"), 2) << "the position outlives the rule"; });
    EXPECT_EQ(change(block("web1", "192.0.2.1"))->seq, 3);
}

TEST_P(StoreRules, AnUnsetRuleIsTakenAwayWhenTheDeviceSaysSo) {
    change(block("web1", "192.0.2.1"));
    confirm("web1", 1);
    change(unblock("web1", "192.0.2.1"));
    EXPECT_EQ(all()[0].current, "drop");
    confirm("web1", 2, {{2, "busy"}});
    ASSERT_EQ(all().size(), 1U);
    EXPECT_EQ(all()[0].current, "drop");
    EXPECT_EQ(all()[0].last_error, "busy");
    confirm("web1", 2);
    EXPECT_TRUE(all().empty());
}

TEST_P(StoreRules, AFailedChangeKeepsItsValueAndTellsWhy) {
    auto wish = block("web1", "192.0.2.2");
    wish.case_id = CaseId{4};
    change(block("web1", "192.0.2.1"));
    change(wish);
    change(block("web1", "192.0.2.3"));
    EXPECT_EQ(confirm("web1", 3, {{2, "set is full"}, {77, "unknown"}}), (std::vector<CaseId>{CaseId{4}}));
    EXPECT_EQ(all()[1].last_error, "set is full");
    EXPECT_EQ(all()[1].attempts, 1);
    EXPECT_EQ(all()[1].current, std::nullopt);
    EXPECT_FALSE(all()[1].settled());
    EXPECT_TRUE(all()[0].settled());
    EXPECT_TRUE(all()[2].settled());
    confirm("web1", 3, {{2, "still full"}});
    EXPECT_EQ(all()[1].attempts, 2);
    EXPECT_EQ(confirm("web1", 3), (std::vector<CaseId>{CaseId{4}}));
    EXPECT_TRUE(all()[1].settled());
    EXPECT_EQ(all()[1].attempts, 0);
    EXPECT_EQ(all()[1].last_error, "");
}

TEST_P(StoreRules, AFailureReportedForALaterPositionIsIgnored) {
    change(block("web1", "192.0.2.1"));
    confirm("web1", 0, {{1, "early"}});
    EXPECT_EQ(all()[0].last_error, "");
}

TEST_P(StoreRules, CutConnectionsAreCreditedToTheNewestRuleInForce) {
    auto wish = block("web1", "192.0.2.1");
    wish.case_id = CaseId{4};
    change(wish);
    wish.params = "192.0.2.2";
    wish.case_id = CaseId{5};
    change(wish);
    change(block("web1", "192.0.2.3"));
    change(unblock("web1", "192.0.2.3"));
    confirm("web1", 4, {}, 12);
    EXPECT_EQ(progress(CaseId{4}).connections_cut, 0);
    EXPECT_EQ(progress(CaseId{5}).connections_cut, 12);
    confirm("web1", 4, {}, 3);
    EXPECT_EQ(progress(CaseId{5}).connections_cut, 15);
}

TEST_P(StoreRules, RulesEndWhenTheirTimeHasCome) {
    for (int n = 1; n <= 3; ++n) {
        auto wish = block("web" + std::to_string(n), "192.0.2.1");
        if (n != 2) wish.expires_at = at(100 - n);
        change(wish);
    }
    read([](View& view) { EXPECT_EQ(view.next_rule_expiry(), at(97)); });
    std::vector<std::string> devices;
    write([&](Transaction& tx) {
        EXPECT_TRUE(tx.expire_rules(at(96), 10).empty());
        devices = tx.expire_rules(at(99), 1);
    });
    EXPECT_EQ(devices, (std::vector<std::string>{"web3"}));
    write([&](Transaction& tx) { devices = tx.expire_rules(at(99), 10); });
    EXPECT_EQ(devices, (std::vector<std::string>{"web1"}));
    read([](View& view) { EXPECT_EQ(view.next_rule_expiry(), std::nullopt); });
    const auto ended = all({.device = "web1"})[0];
    EXPECT_EQ(ended.desired, std::nullopt);
    EXPECT_EQ(ended.expires_at, std::nullopt);
    EXPECT_EQ(ended.seq, 5);
    read([](View& view) { EXPECT_EQ(view.last_rule_seq("web1"), 5); });
}

TEST_P(StoreRules, WhatPeopleWantedStaysTheirsWhenAPolicyWantsItToo) {
    auto by_policy = block("web1", "192.0.2.1");
    by_policy.wish = RuleChange::Wish::policy;
    by_policy.expires_at = at(100);
    auto by_people = block("web1", "192.0.2.1");
    by_people.expires_at = at(100);
    const auto wanted = [&] {
        bool found = false;
        read([&](View& view) {
            const auto rules = view.rules({});
            ASSERT_EQ(rules.size(), 1U);
            found = rules.front().wanted_by_people;
        });
        return found;
    };
    write([&](Transaction& tx) { EXPECT_TRUE(tx.change_rule(by_policy, at(1))); });
    EXPECT_FALSE(wanted());
    write([&](Transaction& tx) {
        const auto adopted = tx.change_rule(by_people, at(2));
        ASSERT_TRUE(adopted) << "the same, but now people want it";
        EXPECT_EQ(adopted->updated_at, at(2));
    });
    EXPECT_TRUE(wanted());
    write([&](Transaction& tx) { EXPECT_FALSE(tx.change_rule(by_people, at(3))) << "nothing new"; });
    by_policy.expires_at = at(200);
    write([&](Transaction& tx) { EXPECT_TRUE(tx.change_rule(by_policy, at(4))); });
    EXPECT_TRUE(wanted()) << "longer, but still theirs";
    write([&](Transaction& tx) { EXPECT_TRUE(tx.change_rule(unblock("web1", "192.0.2.1"), at(5))); });
    write([&](Transaction& tx) { EXPECT_TRUE(tx.change_rule(by_policy, at(6))); });
    EXPECT_FALSE(wanted()) << "taken back in between";
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreRules, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
