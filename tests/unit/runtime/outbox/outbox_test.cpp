#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runtime/outbox/back_off.hpp"
#include "runtime/outbox/recent_times.hpp"
#include "runtime/outbox/troubles.hpp"

namespace garita::runtime {
namespace {

using namespace std::chrono_literals;

TEST(BackOff, DoublesUpToItsLimit) {
    EXPECT_EQ(back_off(5s, 0, 5min), Duration{5s});
    EXPECT_EQ(back_off(5s, 1, 5min), Duration{10s});
    EXPECT_EQ(back_off(5s, 5, 5min), Duration{160s});
    EXPECT_EQ(back_off(5s, 6, 5min), Duration{5min});
    EXPECT_EQ(back_off(5s, 1'000'000, 5min), Duration{5min});
    EXPECT_EQ(back_off(5s, -3, 5min), Duration{5s});
}

TEST(BackOff, IsSpreadByAFifth) {
    Duration least = 1h;
    Duration most{0};
    for (std::uint64_t seed = 0; seed < 1000; ++seed) {
        const auto span = spread(100s, seed);
        EXPECT_EQ(span, spread(100s, seed));
        least = std::min(least, span);
        most = std::max(most, span);
    }
    EXPECT_GE(least, 80s);
    EXPECT_LT(least, 81s);
    EXPECT_LE(most, 120s);
    EXPECT_GT(most, 119s);
}

TEST(RecentTimes, TellWhenThereIsRoom) {
    const Time start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    RecentTimes times;
    EXPECT_EQ(times.until_fewer(2, 1min, start), Duration{0});
    times.add(start, 1min);
    times.add(start + 10s, 1min);
    EXPECT_EQ(times.until_fewer(3, 1min, start + 10s), Duration{0});
    EXPECT_EQ(times.until_fewer(2, 1min, start + 10s), Duration{50s});
    EXPECT_EQ(times.until_fewer(1, 1min, start + 10s), Duration{60s});
    EXPECT_EQ(times.until_fewer(2, 1min, start + 1min), Duration{0});
    EXPECT_EQ(times.count(1min, start + 1min), 1U);
    times.add(start - 1h, 1min);  // the clock was set back
    EXPECT_EQ(times.count(1min, start - 1h), 1U);
}

TEST(RecentTimes, FromTheFutureAreNoReasonToWait) {
    RecentTimes times;
    const Time start = from_micros(1'000'000'000'000);
    times.add(start, std::chrono::seconds{1});
    EXPECT_GT(times.until_fewer(1, std::chrono::seconds{1}, start), Duration{0});
    EXPECT_EQ(times.until_fewer(1, std::chrono::seconds{1}, start - std::chrono::hours{3}), Duration{0});
}

TEST(Troubles, AreNewsOnce) {
    Troubles troubles;
    EXPECT_TRUE(troubles.trouble("server", "away"));
    EXPECT_FALSE(troubles.trouble("server", "away"));
    EXPECT_TRUE(troubles.trouble("server", "refuses"));
    EXPECT_TRUE(troubles.trouble("ana", "full"));
    EXPECT_THAT(troubles.texts(), testing::ElementsAre("ana: full", "server: refuses"));
    EXPECT_TRUE(troubles.well("server"));
    EXPECT_FALSE(troubles.well("server"));
    EXPECT_THAT(troubles.texts(), testing::ElementsAre("ana: full"));
}

}  // namespace
}  // namespace garita::runtime
