// Rules of configured classes as producers see them: pages, history, ends, requests that come again.

#include "device_rules_fixture.hpp"

namespace garita::store::contract {
namespace {

class StoreRuleListing : public StoreDeviceRules {};

TEST_P(StoreRuleListing, PagesAreWholeAndInOneOrder) {
    for (const auto& target : {access, speed, other}) {
        auto many = changes({target});
        for (int n = 0; n < 7; ++n)
            many.wishes.push_back({0, key(n * 37 % 11), value("open")});
        carry_out(many);
    }
    for (const auto& query :
         {DeviceRuleQuery{}, DeviceRuleQuery{.device = "border1"}, DeviceRuleQuery{.rules = "inet_access"},
          DeviceRuleQuery{.device = "border1", .rules = "shaping_in"}, DeviceRuleQuery{.key = key(4)}}) {
        const auto whole = all(query);
        std::vector<std::pair<RuleTarget, RuleKey>> pieces;
        auto asked = query;
        asked.limit = 2;
        for (int i = 0; i < 50; ++i) {
            const auto page = rules_->list(asked);
            ASSERT_TRUE(page) << page.error().text;
            EXPECT_LE(page->rules.size(), 2U);
            for (const auto& rule : page->rules)
                pieces.emplace_back(rule.target, rule.key);
            asked.after = page->next;
            if (page->next.empty()) break;
        }
        ASSERT_EQ(pieces.size(), whole.size());
        for (std::size_t i = 0; i < whole.size(); ++i)
            EXPECT_EQ(pieces[i], std::pair(whole[i].target, whole[i].key));
    }
    EXPECT_FALSE(rules_->list({.after = "nonsense"}));
}

TEST_P(StoreRuleListing, HistoryTellsWhatWasWantedAndByWhom) {
    want(1, "open", 1);
    auto second = changes();
    second.by = {Actor::Kind::person, "ana", "cli", Role::administrator};
    second.comment = "did not pay";
    second.wishes = {{0, key(1), value("closed")}};
    carry_out(second, 2);
    want(1, "-", 3);
    record_all(Lane::quick);
    ASSERT_TRUE(rules_->prune(at(-1000), 100));
    want(1, "open", 4);
    const auto versions = rules_->versions(access, key(1), 10);
    ASSERT_TRUE(versions);
    ASSERT_EQ(versions->size(), 4U);
    EXPECT_EQ(text((*versions)[0].want), "open");
    EXPECT_EQ((*versions)[0].since, at(4));
    EXPECT_EQ(text((*versions)[1].want), "-");
    EXPECT_EQ(text((*versions)[2].want), "closed");
    EXPECT_EQ((*versions)[2].since, at(2));
    EXPECT_EQ((*versions)[2].author, second.by.text());
    EXPECT_EQ((*versions)[2].comment, "did not pay");
    EXPECT_EQ(text((*versions)[3].want), "open");
    EXPECT_EQ(rules_->versions(access, key(1), 2)->size(), 2U);
    EXPECT_TRUE(rules_->versions(access, key(2), 2)->empty());
    EXPECT_TRUE(rules_->versions(other, key(1), 2)->empty());

    const auto changed = rules_->changes(0, 10);
    ASSERT_EQ(changed->size(), 4U);
    EXPECT_EQ((*changed)[2].author, second.by.text());
    EXPECT_EQ((*changed)[2].what, "border1 inet_access");
    EXPECT_EQ((*changed)[2].changed, 1);
    EXPECT_EQ((*changed)[2].at, at(2));
    EXPECT_EQ(rules_->changes((*changed)[2].id, 10)->size(), 1U);
    EXPECT_EQ(rules_->changes(0, 1)->size(), 1U);
}

TEST_P(StoreRuleListing, OldHistoryGoesAndTheRulesStay) {
    want(1, "a", 1);
    want(1, "b", 2);
    want(1, "c", 30);
    EXPECT_EQ(*rules_->prune(at(10), 100), 3U) << "what ended at 2, and two changes";
    const auto versions = rules_->versions(access, key(1), 10);
    ASSERT_EQ(versions->size(), 2U);
    EXPECT_EQ(text((*versions)[1].want), "b") << "it ended at 30";
    EXPECT_EQ((*versions)[1].author, "") << "who wanted it is forgotten";
    EXPECT_EQ(shown(1), "c -");
}

TEST_P(StoreRuleListing, AnEndTurnsIntoWantingNothing) {
    auto wish = changes();
    wish.wishes = {{0, key(1), value("open")}, {0, key(2), value("open")}};
    wish.expires_at = at(50);
    carry_out(wish);
    want(3, "open");
    record_all(Lane::quick);
    EXPECT_EQ(*rules_->next_expiry(), at(50));
    EXPECT_EQ(all()[0].expires_at, at(50));
    EXPECT_EQ(*rules_->expire(at(49), 100), 0U);
    EXPECT_EQ(*rules_->expire(at(50), 1), 1U);
    EXPECT_EQ(*rules_->expire(at(50), 100), 1U);
    EXPECT_EQ(*rules_->expire(at(50), 100), 0U);
    EXPECT_FALSE(*rules_->next_expiry());
    EXPECT_EQ(shown(1), "- open");
    EXPECT_EQ(shown(3), "open open");
    EXPECT_EQ(pending(Lane::quick, *book()->recorded("inet_access", Lane::quick)).size(), 2U);
    EXPECT_EQ(rules_->versions(access, key(1), 1)->at(0).author, "expiry");
}

/// Whoever keeps it elsewhere ends it by itself, and has to be told.
TEST_P(StoreRuleListing, AnotherEndIsToldToTheDeviceThoughTheRuleStays) {
    want(1, "open");
    record_all(Lane::quick);
    auto wish = changes();
    wish.wishes = {{0, key(1), value("open")}};
    wish.expires_at = at(50);
    EXPECT_EQ(carry_out(wish).changed, 1);
    EXPECT_EQ(carry_out(wish).unchanged, 1);
    EXPECT_EQ(shown(1), "open open") << "there all the time";
    EXPECT_EQ(counts().pending, 1);
    record_all(Lane::quick);
    EXPECT_EQ(counts().pending, 0);
    EXPECT_EQ(want(1, "open").changed, 1) << "without an end";
    EXPECT_FALSE(*rules_->next_expiry());
}

TEST_P(StoreRuleListing, ARequestThatComesAgainIsCarriedOutOnce) {
    auto wish = changes();
    wish.wishes = {{0, key(1), value("open")}, {0, key(1), value("open")}};
    wish.idempotency_key = "invoice 1";
    EXPECT_EQ(carry_out(wish).repeated, ChangesOutcome::Repeated::no);
    want(1, "closed");
    const auto again = carry_out(wish);
    EXPECT_EQ(again.repeated, ChangesOutcome::Repeated::yes);
    EXPECT_EQ(again.changed, 1);
    EXPECT_EQ(again.unchanged, 1);
    EXPECT_EQ(shown(1), "closed -");
    wish.by.name = "another";
    EXPECT_EQ(carry_out(wish).repeated, ChangesOutcome::Repeated::no) << "keys are the actor's own";
}

TEST_P(StoreRuleListing, OneRowOfTheAuditTrailForAllAtOnce) {
    auto many = changes();
    for (int n = 0; n < 20; ++n)
        many.wishes.push_back({0, key(n), value("open")});
    many.comment = "night run";
    carry_out(many, 5);
    carry_out(many, 6);
    read([&](View& view) {
        const auto entries = view.audit({});
        ASSERT_EQ(entries.size(), 1U);
        EXPECT_EQ(entries[0].verb, "rules_changed");
        EXPECT_EQ(entries[0].object, "rules border1 inet_access");
        EXPECT_EQ(entries[0].detail, "20 of 20 changed: night run");
        EXPECT_EQ(entries[0].actor.name, "billing");
    });
}

TEST_P(StoreRuleListing, DevicesWithSomethingToDoAreRung) {
    std::vector<Ring> rings;
    store().on_ring([&](const Ring& ring) { rings.push_back(ring); });
    auto two = changes({access, other});
    two.wishes = {{0, key(1), value("open")}, {1, key(1), value("open")}};
    carry_out(two);
    EXPECT_EQ(rings, (std::vector<Ring>{{Topic::device_rules, "border1"}, {Topic::device_rules, "border2"}}));
    rings.clear();
    carry_out(two);
    record_all(Lane::quick);
    EXPECT_TRUE(rings.empty());
    store().on_ring({});
}

TEST_P(StoreRuleListing, EverythingSurvivesANewStart) {
    if (!GetParam().durable) GTEST_SKIP() << "kept in memory only";
    want(1, "open");
    record_all(Lane::quick);
    want(2, "closed");
    rules_.reset();
    reopen();
    rules_ = GetParam().device_rules(store());
    EXPECT_EQ(shown(1), "open open");
    EXPECT_EQ(shown(2), "closed -");
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreRuleListing, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
