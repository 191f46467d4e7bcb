// What a device refuses, or cannot be told, stops nothing else and is tried again.

#include "unit/enforce/class_reconciler_world.hpp"

namespace garita::enforce {
namespace {

TEST_F(ClassReconcilerTest, ARefusedOneStopsNoOther) {
    device_.refused.insert(key(2));
    ASSERT_TRUE(settle());
    want(1, 1);
    want(2, 1);
    want(3, 1);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.entries().size(), 2U);
    EXPECT_EQ(book_.current("inet_access").size(), 2U);
    EXPECT_EQ(book_.refused("inet_access")->size(), 1U);
    EXPECT_EQ(status().refused, 1U);
    pass(1h);
    const int sent = device_.changes_sent;
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.changes_sent, sent) << "what is wrong in itself is not tried again";
    device_.refused.clear();
    want(2, 2);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_EQ(status().refused, 0U);
}

TEST_F(ClassReconcilerTest, ARefusalThatMayPassIsTriedAgainWithGrowingWaits) {
    device_.refused.insert(key(2));
    device_.refusal_retry = Retry::later;
    ASSERT_TRUE(settle());
    want(2, 1);
    want(3, 1);
    ASSERT_TRUE(settle());
    for (int i = 0; i < 6; ++i) {
        pass(40s);
        ASSERT_TRUE(settle());
    }
    const auto refused = book_.refused("inet_access").value();
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_GT(refused.front().attempts, 2);
    EXPECT_GT(refused.front().next_try, now_);
    start();  // what was refused is known after a start
    ASSERT_TRUE(settle());
    EXPECT_EQ(status().refused, 1U);
    device_.refused.clear();
    pass(10min);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_TRUE(book_.refused("inet_access")->empty());
}

TEST_F(ClassReconcilerTest, ADeviceThatIsAwayIsLeftAloneAndCatchesUp) {
    ASSERT_TRUE(settle());
    device_.away = gone;
    want(1, 1);
    EXPECT_FALSE(reconciler_->step(now_));
    EXPECT_EQ(status().trouble, gone.text);
    const auto wait = reconciler_->step(now_);
    ASSERT_TRUE(wait);
    EXPECT_GT(*wait, 400ms);
    int tries = 0;
    for (int second = 0; second < 600; ++second) {
        pass(1s);
        if (!reconciler_->step(now_)) ++tries;
    }
    EXPECT_GT(tries, 5);
    EXPECT_LT(tries, 25);
    device_.away.reset();
    pass(10min);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_TRUE(status().trouble.empty());
}

TEST_F(ClassReconcilerTest, AClassInTroubleHoldsUpNoOther) {
    ASSERT_TRUE(settle());
    other_.away = Error{ErrorCode::forbidden, "no permission", Retry::no};
    book_.want("ip_mark", key(1), value(1));
    want(1, 1);
    ASSERT_TRUE(reconciler_->step(now_));
    expect_in_step();
    EXPECT_EQ(status(1).trouble, "no permission");
    ASSERT_EQ(troubles_.size(), 1U);
    want(2, 1);
    ASSERT_TRUE(reconciler_->step(now_));
    expect_in_step();
    other_.away.reset();
    pass(10min);
    ASSERT_TRUE(settle());
    EXPECT_TRUE(other_.entries() == book_.wanted_now("ip_mark"));
}

TEST_F(ClassReconcilerTest, WhatComesAfterWaitsForTheBulkOfWhatItNeeds) {
    device_.batch = 10;
    access_.after = {"ip_mark"};
    other_.batch = 10;
    start();
    ASSERT_TRUE(settle());
    for (std::uint32_t i = 0; i < 25; ++i) {
        book_.want("ip_mark", key(i), value(i), Lane::bulk);
        want(i, i, Lane::bulk);
    }
    for (int i = 0; i < 10 && other_.entries().size() < 20; ++i)
        ASSERT_TRUE(reconciler_->step(now_));
    EXPECT_EQ(other_.entries().size(), 20U);
    EXPECT_TRUE(device_.entries().empty());
    ASSERT_TRUE(settle());
    expect_in_step();
}

}  // namespace
}  // namespace garita::enforce
