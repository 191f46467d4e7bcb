#include "detect/finding_alarms.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/detect_world.hpp"

namespace garita::detect {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class FindingAlarms : public ::testing::Test {
  protected:
    std::vector<Alert> give(Detector& detector, const std::string& text) {
        detector.on_line({.text = text,
                          .source = "/var/log/nginx/access.log",
                          .id = {1, ++position},
                          .at = {},
                          .identifier = {},
                          .host = {}},
                         now, sink);
        return sink.take();
    }
    Time now = std::chrono::sys_days{std::chrono::November / 22 / 2026} + 6h + 8min + 30s;
    std::uint64_t position = 0;
    fakes::CollectedAlerts sink;
};

TEST_F(FindingAlarms, HttpErrorsNameTheAddressAndTheEvidence) {
    HttpErrorOptions options;
    options.source.statuses = *StatusSet::parse("404");
    options.thresholds = {2, 3, 10min};
    HttpErrorAlarms detector(options, "404");
    const auto line = [](int second, const std::string& status) {
        return "2001:db8:1:2::7 - - [22/Nov/2026:06:08:1" + std::to_string(second) +
               " +0000] \"GET /\x1b[31m HTTP/1.1\" " + status + " 9 \"-\" \"-\"";
    };
    EXPECT_THAT(give(detector, line(1, "404")), IsEmpty());
    EXPECT_THAT(give(detector, line(2, "200")), IsEmpty());
    const auto warning = give(detector, line(3, "404"));
    ASSERT_THAT(warning, SizeIs(1));
    const auto critical = give(detector, line(4, "404"));
    ASSERT_THAT(critical, SizeIs(1));
    EXPECT_EQ(warning[0].severity, Severity::warning);
    EXPECT_EQ(critical[0].severity, Severity::critical);
    EXPECT_EQ(critical[0].kind, "http_errors");
    EXPECT_EQ(critical[0].subject, "2001:db8:1:2::/64");
    EXPECT_EQ(critical[0].address, IpNetwork::parse("2001:db8:1:2::/64"));
    EXPECT_EQ(critical[0].facts.at("count"), "3");
    EXPECT_EQ(critical[0].facts.at("first"), "2026-11-22T06:08:11.000000Z");
    EXPECT_EQ(critical[0].facts.at("last"), "2026-11-22T06:08:14.000000Z");
    EXPECT_EQ(critical[0].facts.at("statuses"), "404");
    EXPECT_EQ(critical[0].facts.at("log"), "/var/log/nginx/access.log");
    EXPECT_THAT(critical[0].facts.at("sample"), HasSubstr("GET /?[31m"));
    EXPECT_NE(warning[0].uid, critical[0].uid);
}

TEST_F(FindingAlarms, ALogOfAnotherFormatIsATrouble) {
    HttpErrorOptions options;
    options.source.statuses = *StatusSet::parse("404");
    HttpErrorAlarms detector(options, "404");
    for (int i = 0; i < 99; ++i)
        give(detector, "what is this");
    EXPECT_THAT(detector.troubles(now), IsEmpty());
    give(detector, "what is this");
    EXPECT_THAT(detector.troubles(now), ::testing::ElementsAre(HasSubstr("format")));
}

TEST_F(FindingAlarms, LogPatternsNameThemselvesInTheSubject) {
    LogPatternAlarms::Settings settings;
    settings.name = "mail";
    settings.options.filter = {"mail", {"login failed from (?P<address>\\S+)"}, {}};
    settings.options.thresholds = {2, 0, 10min};
    settings.severity = Severity::critical;
    auto detector = LogPatternAlarms::make(std::move(settings), now);
    ASSERT_TRUE(detector) << detector.error().text;
    EXPECT_THAT(give(**detector, "login failed from 192.0.2.7"), IsEmpty());
    const auto alerts = give(**detector, "login failed from 192.0.2.7");
    ASSERT_THAT(alerts, SizeIs(1));
    EXPECT_EQ(alerts[0].kind, "log_patterns");
    EXPECT_EQ(alerts[0].subject, "mail 192.0.2.7");
    EXPECT_EQ(alerts[0].severity, Severity::critical);
    EXPECT_EQ(alerts[0].facts.at("pattern"), "mail");
}

TEST_F(FindingAlarms, ABrokenPatternIsAnError) {
    LogPatternAlarms::Settings settings;
    settings.name = "broken";
    settings.options.filter = {"broken", {"(?P<address>"}, {}};
    EXPECT_FALSE(LogPatternAlarms::make(std::move(settings), now));
}

}  // namespace
}  // namespace garita::detect
