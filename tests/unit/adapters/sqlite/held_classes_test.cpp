// The agent's copy of its rules of classes: what the reconciler finds in it, what the hub is told of it.

#include <map>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/sqlite/sqlite_held_classes.hpp"
#include "support/packed.hpp"
#include "unit/adapters/sqlite/support.hpp"

namespace garita::sqlite {
namespace {

using store::FedRule;
using store::HeldPage;
using store::HeldPositions;
using store::Lane;
using store::LanePositions;
using testing_support::mark_of;
using testing_support::numbered_key;

constexpr Time now = from_micros(1'790'000'000'000'000);

class HeldClassesTest : public SqliteTest {
  protected:
    void SetUp() override { reopen(); }
    void reopen() {
        held_.reset();
        auto opened = SqliteHeldClasses::open(directory_ / "rules.db");
        ASSERT_TRUE(opened) << opened.error().text;
        held_ = std::move(*opened);
        ASSERT_TRUE(held_->keep("marks", "ip: address, value: mark"));
    }
    HeldPage page(std::vector<FedRule> rules, LanePositions up_to) const {
        HeldPage page;
        page.source = "hub";
        page.rules = std::move(rules);
        page.up_to = up_to;
        return page;
    }
    HeldPage full(std::vector<FedRule> rules, LanePositions up_to) const {
        auto first = page(std::move(rules), up_to);
        first.place = HeldPage::Place::first_of_all;
        return first;
    }
    void take(const HeldPage& page) {
        const auto taken = held_->take("marks", page);
        ASSERT_TRUE(taken) << taken.error().text;
    }
    HeldPositions positions() { return held_->positions("marks").value(); }
    std::map<RuleKey, RuleValue> wanted() {
        std::map<RuleKey, RuleValue> all;
        EXPECT_TRUE(
            held_->book().wanted("marks", [&](const auto& key, const auto& want) { all[key] = want; }));
        return all;
    }
    std::vector<store::PendingRule> pending(Lane lane) {
        const auto after = held_->book().recorded("marks", lane).value();
        return held_->book().pending("marks", lane, after, 1000).value();
    }
    void record_all(Lane lane, const std::vector<store::RefusedRule>& refused = {}) {
        const auto rows = pending(lane);
        if (!rows.empty()) {
            ASSERT_TRUE(held_->book().record("marks", lane, rows.back().seq, refused, now));
        }
    }
    static FedRule rule(unsigned number, std::optional<unsigned> mark, std::int64_t seq,
                        Lane lane = Lane::quick) {
        return {numbered_key(number), mark ? std::optional(mark_of(*mark)) : std::nullopt, seq, lane,
                std::nullopt};
    }

    std::unique_ptr<SqliteHeldClasses> held_;
};

TEST_F(HeldClassesTest, IsOfNoUseBeforeAFullSetHasCome) {
    EXPECT_EQ(positions().use, HeldPositions::Use::not_yet);
    auto first = full({rule(1, 1, 10, Lane::bulk)}, {0, 10});
    first.rest = HeldPage::Rest::more;
    take(first);
    EXPECT_EQ(positions().use, HeldPositions::Use::not_yet);
    EXPECT_EQ(positions().extent, HeldPositions::Extent::filling);
    take(page({rule(2, 2, 11, Lane::bulk)}, {20, 20}));
    EXPECT_EQ(positions().use, HeldPositions::Use::ready);
    EXPECT_EQ(positions().extent, HeldPositions::Extent::whole);
    EXPECT_EQ(positions().held, (LanePositions{20, 20}));
    EXPECT_EQ(wanted().size(), 2U);
}

TEST_F(HeldClassesTest, ConfirmsByTheHubsNumbersWhatWasRecorded) {
    take(full({rule(1, 1, 5), rule(2, 2, 7, Lane::bulk)}, {9, 9}));
    EXPECT_EQ(positions().confirmed, (LanePositions{0, 0}));
    EXPECT_EQ(positions().work, HeldPositions::Work::waiting);
    record_all(Lane::quick);
    EXPECT_EQ(positions().confirmed, (LanePositions{9, 0}));
    take(page({rule(3, 3, 12)}, {12, 12}));
    EXPECT_EQ(positions().confirmed, (LanePositions{9, 0}));
    record_all(Lane::bulk);
    EXPECT_EQ(positions().confirmed, (LanePositions{9, 12}));
    reopen();
    record_all(Lane::quick);
    EXPECT_EQ(positions().confirmed, (LanePositions{12, 12}));
    EXPECT_EQ(positions().work, HeldPositions::Work::none);
    take(page({}, {30, 30}));
    EXPECT_EQ(positions().confirmed, (LanePositions{30, 30}));
}

TEST_F(HeldClassesTest, WhatDoesNotComeWithAFullSetGoes) {
    take(full({rule(1, 1, 1), rule(2, 2, 2), rule(3, 3, 3)}, {3, 3}));
    record_all(Lane::quick);
    auto first = full({rule(2, 2, 2)}, {2, 0});
    first.source = "another hub";
    first.rest = HeldPage::Rest::more;
    take(first);
    EXPECT_EQ(wanted().size(), 3U) << "until the set is complete all stay";
    EXPECT_FALSE(held_->take("marks", page({}, {4, 4}))) << "of the one before";
    auto last = page({rule(3, 30, 4)}, {4, 4});
    last.source = "another hub";
    take(last);
    EXPECT_EQ(wanted(),
              (std::map<RuleKey, RuleValue>{{numbered_key(2), mark_of(2)}, {numbered_key(3), mark_of(30)}}));
    const auto gone = pending(Lane::bulk);
    ASSERT_EQ(gone.size(), 1U);
    EXPECT_EQ(gone[0].key, numbered_key(1));
    EXPECT_FALSE(gone[0].want);
}

TEST_F(HeldClassesTest, ARuleThatIsNotWantedAnyMoreIsForgottenOnceItIsGone) {
    take(full({rule(1, 1, 1)}, {1, 1}));
    record_all(Lane::quick);
    take(page({rule(1, std::nullopt, 2), rule(2, std::nullopt, 3)}, {3, 3}));
    const auto rows = pending(Lane::quick);
    ASSERT_EQ(rows.size(), 1U) << "what was never there needs no work";
    EXPECT_FALSE(rows[0].want);
    record_all(Lane::quick);
    EXPECT_EQ(held_->book().pending("marks", Lane::quick, 0, 10)->size(), 0U);
    EXPECT_EQ(positions().confirmed.quick, 3);
}

TEST_F(HeldClassesTest, EndsByItself) {
    auto ending = rule(1, 1, 1);
    ending.expires_at = now + std::chrono::minutes(1);
    take(full({ending, rule(2, 2, 2)}, {2, 2}));
    record_all(Lane::quick);
    EXPECT_EQ(held_->next_expiry().value(), ending.expires_at);
    EXPECT_EQ(held_->expire(now, 10).value(), 0U);
    EXPECT_EQ(held_->expire(*ending.expires_at, 10).value(), 1U);
    const auto rows = pending(Lane::quick);
    ASSERT_EQ(rows.size(), 1U);
    EXPECT_EQ(rows[0].key, numbered_key(1));
    EXPECT_FALSE(rows[0].want);
    EXPECT_FALSE(held_->next_expiry().value());
    EXPECT_EQ(positions().confirmed.quick, 2);
}

TEST_F(HeldClassesTest, TellsWhatWasRefusedHereAndByTheDevice) {
    auto with_unfit = full({rule(1, 1, 1), rule(2, 2, 2)}, {2, 2});
    with_unfit.unfit = {{0, "not of this class"}};
    take(with_unfit);
    const auto rows = pending(Lane::quick);
    ASSERT_EQ(rows.size(), 1U);
    record_all(Lane::quick, {{numbered_key(2), rows[0].seq, "no room", 1, std::nullopt}});
    const auto refused = held_->refusals("marks", 10).value();
    ASSERT_EQ(refused.size(), 2U);
    EXPECT_EQ(refused[0].error, "not of this class");
    EXPECT_EQ(refused[0].seq, 1);
    EXPECT_EQ(refused[1].error, "no room");
    EXPECT_EQ(refused[1].seq, 2) << "the hub's number";
    EXPECT_EQ(held_->book().refused("marks")->size(), 1U) << "the reconciler has only its own";
    take(page({rule(1, 5, 3), rule(2, 5, 4)}, {4, 4}));
    EXPECT_EQ(held_->refusals("marks", 10)->size(), 0U);
    EXPECT_EQ(wanted().size(), 2U);
}

TEST_F(HeldClassesTest, IsForgottenWhereTheClassIsAnotherNow) {
    take(full({rule(1, 1, 1)}, {1, 1}));
    reopen();
    EXPECT_EQ(wanted().size(), 1U);
    ASSERT_TRUE(held_->keep("marks", "ip: network, value: mark"));
    EXPECT_EQ(wanted().size(), 0U);
    EXPECT_EQ(positions().use, HeldPositions::Use::not_yet);
    EXPECT_EQ(positions().source, "");
}

}  // namespace
}  // namespace garita::sqlite
