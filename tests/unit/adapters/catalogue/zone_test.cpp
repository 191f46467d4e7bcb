#include "adapters/zoneinfo/zone.hpp"

#include <gtest/gtest.h>

#include "adapters/zoneinfo/local_clock.hpp"

namespace garita::zoneinfo {
namespace {

constexpr Time winter = Time{std::chrono::seconds{1'795'330'800}};  // 2026-11-22T07:00:00Z
constexpr Time summer = Time{std::chrono::seconds{1'783'926'000}};  // 2026-07-13T07:00:00Z

TEST(Zone, TellsLocalTimeWithDaylightSaving) {
    const auto madrid = find_zone("Europe/Madrid");
    ASSERT_TRUE(madrid) << madrid.error().text;
    EXPECT_EQ((*madrid)->date_and_time(winter), "2026-11-22 08:00:00");
    EXPECT_EQ((*madrid)->abbreviation(winter), "CET");
    EXPECT_EQ((*madrid)->date_and_time(summer), "2026-07-13 09:00:00");
    EXPECT_EQ((*madrid)->abbreviation(summer), "CEST");
}

TEST(Zone, KnowsUtc) {
    const auto utc = find_zone("UTC");
    ASSERT_TRUE(utc) << utc.error().text;
    EXPECT_EQ((*utc)->date_and_time(winter), "2026-11-22 07:00:00");
}

TEST(Zone, RefusesWhatItDoesNotKnow) {
    for (const char* name : {"Europe/Atlantis", "", "../../etc/passwd", "/etc/passwd"}) {
        const auto zone = find_zone(name);
        ASSERT_FALSE(zone) << name;
        EXPECT_EQ(zone.error().code, ErrorCode::not_found);
    }
}

TEST(Zone, TellsHowFarItIsFromGreenwich) {
    using namespace std::chrono_literals;
    const auto clock = find_clock("Europe/Madrid");
    ASSERT_TRUE(clock);
    EXPECT_EQ((*clock)->offset(Time{std::chrono::sys_days{2026y / 7 / 1}}), 2h);
    EXPECT_EQ((*clock)->offset(Time{std::chrono::sys_days{2026y / 12 / 1}}), 1h);
    EXPECT_FALSE(find_clock("Europe/Madird"));
    access::WorkingHours hours;
    hours.clock = *clock;
    for (auto& day : hours.days)
        day = {{8h, 18h}};
    // the clocks went back in the night between
    EXPECT_EQ(hours.after(Time{std::chrono::sys_days{2026y / 10 / 24} + 15h}, 2h),
              Time{std::chrono::sys_days{2026y / 10 / 25} + 8h});
}

}  // namespace
}  // namespace garita::zoneinfo
