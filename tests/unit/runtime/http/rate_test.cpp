#include "runtime/http/rate.hpp"

#include <gtest/gtest.h>

namespace garita::runtime::http {
namespace {

using namespace std::chrono_literals;

const Time start = from_micros(1'800'000'000'000'000);

TEST(RateLimit, ASecondsWorthComesAtOnceAndThenAsMuchAsTimePasses) {
    RateLimit rate(10);
    for (int i = 0; i < 10; ++i)
        EXPECT_FALSE(rate.take("web1", 1, start)) << i;
    EXPECT_EQ(rate.take("web1", 1, start), 1s);
    EXPECT_FALSE(rate.take("web1", 1, start + 100ms));
    EXPECT_TRUE(rate.take("web1", 1, start + 100ms));
    EXPECT_FALSE(rate.take("web2", 10, start + 100ms)) << "each caller has its own";
}

TEST(RateLimit, ABatchCostsWhatIsInItAndIsWaitedForAfterwards) {
    RateLimit rate(10);
    EXPECT_FALSE(rate.take("web1", 45, start))
        << "larger than a second's worth, or it would never get through";
    const auto wait = rate.take("web1", 1, start);
    ASSERT_TRUE(wait);
    EXPECT_EQ(*wait, 4s);
    EXPECT_TRUE(rate.take("web1", 1, start + 3s));
    EXPECT_FALSE(rate.take("web1", 1, start + *wait)) << "what was promised holds";
}

TEST(RateLimit, OnAverageNoMoreThanTheRateGetsThrough) {
    RateLimit rate(100);
    std::size_t taken = 0;
    for (Time now = start; now < start + 60s; now += 7ms)
        if (!rate.take("web1", 13, now)) taken += 13;
    EXPECT_GE(taken, 6'000U);
    EXPECT_LE(taken, 6'000U + 100 + 13);
}

TEST(RateLimit, AClockSetBackLocksNobodyOut) {
    RateLimit rate(10);
    EXPECT_FALSE(rate.take("web1", 20, start));
    const Time earlier = start - std::chrono::hours(5);
    const auto wait = rate.take("web1", 1, earlier);
    ASSERT_TRUE(wait);
    EXPECT_LE(*wait, 2s);
    EXPECT_FALSE(rate.take("web1", 1, earlier + *wait));
}

TEST(RetryAfter, IsWrittenAndReadBackWithinBounds) {
    const Response response = too_many("slowly", 7s);
    EXPECT_EQ(response.status, 429);
    EXPECT_EQ(retry_after(response.headers, 1s, 60s), 7s);
    EXPECT_EQ(retry_after(too_many("", 7'000s).headers, 1s, 60s), 60s);
    for (const auto* strange : {"", "-5", "Wed, 21 Oct 2026 07:28:00 GMT", "99999999999999999999", "3 "})
        EXPECT_EQ(retry_after({{"Retry-After", strange}}, 2s, 60s),
                  std::string_view(strange) == "-5" ? 1s : 2s)
            << strange;
    EXPECT_EQ(retry_after({}, 2s, 60s), 2s);
}

}  // namespace
}  // namespace garita::runtime::http
