// Working time: weekends, holidays, changes of the clock.

#include "access/working_hours.hpp"

#include <gtest/gtest.h>

namespace garita::access {
namespace {

using namespace std::chrono_literals;
using std::chrono::sys_days;
using std::chrono::year_month_day;

/// The Netherlands in 2026: +1, from 29 March 01:00 UTC to 25 October 01:00 UTC +2.
class SummerTime final : public LocalClock {
  public:
    [[nodiscard]] std::chrono::seconds offset(Time at) const override {
        const bool summer =
            at >= Time{sys_days{2026y / 3 / 29} + 1h} && at < Time{sys_days{2026y / 10 / 25} + 1h};
        return summer ? 2h : 1h;
    }
};

Time utc(year_month_day day, Duration of_day) {
    return Time{sys_days{day}} + of_day;
}

WorkingHours office() {
    WorkingHours hours;
    for (std::size_t i = 0; i < 5; ++i)
        hours.days.at(i) = {{8h, 18h}};
    hours.days[5].clear();
    hours.days[6].clear();
    return hours;
}

TEST(WorkingHours, EachHourCountsWhereNothingIsSet) {
    const WorkingHours always;
    const auto at = utc(2026y / 11 / 28, 23h + 30min);
    EXPECT_TRUE(always.holds(at));
    EXPECT_EQ(always.after(at, 100h), at + 100h);
    EXPECT_EQ(always.after(at, 0h), at);
}

TEST(WorkingHours, WhatIsLeftOnFridayGoesOnOnMonday) {
    const auto hours = office();
    const auto friday = utc(2026y / 11 / 27, 17h);
    EXPECT_EQ(hours.after(friday, 9h), utc(2026y / 11 / 30, 16h));
    EXPECT_EQ(hours.after(friday, 1h), utc(2026y / 11 / 27, 18h)) << "not Monday at eight";
    EXPECT_EQ(hours.after(utc(2026y / 11 / 28, 3h), 1h), utc(2026y / 11 / 30, 9h));
    EXPECT_TRUE(hours.holds(friday));
    EXPECT_FALSE(hours.holds(utc(2026y / 11 / 27, 18h)));
    EXPECT_TRUE(hours.holds(utc(2026y / 11 / 27, 18h) - 1us));
    EXPECT_FALSE(hours.holds(utc(2026y / 11 / 28, 12h)));
}

TEST(WorkingHours, HolidaysAreNoWork) {
    auto hours = office();
    hours.holidays = {2026y / 11 / 30, 2026y / 12 / 1};
    EXPECT_EQ(hours.after(utc(2026y / 11 / 27, 17h), 9h), utc(2026y / 12 / 2, 16h));
    EXPECT_FALSE(hours.holds(utc(2026y / 11 / 30, 12h)));
}

TEST(WorkingHours, SeveralSpansOfADayCountEachMinuteOnce) {
    auto hours = office();
    hours.days[0] = {{13h, 17h}, {8h, 12h}, {11h, 14h}};  // out of order, over each other
    EXPECT_EQ(hours.after(utc(2026y / 11 / 23, 0h), 9h), utc(2026y / 11 / 23, 17h));
    hours.days[0] = {{8h, 12h}, {13h, 17h}};
    EXPECT_EQ(hours.after(utc(2026y / 11 / 23, 11h), 2h), utc(2026y / 11 / 23, 14h));
}

TEST(WorkingHours, HoursAreTheZonesOwn) {
    auto hours = office();
    hours.clock = std::make_shared<SummerTime>();
    EXPECT_TRUE(hours.holds(utc(2026y / 7 / 1, 6h)));
    EXPECT_FALSE(hours.holds(utc(2026y / 12 / 1, 6h)));
    // Friday before the clocks change: Monday begins an hour earlier
    EXPECT_EQ(hours.after(utc(2026y / 3 / 27, 16h), 2h), utc(2026y / 3 / 30, 7h));
    EXPECT_EQ(hours.after(utc(2026y / 10 / 23, 15h), 2h), utc(2026y / 10 / 26, 8h));
}

TEST(WorkingHours, AnHourThatIsSkippedDoesNotCountAndOneThatComesTwiceDoes) {
    WorkingHours hours;
    hours.clock = std::make_shared<SummerTime>();
    for (auto& day : hours.days)
        day = {{1h, 4h}};
    // 29 March: 01:00 to 02:00 and 03:00 to 04:00, by the clock on the wall
    EXPECT_EQ(hours.after(utc(2026y / 3 / 29, 0h), 2h), utc(2026y / 3 / 29, 2h));
    EXPECT_EQ(hours.after(utc(2026y / 3 / 29, 0h), 2h + 1min), utc(2026y / 3 / 29, 23h + 1min));
    // 25 October: 01:00, 02:00 twice, 03:00
    EXPECT_EQ(hours.after(utc(2026y / 10 / 24, 23h), 4h), utc(2026y / 10 / 25, 3h));
    EXPECT_TRUE(hours.holds(utc(2026y / 10 / 25, 0h + 30min)));
    EXPECT_TRUE(hours.holds(utc(2026y / 10 / 25, 1h + 30min)));
}

TEST(WorkingHours, AfterIsWhenHoldsHasHeldForSoLong) {
    WorkingHours hours = office();
    hours.clock = std::make_shared<SummerTime>();
    hours.days[6] = {{1h, 3h}, {22h, 24h}};
    hours.holidays = {2026y / 3 / 31};
    for (auto from = utc(2026y / 3 / 27, 11h + 13min); from < utc(2026y / 3 / 31, 0h); from += 7h + 11min) {
        auto counted = from;
        auto left = 13h + 0min;
        while (left > 0min) {
            if (hours.holds(counted)) left -= 1min;
            counted += 1min;
        }
        EXPECT_EQ(hours.after(from, 13h), counted) << to_iso8601(from);
    }
}

TEST(WorkingHours, WhereNobodyEverWorksThereIsNoEnd) {
    WorkingHours never;
    for (auto& day : never.days)
        day.clear();
    EXPECT_EQ(never.after(utc(2026y / 11 / 23, 0h), 1min), std::nullopt);
}

}  // namespace
}  // namespace garita::access
