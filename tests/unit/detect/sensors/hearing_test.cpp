#include "detect/hearing.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::detect {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

const Time begin{500000h};

/// Spoke every hour for this long.
Hearing hourly(Duration span) {
    Hearing hearing;
    for (Duration at{}; at <= span; at += 1h)
        hearing.heard(begin + at);
    return hearing;
}

TEST(Hearing, WhoNeverSpokeIsNotSilent) {
    EXPECT_FALSE(Hearing().is_silent(begin + 1000h, 24h));
    EXPECT_FALSE(Hearing().ever());
}

TEST(Hearing, WhoSpokeOnceHasNoHabit) {
    EXPECT_FALSE(hourly(0h).is_silent(begin + 1000h, 24h));
    EXPECT_FALSE(hourly(23h).is_silent(begin + 1000h, 24h)) << "for less than a day";
}

TEST(Hearing, ADayWithoutALineIsMuchForWhoSpokeEveryHour) {
    const auto hearing = hourly(48h);
    EXPECT_FALSE(hearing.is_silent(begin + 48h + 23h, 24h));
    EXPECT_TRUE(hearing.is_silent(begin + 48h + 24h, 24h));
    EXPECT_EQ(hearing.longest_pause(), 1h);
}

TEST(Hearing, WhoIsSilentEveryWeekendMayBeSo) {
    auto hearing = hourly(48h);
    hearing.heard(begin + 48h + 60h);
    const auto last = hearing.last();
    EXPECT_FALSE(hearing.is_silent(last + 64h, 24h));
    EXPECT_FALSE(hearing.is_silent(last + 179h, 24h));
    EXPECT_TRUE(hearing.is_silent(last + 180h, 24h));
}

TEST(Hearing, APauseInWhichNobodyListenedIsNoHabit) {
    const auto before = hourly(48h);
    Hearing hearing(before.first(), before.last(), before.longest_pause());
    hearing.resume();
    EXPECT_TRUE(hearing.is_silent(begin + 80h, 24h)) << "over a restart too";
    hearing.heard(begin + 100h);
    EXPECT_EQ(hearing.longest_pause(), 1h);
    hearing.heard(begin + 105h);
    EXPECT_EQ(hearing.longest_pause(), 5h);
}

TEST(Hearing, AClockThatGoesBackDoesNoHarm) {
    auto hearing = hourly(48h);
    hearing.heard(begin - 10h);
    EXPECT_EQ(hearing.last(), begin + 48h);
    EXPECT_FALSE(hearing.is_silent(begin, 24h));
}

TEST(Silence, IsToldInWordsAndAsAnAlertThatIsAlwaysTheSame) {
    const Silence silence{"/var/log/a\n.log", Silence::Why::gone, begin, 2h};
    EXPECT_THAT(in_words(silence, begin + 30h), HasSubstr("/var/log/a?.log is not there any more"));
    EXPECT_THAT(in_words(silence, begin + 30h), HasSubstr("no line for 1d6h, after pauses of 2h at most"));
    const auto alert = alert_about(silence, begin + 30h);
    EXPECT_EQ(alert.kind, "log_silent");
    EXPECT_EQ(alert.subject, "/var/log/a?.log");
    EXPECT_EQ(alert.facts.at("state"), "gone");
    EXPECT_EQ(alert.facts.at("silent_for"), "1d6h");
    EXPECT_EQ(alert_about(silence, begin + 90h).uid, alert.uid) << "after a restart the hub drops the second";
    auto later = silence;
    later.last += 1s;
    EXPECT_NE(alert_about(later, begin + 90h).uid, alert.uid);
}

}  // namespace
}  // namespace garita::detect
