#include "adapters/zoneinfo/local_clock.hpp"

#include <gtest/gtest.h>

namespace garita::zoneinfo {
namespace {

Time at(std::chrono::year_month_day day, std::chrono::seconds second) {
    return Time{std::chrono::sys_days{day}} + second;
}

TEST(LocalClock, FollowsTheZonesChanges) {
    using namespace std::chrono;
    const auto madrid = find_clock("Europe/Madrid");
    ASSERT_TRUE(madrid) << madrid.error().text;
    EXPECT_EQ((*madrid)->offset(at(2026y / January / 5, 12h)), 1h);
    EXPECT_EQ((*madrid)->offset(at(2026y / July / 5, 12h)), 2h);
    EXPECT_EQ((*madrid)->offset(at(2026y / March / 29, 1h - 1s)), 1h) << "a second before the change";
    EXPECT_EQ((*madrid)->offset(at(2026y / March / 29, 1h)), 2h);
    const auto new_york = find_clock("America/New_York");
    ASSERT_TRUE(new_york);
    EXPECT_EQ((*new_york)->offset(at(2026y / January / 5, 12h)), -5h);
}

TEST(LocalClock, AnUnknownZoneIsNamed) {
    const auto nowhere = find_clock("Europe/Nowhere");
    ASSERT_FALSE(nowhere);
    EXPECT_EQ(nowhere.error().code, ErrorCode::not_found);
    EXPECT_NE(nowhere.error().text.find("Europe/Nowhere"), std::string::npos);
}

}  // namespace
}  // namespace garita::zoneinfo
