#include "enforce/record_later.hpp"

#include <gtest/gtest.h>

#include "fakes/memory_class_book.hpp"
#include "support/packed.hpp"

namespace garita::enforce {
namespace {

using store::Lane;
using store::RefusedRule;
using testing_support::mark_of;
using testing_support::numbered_key;

class RecordLaterTest : public ::testing::Test {
  protected:
    void want(std::uint32_t number) { book_.want("ip_mark", numbered_key(number), mark_of(number)); }

    Time now_ = from_micros(1'790'000'000'000'000);
    fakes::MemoryClassBook book_;
    int wakes_ = 0;
    RecordLater later_{book_, [this] { ++wakes_; }};
    Recorder recorder_{{&later_}};
};

TEST_F(RecordLaterTest, ManyRecordsBecomeOne) {
    for (std::uint32_t i = 1; i <= 5; ++i) {
        want(i);
        const RefusedRule refused{numbered_key(i), i, "no", 1, std::nullopt};
        ASSERT_TRUE(later_.record("ip_mark", Lane::quick, i,
                                  i % 2 == 0 ? std::span(&refused, 1) : std::span<const RefusedRule>(),
                                  now_));
    }
    EXPECT_EQ(wakes_, 5);
    EXPECT_EQ(book_.recordings, 0);
    EXPECT_TRUE(book_.current("ip_mark").empty());
    ASSERT_TRUE(recorder_.step(now_));
    EXPECT_EQ(book_.recordings, 1);
    EXPECT_EQ(book_.current("ip_mark").size(), 3U);
    EXPECT_EQ(book_.refused("ip_mark")->size(), 2U);
    ASSERT_TRUE(recorder_.step(now_));
    EXPECT_EQ(book_.recordings, 1);
}

TEST_F(RecordLaterTest, WhoReadsReadsWhatWasRecorded) {
    want(1);
    const RefusedRule refused{numbered_key(1), 1, "no", 1, std::nullopt};
    ASSERT_TRUE(later_.record("ip_mark", Lane::quick, 1, std::span(&refused, 1), now_));
    EXPECT_EQ(later_.recorded("ip_mark", Lane::quick), 1);
    ASSERT_TRUE(later_.record("ip_mark", Lane::bulk, 7, {}, now_));
    EXPECT_EQ(later_.refused("ip_mark")->size(), 1U);
    EXPECT_EQ(book_.recorded("ip_mark", Lane::bulk), 7);
    ASSERT_TRUE(later_.record("ip_mark", Lane::bulk, 9, {}, now_));
    ASSERT_TRUE(later_.retried("ip_mark", std::span(&refused, 1), {}, now_));
    EXPECT_EQ(book_.recorded("ip_mark", Lane::bulk), 9);
    EXPECT_TRUE(book_.refused("ip_mark")->empty());
}

TEST_F(RecordLaterTest, WhatTheStoreDidNotTakeStays) {
    want(1);
    want(2);
    const RefusedRule refused{numbered_key(1), 1, "no", 1, std::nullopt};
    ASSERT_TRUE(later_.record("ip_mark", Lane::quick, 1, std::span(&refused, 1), now_));
    book_.lose_records = 1;
    EXPECT_FALSE(recorder_.step(now_));
    ASSERT_TRUE(later_.record("ip_mark", Lane::quick, 2, {}, now_));
    ASSERT_TRUE(recorder_.step(now_));
    EXPECT_EQ(book_.recorded("ip_mark", Lane::quick), 2);
    EXPECT_EQ(book_.refused("ip_mark")->size(), 1U);
}

TEST_F(RecordLaterTest, VeryManyRefusalsAreNotKeptInMemory) {
    std::vector<RefusedRule> many;
    for (std::uint32_t i = 1; i <= 25'000; ++i) {
        want(i);
        many.push_back({numbered_key(i), i, "no", 1, std::nullopt});
    }
    ASSERT_TRUE(later_.record("ip_mark", Lane::quick, 25'000, many, now_));
    EXPECT_EQ(book_.recordings, 1);
}

}  // namespace
}  // namespace garita::enforce
