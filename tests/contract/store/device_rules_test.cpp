// Rules of configured classes: a device's book tells what is to be done and takes down what was.

#include <algorithm>

#include "device_rules_fixture.hpp"

namespace garita::store::contract {
namespace {

TEST_P(StoreDeviceRules, AWishIsKeptAndWaitsForItsDevice) {
    auto wish = changes();
    wish.wishes = {{0, key(7), value("open")}};
    wish.comment = "paid";
    const auto done = carry_out(wish, 3);
    EXPECT_EQ(done.changed, 1);
    EXPECT_EQ(done.unchanged, 0);
    const auto rules = all();
    ASSERT_EQ(rules.size(), 1U);
    EXPECT_EQ(rules[0].target, access);
    EXPECT_EQ(rules[0].key, key(7));
    EXPECT_EQ(text(rules[0].want), "open");
    EXPECT_EQ(text(rules[0].current), "-");
    EXPECT_EQ(rules[0].author, wish.by.text());
    EXPECT_EQ(rules[0].comment, "paid");
    EXPECT_EQ(rules[0].changed_at, at(3));
    EXPECT_EQ(rules[0].lane, Lane::quick);
    EXPECT_FALSE(rules[0].settled());
    const auto waiting = pending(Lane::quick);
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_EQ(waiting[0].key, key(7));
    EXPECT_EQ(text(waiting[0].want), "open");
    EXPECT_FALSE(waiting[0].have);
    EXPECT_GT(waiting[0].seq, 0);
    EXPECT_EQ(rules[0].seq, waiting[0].seq);
    EXPECT_TRUE(pending(Lane::bulk).empty());
}

TEST_P(StoreDeviceRules, RecordingMovesWhatIsThere) {
    want(1, "open");
    want(2, "open");
    EXPECT_EQ(shown(1), "open -");
    record_all(Lane::quick);
    EXPECT_EQ(shown(1), "open open");
    EXPECT_EQ(shown(2), "open open");
    EXPECT_TRUE(pending(Lane::quick, *book()->recorded("inet_access", Lane::quick)).empty());
    want(1, "closed");
    EXPECT_EQ(shown(1), "closed open");
    const auto waiting = pending(Lane::quick, *book()->recorded("inet_access", Lane::quick));
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_EQ(text(waiting[0].have), "open") << "as recorded last";
    EXPECT_EQ(text(waiting[0].want), "closed");
}

TEST_P(StoreDeviceRules, AWishThatCameMeanwhileStaysDifferent) {
    want(1, "open");
    const auto seen = last_seq(Lane::quick);
    want(1, "closed");
    record(Lane::quick, seen);
    EXPECT_EQ(shown(1), "closed -") << "the first wish is not on the books any more";
    record_all(Lane::quick);
    EXPECT_EQ(shown(1), "closed closed");
}

TEST_P(StoreDeviceRules, TheSameAgainChangesNothing) {
    want(1, "open");
    const auto again = want(1, "open", 2);
    EXPECT_EQ(again.changed, 0);
    EXPECT_EQ(again.unchanged, 1);
    EXPECT_EQ(pending(Lane::quick).size(), 1U);
    EXPECT_EQ(want(2, "-").changed, 0) << "was not there anyway";
    EXPECT_TRUE(all({.device = "border1", .rules = "inet_access", .key = key(2)}).empty());
    EXPECT_EQ(rules_->changes(0, 10)->size(), 1U);
}

TEST_P(StoreDeviceRules, WhatIsUnsetGoesWhenTheDeviceHasDoneIt) {
    want(1, "open");
    record_all(Lane::quick);
    EXPECT_EQ(want(1, "-").changed, 1);
    EXPECT_EQ(shown(1), "- open");
    const auto waiting = pending(Lane::quick, *book()->recorded("inet_access", Lane::quick));
    ASSERT_EQ(waiting.size(), 1U);
    EXPECT_FALSE(waiting[0].want);
    EXPECT_EQ(text(waiting[0].have), "open");
    EXPECT_EQ(*rules_->prune(at(-1000), 100), 0U) << "not before";
    record_all(Lane::quick);
    EXPECT_EQ(shown(1), "") << "not shown, though not removed yet";
    EXPECT_EQ(*rules_->prune(at(-1000), 100), 1U);
    EXPECT_EQ(*rules_->prune(at(-1000), 100), 0U);
    EXPECT_EQ(shown(1), "");
    want(1, "open");
    EXPECT_EQ(shown(1), "open -");
    EXPECT_EQ(counts().wanted, 1);
}

TEST_P(StoreDeviceRules, UnsettingWhatIsOnItsWayIsStillTold) {
    want(1, "open");
    want(1, "-");
    const auto waiting = pending(Lane::quick);
    ASSERT_EQ(waiting.size(), 1U) << "the device may have it already";
    EXPECT_FALSE(waiting[0].want);
}

TEST_P(StoreDeviceRules, ManyThatComeTogetherDoNotHoldUpOne) {
    const int many = static_cast<int>(quick_wishes) + 1;
    EXPECT_EQ(want_many(many, "open").changed, many);
    EXPECT_EQ(pending(Lane::bulk).size(), static_cast<std::size_t>(many));
    want(5000, "open");
    want(3, "closed");
    EXPECT_EQ(pending(Lane::quick).size(), 2U);
    EXPECT_EQ(pending(Lane::bulk).size(), static_cast<std::size_t>(many) - 1) << "a rule is in one lane";
    record_all(Lane::quick);
    EXPECT_EQ(shown(3), "closed closed");
    EXPECT_EQ(shown(5000), "open open");
    EXPECT_EQ(shown(4), "open -");
    record_all(Lane::bulk);
    EXPECT_EQ(shown(4), "open open");
    EXPECT_EQ(counts().pending, 0);
    EXPECT_EQ(counts().wanted, many + 1);
}

TEST_P(StoreDeviceRules, FewAreQuickUnlessTheirProducerSaysOtherwise) {
    want_many(static_cast<int>(quick_wishes), "open");
    EXPECT_EQ(pending(Lane::quick).size(), quick_wishes);
    want_many(2, "closed", Lane::bulk);
    EXPECT_EQ(pending(Lane::bulk).size(), 2U);
    EXPECT_EQ(pending(Lane::quick).size(), quick_wishes - 2);
}

TEST_P(StoreDeviceRules, PendingComesInOrderAndInPieces) {
    want_many(10, "open");
    const auto first = pending(Lane::quick, 0, 4);
    ASSERT_EQ(first.size(), 4U);
    const auto rest = pending(Lane::quick, first.back().seq);
    ASSERT_EQ(rest.size(), 6U);
    auto together = first;
    together.insert(together.end(), rest.begin(), rest.end());
    EXPECT_TRUE(std::is_sorted(together.begin(), together.end(),
                               [](const auto& a, const auto& b) { return a.seq < b.seq; }));
    record(Lane::quick, first.back().seq);
    EXPECT_EQ(*book()->recorded("inet_access", Lane::quick), first.back().seq);
    EXPECT_EQ(counts().pending, 6);
    record(Lane::quick, first.front().seq);
    EXPECT_EQ(*book()->recorded("inet_access", Lane::quick), first.back().seq) << "never back";
}

TEST_P(StoreDeviceRules, ARefusedRuleStaysWithItsReason) {
    want(1, "open");
    want(2, "open");
    record_all(Lane::quick);
    want(1, "bad");
    want(2, "good");
    const auto waiting = pending(Lane::quick, *book()->recorded("inet_access", Lane::quick));
    ASSERT_EQ(waiting.size(), 2U);
    const RefusedRule refusal{waiting[0].key, waiting[0].seq, "no such port", 1, at(200)};
    record_all(Lane::quick, {refusal});
    EXPECT_EQ(shown(1), "bad open no such port");
    EXPECT_EQ(shown(2), "good good");
    ASSERT_EQ(refused().size(), 1U);
    EXPECT_EQ(refused()[0].key, key(1));
    EXPECT_EQ(refused()[0].next_try, at(200));
    EXPECT_EQ(counts().refused, 1);
    EXPECT_EQ(counts().pending, 0);
    EXPECT_EQ(all({.which = DeviceRuleQuery::Which::refused}).size(), 1U);

    auto again = refusal;
    again.attempts = 2;
    again.next_try.reset();
    ASSERT_TRUE(book()->retried("inet_access", std::vector{refusal}, std::vector{again}, at(201)));
    ASSERT_EQ(refused().size(), 1U);
    EXPECT_EQ(refused()[0].attempts, 2);
    EXPECT_FALSE(refused()[0].next_try);
    EXPECT_EQ(all({.which = DeviceRuleQuery::Which::refused})[0].attempts, 2);

    ASSERT_TRUE(book()->retried("inet_access", std::vector{again}, {}, at(202)));
    EXPECT_TRUE(refused().empty());
    EXPECT_EQ(shown(1), "bad bad");
}

TEST_P(StoreDeviceRules, AnotherWishForgetsTheRefusal) {
    want(1, "open");
    record_all(Lane::quick);
    want(1, "bad");
    const auto waiting = pending(Lane::quick, *book()->recorded("inet_access", Lane::quick));
    const RefusedRule refusal{key(1), waiting.at(0).seq, "no", 1, std::nullopt};
    record_all(Lane::quick, {refusal});
    want(1, "fine");
    EXPECT_TRUE(refused().empty());
    EXPECT_EQ(shown(1), "fine open") << "the refused value was never there";
    ASSERT_TRUE(book()->retried("inet_access", std::vector{refusal}, std::vector{refusal}, at(203)));
    EXPECT_TRUE(refused().empty()) << "about what nobody wants any more";
    record_all(Lane::quick);
    EXPECT_EQ(shown(1), "fine fine");
}

TEST_P(StoreDeviceRules, ARefusalOfAnOlderWishIsNotTakenDown) {
    want(1, "bad");
    const RefusedRule refusal{key(1), last_seq(Lane::quick), "no", 1, std::nullopt};
    want(1, "fine");
    record(Lane::quick, refusal.seq, {refusal});
    EXPECT_TRUE(refused().empty());
    EXPECT_EQ(shown(1), "fine -");
}

TEST_P(StoreDeviceRules, ARefusedTakingAwayStaysOnTheBooks) {
    want(1, "open");
    record_all(Lane::quick);
    want(1, "-");
    const auto waiting = pending(Lane::quick, *book()->recorded("inet_access", Lane::quick));
    record_all(Lane::quick, {{key(1), waiting.at(0).seq, "busy", 1, at(300)}});
    EXPECT_EQ(*rules_->prune(at(-1000), 100), 0U);
    EXPECT_EQ(shown(1), "- open busy");
}

TEST_P(StoreDeviceRules, WantedIsWhatShallBeThere) {
    EXPECT_TRUE(wanted().empty());
    EXPECT_EQ(wanted_seq_, 0);
    want(1, "open");
    want(2, "closed");
    record_all(Lane::quick);
    want(2, "-");
    want(3, "open");
    EXPECT_EQ(wanted(), (std::map<RuleKey, std::string>{{key(1), "open"}, {key(3), "open"}}));
    EXPECT_EQ(wanted_seq_, last_seq(Lane::quick));
}

TEST_P(StoreDeviceRules, DevicesAndNamesAreApart) {
    auto three = changes({access, speed, other});
    three.wishes = {{0, key(1), value("open")}, {1, key(1), value("fast")}, {2, key(1), value("closed")}};
    EXPECT_EQ(carry_out(three).changed, 3);
    EXPECT_EQ(shown(1), "open -");
    EXPECT_EQ(shown(1, speed), "fast -");
    EXPECT_EQ(shown(1, other), "closed -");
    record_all(Lane::quick);
    EXPECT_EQ(shown(1), "open open");
    EXPECT_EQ(shown(1, speed), "fast -");
    EXPECT_EQ(shown(1, other), "closed -");
    EXPECT_EQ(all({.device = "border1"}).size(), 2U);
    EXPECT_EQ(all({.rules = "inet_access"}).size(), 2U);
    EXPECT_EQ(all({.key = key(1)}).size(), 3U);
    EXPECT_EQ(all({.device = "border3"}).size(), 0U);
    EXPECT_EQ(all({.rules = "nothing"}).size(), 0U);
    EXPECT_EQ(all({.which = DeviceRuleQuery::Which::different}).size(), 2U);
    EXPECT_EQ(rules_->counts()->size(), 3U);
    EXPECT_TRUE(book("border3")->pending("inet_access", Lane::quick, 0, 10)->empty());
    EXPECT_TRUE(book("border3")->record("inet_access", Lane::quick, 5, {}, at(1)));
}

TEST_P(StoreDeviceRules, OfTwoWishesTheLaterCounts) {
    auto two = changes();
    two.wishes = {{0, key(1), value("open")}, {0, key(1), value("closed")}};
    carry_out(two);
    EXPECT_EQ(shown(1), "closed -");
    EXPECT_EQ(pending(Lane::quick).size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreDeviceRules, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
