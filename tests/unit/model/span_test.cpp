#include "model/span.hpp"

#include <gtest/gtest.h>

#include "model/time.hpp"

namespace garita {
namespace {

using namespace std::chrono_literals;

TEST(Span, UnitsComeLargerFirstAndOnce) {
    EXPECT_EQ(parse_span("90s"), 90s);
    EXPECT_EQ(parse_span("15m"), 15min);
    EXPECT_EQ(parse_span("24h"), 24h);
    EXPECT_EQ(parse_span("7d"), 168h);
    EXPECT_EQ(parse_span("1h30m"), 90min);
    EXPECT_EQ(parse_span("1d2h3m4s"), 26h + 3min + 4s);
    EXPECT_EQ(parse_span("0s"), 0s);
    for (const auto* wrong :
         {"", "90", "s", "-5s", "1.5h", "30m1h", "1h1h", "5 s", "5S", "01s", "5s ", "1w", "5s5"})
        EXPECT_EQ(parse_span(wrong), std::nullopt) << wrong;
}

TEST(Span, NumbersThatDoNotFitAreRefused) {
    EXPECT_TRUE(parse_span("1000000d"));
    for (const auto* wrong :
         {"1000001d", "999999999999999999d", "9223372036854775807s", "99999999999999999999s", "1000000d1s"})
        EXPECT_EQ(parse_span(wrong), std::nullopt) << wrong;
}

TEST(Span, WhatIsWrittenIsReadBack) {
    for (const auto span : {0s, 1s, 90s, 3600s, 86400s, 90061s})
        EXPECT_EQ(parse_span(format_span(span)), span);
}

}  // namespace
}  // namespace garita
