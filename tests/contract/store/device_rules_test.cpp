// Rules of configured classes: producers write what they want, a device's book tells what is to be done and
// takes down what was.

#include <algorithm>
#include <map>

#include "contract/store_contract.hpp"

namespace garita::store::contract {
namespace {

RuleKey key(int n) {
    RuleKey made;
    EXPECT_TRUE(made.append(std::vector<std::uint8_t>{4, 192, 0, static_cast<std::uint8_t>(n >> 8),
                                                      static_cast<std::uint8_t>(n)}));
    return made;
}

RuleValue value(const std::string& text) {
    RuleValue made;
    EXPECT_TRUE(made.append(std::vector<std::uint8_t>(text.begin(), text.end())));
    return made;
}

std::string text(const std::optional<RuleValue>& value) {
    return value ? std::string(value->bytes().begin(), value->bytes().end()) : "-";
}

const RuleTarget access{"border1", "inet_access"};
const RuleTarget speed{"border1", "shaping_in"};
const RuleTarget other{"border2", "inet_access"};

class StoreDeviceRules : public StoreContract {
  protected:
    StoreDeviceRules() : rules_(GetParam().device_rules(store())) {}

    static RuleChanges changes(std::vector<RuleTarget> targets = {access}) {
        RuleChanges made;
        made.targets = std::move(targets);
        made.by = {Actor::Kind::token, "billing", "rest", Role::operator_};
        return made;
    }
    ChangesOutcome carry_out(const RuleChanges& changes, int now = 1) {
        const auto done = rules_->change(changes, at(now));
        EXPECT_TRUE(done) << done.error().text;
        return done.value_or(ChangesOutcome{});
    }
    /// One wish; "-" for nothing.
    ChangesOutcome want(int n, const std::string& wanted, int now = 1, const RuleTarget& target = access) {
        auto one = changes({target});
        one.wishes = {{0, key(n), wanted == "-" ? std::nullopt : std::optional(value(wanted))}};
        return carry_out(one, now);
    }
    /// The first `count` keys with one value.
    ChangesOutcome want_many(int count, const std::string& wanted, std::optional<Lane> lane = std::nullopt) {
        auto many = changes();
        for (int n = 0; n < count; ++n)
            many.wishes.push_back({0, key(n), value(wanted)});
        many.lane = lane;
        return carry_out(many);
    }
    std::unique_ptr<ClassBook> book(const std::string& device = "border1") { return rules_->book(device); }
    std::vector<PendingRule> pending(Lane lane, std::int64_t after = 0, std::size_t limit = 100'000) {
        const auto found = book()->pending("inet_access", lane, after, limit);
        EXPECT_TRUE(found) << found.error().text;
        return found.value_or(std::vector<PendingRule>{});
    }
    std::int64_t last_seq(Lane lane) {
        const auto all = pending(lane);
        return all.empty() ? 0 : all.back().seq;
    }
    void record(Lane lane, std::int64_t up_to, const std::vector<RefusedRule>& refused = {}) {
        const auto done = book()->record("inet_access", lane, up_to, refused, at(100));
        ASSERT_TRUE(done) << done.error().text;
    }
    /// Everything of the lane as it is now.
    void record_all(Lane lane, const std::vector<RefusedRule>& refused = {}) {
        record(lane, last_seq(lane), refused);
    }
    std::vector<RefusedRule> refused() {
        const auto found = book()->refused("inet_access");
        EXPECT_TRUE(found);
        return found.value_or(std::vector<RefusedRule>{});
    }
    std::vector<DeviceRule> all(const DeviceRuleQuery& query = {}) {
        const auto page = rules_->list(query);
        EXPECT_TRUE(page) << page.error().text;
        return page ? page->rules : std::vector<DeviceRule>{};
    }
    /// "want current error" of one rule; "" where there is none.
    std::string shown(int n, const RuleTarget& target = access) {
        const auto found = all({.device = target.device, .rules = target.rules, .key = key(n)});
        EXPECT_LE(found.size(), 1U);
        if (found.empty()) return "";
        return text(found[0].want) + ' ' + text(found[0].current) +
               (found[0].error.empty() ? "" : ' ' + found[0].error);
    }
    std::map<RuleKey, std::string> wanted() {
        std::map<RuleKey, std::string> found;
        const auto last = book()->wanted("inet_access", [&](const RuleKey& one, const RuleValue& want) {
            EXPECT_TRUE(found.emplace(one, text(want)).second) << "twice";
        });
        EXPECT_TRUE(last);
        wanted_seq_ = last.value_or(-1);
        return found;
    }
    ClassCounts counts(const RuleTarget& target = access) {
        const auto found = rules_->counts();
        EXPECT_TRUE(found);
        for (const auto& one : *found)
            if (one.target == target) return one;
        return {};
    }

    std::unique_ptr<DeviceRules> rules_;
    std::int64_t wanted_seq_ = 0;
};

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

TEST_P(StoreDeviceRules, PagesAreWholeAndInOneOrder) {
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

TEST_P(StoreDeviceRules, HistoryTellsWhatWasWantedAndByWhom) {
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

TEST_P(StoreDeviceRules, OldHistoryGoesAndTheRulesStay) {
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

TEST_P(StoreDeviceRules, AnEndTurnsIntoWantingNothing) {
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

TEST_P(StoreDeviceRules, AnotherEndIsAChangeForNoDevice) {
    want(1, "open");
    record_all(Lane::quick);
    auto wish = changes();
    wish.wishes = {{0, key(1), value("open")}};
    wish.expires_at = at(50);
    EXPECT_EQ(carry_out(wish).changed, 1);
    EXPECT_EQ(carry_out(wish).unchanged, 1);
    EXPECT_EQ(shown(1), "open open");
    EXPECT_EQ(counts().pending, 0);
    EXPECT_EQ(want(1, "open").changed, 1) << "without an end";
    EXPECT_FALSE(*rules_->next_expiry());
}

TEST_P(StoreDeviceRules, ARequestThatComesAgainIsCarriedOutOnce) {
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

TEST_P(StoreDeviceRules, OneRowOfTheAuditTrailForAllAtOnce) {
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

TEST_P(StoreDeviceRules, DevicesWithSomethingToDoAreRung) {
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

TEST_P(StoreDeviceRules, EverythingSurvivesANewStart) {
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

INSTANTIATE_TEST_SUITE_P(Stores, StoreDeviceRules, testing::ValuesIn(all_stores()), kind_name);

}  // namespace
}  // namespace garita::store::contract
