#include "runtime/http/topics.hpp"

#include <gtest/gtest.h>

namespace garita::runtime::http {
namespace {

using Parking = WakeTopics::Parking;

TEST(WakeTopics, WakesWhoWaitsForThatTopicOnce) {
    WakeTopics topics;
    EXPECT_EQ(topics.park("a", topics.now(), 1), Parking::parked);
    EXPECT_EQ(topics.park("b", topics.now(), 2), Parking::parked);
    EXPECT_EQ(topics.wake("a"), std::vector<WakeTopics::Waiter>{1});
    EXPECT_TRUE(topics.wake("a").empty());
    topics.leave("b", 2);
    EXPECT_TRUE(topics.wake("b").empty());
}

TEST(WakeTopics, RefusesToParkPastAWake) {
    WakeTopics topics;
    const auto seen = topics.now();
    EXPECT_TRUE(topics.wake("a").empty());
    EXPECT_EQ(topics.park("b", seen, 1), Parking::parked);
    EXPECT_EQ(topics.park("a", seen, 2), Parking::woken_meanwhile);
    EXPECT_EQ(topics.park("a", topics.now(), 2), Parking::parked);
}

TEST(WakeTopics, NeverForgetsAWakeWhenItForgetsTopics) {
    WakeTopics topics;
    const auto seen = topics.now();
    EXPECT_EQ(topics.park("waited for", seen, 7), Parking::parked);
    EXPECT_TRUE(topics.wake("a").empty());
    for (int i = 0; i < 20'000; ++i)
        EXPECT_TRUE(topics.wake("topic " + std::to_string(i)).empty());
    EXPECT_EQ(topics.park("a", seen, 1), Parking::woken_meanwhile);
    EXPECT_EQ(topics.park("a", topics.now(), 1), Parking::parked);
    EXPECT_EQ(topics.wake("waited for"), std::vector<WakeTopics::Waiter>{7});
}

}  // namespace
}  // namespace garita::runtime::http
