// What is wanted comes about, in its order.

#include "unit/enforce/class_reconciler_world.hpp"

namespace garita::enforce {
namespace {

TEST_F(ClassReconcilerTest, BringsAboutWhatIsWantedAndRecordsIt) {
    want(1, 10);
    want(2, 20, Lane::bulk);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.rebuilds, 1) << "nothing was in force: all at once";
    expect_in_step();
    want(1, 11);
    want(2, std::nullopt);
    want(3, 30);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_EQ(device_.rebuilds, 1);
    EXPECT_EQ(device_.changes_sent, 3);
    EXPECT_EQ(status().entries, 2U);
    EXPECT_TRUE(status().trouble.empty());
}

TEST_F(ClassReconcilerTest, WhatIsAsItShouldBeIsNotSentAgain) {
    want(1, 10);
    ASSERT_TRUE(settle());
    want(1, 11);
    want(1, 10);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.changes_sent, 0);
    expect_in_step();
}

TEST_F(ClassReconcilerTest, TheAbsentValueIsNoEntry) {
    access_.absent = value(0);
    start();
    want(1, 0);
    want(2, 1);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.entries(), (Entries{{key(2), value(1)}}));
    want(2, 0);
    want(3, 0);
    ASSERT_TRUE(settle());
    EXPECT_TRUE(device_.entries().empty());
    EXPECT_EQ(device_.changes_sent, 1);
    EXPECT_TRUE(book_.current("inet_access") == book_.wanted_now("inet_access"));
}

TEST_F(ClassReconcilerTest, SingleChangesGoBeforeEachBatchOfABulk) {
    device_.batch = 10;
    ASSERT_TRUE(settle());
    for (std::uint32_t i = 0; i < 100; ++i)
        want(1000 + i, 1, Lane::bulk);
    ASSERT_TRUE(reconciler_->step(now_));
    EXPECT_EQ(device_.entries().size(), 10U);
    want(1, 7);
    ASSERT_TRUE(reconciler_->step(now_));
    EXPECT_TRUE(device_.entries().contains(key(1)));
    EXPECT_EQ(device_.entries().size(), 21U);
    ASSERT_TRUE(settle());
    expect_in_step();
}

TEST_F(ClassReconcilerTest, WhatComesAfterOthersGoesBeforeThem) {
    for (const Lane lane : {Lane::quick, Lane::bulk}) {
        marks_.after = {"inet_access"};
        other_.batch = 3;  // several batches
        start();
        for (std::uint32_t i = 0; i < 10; ++i) {
            want(i, 1, lane);
            book_.want("ip_mark", key(i), value(i), lane);
        }
        ASSERT_TRUE(settle());
        ASSERT_EQ(other_.entries().size(), 10U);
        std::size_t left_when_removed = 100;
        device_.before_change = [&]() -> std::optional<Error> {
            left_when_removed = std::min(left_when_removed, other_.entries().size());
            EXPECT_EQ(other_.entries().size(), 0U);
            return std::nullopt;
        };
        for (std::uint32_t i = 0; i < 10; ++i) {
            want(i, std::nullopt, lane);
            book_.want("ip_mark", key(i), std::nullopt, lane);
        }
        ASSERT_TRUE(settle());
        EXPECT_EQ(left_when_removed, 0U);
        EXPECT_TRUE(device_.entries().empty());
        expect_in_step();
        EXPECT_TRUE(book_.current("ip_mark").empty());
        device_.before_change = nullptr;
    }
}

TEST_F(ClassReconcilerTest, AnAuditThatWasAskedForIsMadeOnce) {
    want(1, 10);
    device_.part_count = 4;
    ASSERT_TRUE(settle());
    device_.readings = 0;
    auto answer = reconciler_->ask(ClassReconciler::Request::audit, "inet_access");
    const Time began = now_;
    reading_takes_ = 100ms;
    ASSERT_TRUE(reconciler_->step(began));
    reading_takes_ = Duration(0);
    ASSERT_TRUE(answer.get());
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.readings, 4);
}

TEST_F(ClassReconcilerTest, SaysSinceWhenSomethingDoesNotComeIntoForce) {
    EXPECT_EQ(status().tried, ClassStatus::Tried::no);
    device_.refused.insert(key(2));
    device_.refusal_retry = Retry::later;
    ASSERT_TRUE(settle());
    EXPECT_EQ(status().tried, ClassStatus::Tried::yes);
    EXPECT_FALSE(status().troubled_since);
    want(2, 1);
    ASSERT_TRUE(settle());
    const Time began = now_;
    pass(10min);
    want(2, 7);  // the same rule, wanted otherwise: still not as it should be
    ASSERT_TRUE(settle());
    EXPECT_EQ(status().troubled_since, began);
    EXPECT_EQ(status().why_refused, "the memory device refuses this");
    device_.away = gone;
    pass(1min);
    EXPECT_FALSE(settle());
    EXPECT_EQ(status().troubled_since, began);
    device_.away.reset();
    device_.refused.clear();
    pass(1h);
    ASSERT_TRUE(settle());
    EXPECT_FALSE(status().troubled_since);
    device_.away = gone;
    pass(1h);
    EXPECT_FALSE(settle());
    EXPECT_EQ(status().troubled_since, now_);
    expect_in_step();
}

}  // namespace
}  // namespace garita::enforce
