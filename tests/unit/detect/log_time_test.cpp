#include "detect/log_time.hpp"

#include <cstdlib>
#include <string>

#include <gtest/gtest.h>

#include "detect/syslog_line.hpp"
#include "model/time.hpp"

namespace garita::detect {
namespace {

std::string text(const std::optional<EventTime>& when) {
    return when ? to_iso8601(Time{*when}).substr(0, 19) : "none";
}

EventTime at(std::string_view iso) {
    IsoClock clock;
    return clock.read(iso).value();
}

TEST(ClfClock, AppliesTheZoneOfTheLine) {
    ClfClock clock;
    EXPECT_EQ(text(clock.read("10/Oct/2026:13:55:36 +0000")), "2026-10-10T13:55:36");
    EXPECT_EQ(text(clock.read("10/Oct/2026:13:55:36 -0700")), "2026-10-10T20:55:36");
    EXPECT_EQ(text(clock.read("01/Jan/2027:00:30:00 +0545")), "2026-12-31T18:45:00");
    EXPECT_EQ(text(clock.read("29/Feb/2028:23:59:60 +0000")), "2028-03-01T00:00:00");
}

TEST(ClfClock, RefusesWhatIsNoTime) {
    ClfClock clock;
    for (const auto* bad :
         {"", "10/Oct/2026:13:55:36", "10/Oct/2026:24:00:00 +0000", "10/Oct/2026:13:60:00 +0000",
          "32/Oct/2026:13:55:36 +0000", "10/Okt/2026:13:55:36 +0000", "10/Oct/2026:13:55:36 *0000",
          "10/Oct/20x6:13:55:36 +0000", "29/Feb/2027:00:00:00 +0000", "10/Oct/1969:13:55:36 +0000",
          "10/Oct/2200:13:55:36 +0000"})
        EXPECT_FALSE(clock.read(bad)) << bad;
    std::string nul(11, '\0');
    nul += ":13:55:36 " + std::string(5, '\0');
    EXPECT_FALSE(ClfClock().read(nul));
}

TEST(IsoClock, ReadsTheUsualForms) {
    IsoClock clock;
    for (const auto* good :
         {"2026-11-22T06:08:25Z", "2026-11-22T07:08:25+01:00", "2026-11-22T07:08:25+0100",
          "2026-11-22T06:08:25.123456Z", "2026-11-22T00:08:25.1-06:00", "2026-11-22 06:08:25+00:00"})
        EXPECT_EQ(text(clock.read(good)), "2026-11-22T06:08:25") << good;
    for (const auto* bad :
         {"", "2026-11-22T06:08:25", "2026-11-22T06:08:25.Z", "2026-11-22T06:08:25+1:00",
          "2026-13-22T06:08:25Z", "2026-11-22X06:08:25Z", "2026-11-22T06:08:25Zx", "2026-02-30T06:08:25Z"})
        EXPECT_FALSE(clock.read(bad)) << bad;
}

TEST(Epoch, IsReadWithAndWithoutAFraction) {
    EXPECT_EQ(text(read_epoch("1795327705")), "2026-11-22T06:08:25");
    EXPECT_EQ(text(read_epoch("1795327705.999")), "2026-11-22T06:08:25");
    for (const auto* bad : {"", ".5", "-1", "1e9", "17953277051", "1795327705.x", "4294967296"})
        EXPECT_FALSE(read_epoch(bad)) << bad;
}

TEST(SyslogClock, TakesTheLatestYearThatIsNotInTheFuture) {
    SyslogClock clock(utc_zone(), at("2027-01-01T00:10:00Z"));
    EXPECT_EQ(text(clock.read("Dec 31 23:59:58")), "2026-12-31T23:59:58");
    EXPECT_EQ(text(clock.read("Jan  1 00:00:03")), "2027-01-01T00:00:03");
    EXPECT_EQ(text(clock.read("Jan  1 23:00:00")), "2027-01-01T23:00:00");  // a zone ahead of the reference's
    EXPECT_EQ(text(clock.read("Jan  3 00:00:03")), "2026-01-03T00:00:03");
    EXPECT_EQ(text(clock.read("Feb 29 12:00:00")), "2024-02-29T12:00:00");
    SyslogClock december(utc_zone(), at("2026-12-31T23:59:59Z"));
    EXPECT_EQ(text(december.read("Jan  1 00:00:01")), "2027-01-01T00:00:01");
}

TEST(SyslogClock, RefusesWhatIsNoTime) {
    SyslogClock clock(utc_zone(), at("2026-11-22T06:00:00Z"));
    for (const auto* bad : {"", "Nov 22 06:08", "Nov 32 06:08:25", "Now 22 06:08:25", "Nov 22 25:08:25",
                            "Nov 22 06-08-25", "Nov  x 06:08:25", "Feb 30 06:08:25"})
        EXPECT_FALSE(clock.read(bad)) << bad;
}

class InBerlin : public ::testing::Test {
  protected:
    void SetUp() override {
        if (const char* zone = std::getenv("TZ")) before_ = zone;
        setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
        tzset();
    }
    void TearDown() override {
        before_ ? setenv("TZ", before_->c_str(), 1) : unsetenv("TZ");
        tzset();
    }
    std::optional<std::string> before_;
};

TEST_F(InBerlin, TheRepeatedHourOfAutumnDoesNotFallOnItself) {
    SyslogClock clock(system_zone(), at("2026-11-01T00:00:00Z"));
    EXPECT_EQ(text(clock.read("Oct 25 01:59:59")), "2026-10-24T23:59:59");
    EXPECT_EQ(text(clock.read("Oct 25 02:00:00")), "2026-10-25T00:00:00");
    EXPECT_EQ(text(clock.read("Oct 25 02:59:59")), "2026-10-25T00:59:59");
    EXPECT_EQ(text(clock.read("Oct 25 02:00:00")), "2026-10-25T01:00:00");
    EXPECT_EQ(text(clock.read("Oct 25 02:59:59")), "2026-10-25T01:59:59");
    EXPECT_EQ(text(clock.read("Oct 25 03:00:00")), "2026-10-25T02:00:00");
}

TEST_F(InBerlin, SummerAndWinterAreTold) {
    SyslogClock clock(system_zone(), at("2026-11-01T00:00:00Z"));
    EXPECT_EQ(text(clock.read("Mar 29 01:59:59")), "2026-03-29T00:59:59");
    EXPECT_EQ(text(clock.read("Mar 29 03:00:00")), "2026-03-29T01:00:00");
    EXPECT_EQ(text(clock.read("Jul  1 12:00:00")), "2026-07-01T10:00:00");
}

TEST(SyslogLine, SplitsItsThreeForms) {
    for (const auto* line : {"Nov 22 06:08:25 gate sshd[4711]: Failed password",
                             "2026-11-22T06:08:25.123456+00:00 gate sshd[4711]: Failed password",
                             "2026-11-22T06:08:25+0000 gate sshd[4711]: Failed password"}) {
        const auto fields = split_syslog_line(line);
        ASSERT_TRUE(fields) << line;
        EXPECT_EQ(fields->host, "gate");
        EXPECT_EQ(fields->program, "sshd");
        EXPECT_EQ(fields->pid, 4711U);
        EXPECT_EQ(fields->message, "Failed password");
        SyslogStamps stamps(utc_zone(), at("2026-12-01T00:00:00Z"));
        EXPECT_EQ(text(stamps.read(fields->stamp)), "2026-11-22T06:08:25") << line;
    }
    EXPECT_EQ(split_syslog_line("Nov  2 06:08:25 gate kernel: x")->pid, 0U);
}

TEST(SyslogLine, RefusesOtherShapes) {
    for (const auto* line : {"", "Nov 22 06:08:25", "Nov 22 06:08:25 gate", "Nov 22 06:08:25 gate sshd",
                             "Nov 22 06:08:25 gate sshd[x]: m", "Nov 22 06:08:25 gate sshd[1] m",
                             "Nov 22 06:08:25 gate : m", "2026-11-22 06:08:25 gate: m here and more",
                             R"(192.0.2.1 - - [10/Oct/2026:13:55:36 +0200] "GET / HTTP/1.1" 404 1)",
                             "-- Boot 0123456789abcdef --"})
        EXPECT_FALSE(split_syslog_line(line)) << line;
}

}  // namespace
}  // namespace garita::detect
