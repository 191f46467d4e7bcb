#include "detect/log_patterns.hpp"

#include <chrono>

#include <fmt/core.h>
#include <gtest/gtest.h>

namespace garita::detect {
namespace {

const Time noon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{12}};

LogPatternOptions with_pattern(std::string pattern) {
    LogPatternOptions options;
    options.filter = {"shop", {std::move(pattern)}, {}};
    return options;
}

TEST(LinePatterns, NeedAnAddressAndSayWhatIsWrong) {
    const auto error = [](const std::vector<std::string>& patterns) {
        const auto compiled = LinePatterns::compile(patterns);
        return compiled ? std::string("good") : compiled.error().text;
    };
    EXPECT_EQ(error({"from (?P<address>\\S+)"}), "good");
    EXPECT_NE(error({}).find("1 to 64 patterns"), std::string::npos);
    EXPECT_NE(error({"from (\\S+)"}).find("no group (?P<address>"), std::string::npos);
    EXPECT_NE(error({"from ((?P<address>\\S+)"}).find("missing"), std::string::npos);
    EXPECT_NE(error({"(?P<address>\\S+)(?=x)"}).find("look-around"), std::string::npos);
    EXPECT_NE(error({"(?P<address>" + std::string(3000, 'x') + ")"}).find("longer than"), std::string::npos);
    EXPECT_NE(error({"(?P<address>((x{100}){100}){100})"}), "good");
}

TEST(LinePatterns, AreLinearOnWhatKillsBacktracking) {
    const auto patterns =
        LinePatterns::compile({"^(a+)+(b|a)*(?P<address>[0-9.]+)$", "(x+x+)+y (?P<address>\\S+)"});
    ASSERT_TRUE(patterns);
    const auto start = std::chrono::steady_clock::now();
    EXPECT_FALSE(patterns->match(std::string(60'000, 'a') + "!"));
    EXPECT_FALSE(patterns->match(std::string(60'000, 'x')));
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds{5});
    EXPECT_FALSE(patterns->match(std::string(1'000'000, 'a') + "192.0.2.1"));  // too long to be looked at
}

TEST(LinePatterns, TakeTheFirstWhoseAddressIsOne) {
    const auto patterns =
        LinePatterns::compile({"by (?P<address>\\S+)", "user=(?P<user>\\S+) from (?P<address>\\S+)"});
    ASSERT_TRUE(patterns);
    const auto match = patterns->match("denied by policy user=bob from 2001:db8::1");
    ASSERT_TRUE(match);
    EXPECT_EQ(match->address.text(), "2001:db8::1");
    EXPECT_EQ(match->user, "bob");
}

TEST(LogPatterns, UnknownFiltersAreRefused) {
    LogPatternOptions options;
    options.filter.name = "vsftpd";
    const auto detector = LogPatterns::make(options, utc_zone(), noon);
    ASSERT_FALSE(detector);
    EXPECT_NE(detector.error().text.find("no filter 'vsftpd'"), std::string::npos);
}

TEST(LogPatterns, FailedSshLoginsAlarmAtTheThreshold) {
    LogPatternOptions options;
    options.filter.name = "sshd";
    auto detector = LogPatterns::make(options, utc_zone(), noon);
    ASSERT_TRUE(detector);
    std::vector<Finding> findings;
    for (int i = 0; i < 12; ++i) {
        const auto line = fmt::format(
            "Nov 22 11:5{}:00 gate sshd[{}]: Failed password for root from 203.0.113.5 port 1 ssh2\n", i / 2,
            50 + i);
        if (auto found = detector->consume(line, noon)) findings.push_back(*found);
    }
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].severity, Severity::warning);
    EXPECT_EQ(findings[0].count, 5U);
    EXPECT_EQ(findings[0].kind, "log_patterns");
    EXPECT_EQ(findings[0].facts["filter"], "sshd");
    EXPECT_EQ(findings[0].facts["user"], "root");
    EXPECT_EQ(findings[1].severity, Severity::critical);
    EXPECT_EQ(findings[1].count, 10U);
}

TEST(LogPatterns, JournalMessagesComeWithTheirOwnTime) {
    LogPatternOptions options;
    options.filter.name = "sshd";
    auto detector = LogPatterns::make(options, utc_zone(), noon);
    ASSERT_TRUE(detector);
    int findings = 0;
    for (std::uint32_t i = 0; i < 5; ++i) {
        const auto message = fmt::format("Invalid user x{} from 203.0.113.5 port 1", i);
        EXPECT_FALSE(detector->consume_message("logger", 7 + i, message, noon));
        if (detector->consume_message("sshd", 7 + i, message, noon)) ++findings;
    }
    EXPECT_EQ(findings, 1);
}

TEST(LogPatterns, LinesOfAnyFormatCountByTheirTimeOrByNow) {
    auto detector = LogPatterns::make(
        with_pattern(R"(^\[(?P<time>[^\]]+)\] login of (?P<user>\w+) failed from (?P<address>\S+)$)"),
        utc_zone(), noon);
    ASSERT_TRUE(detector);
    std::optional<Finding> finding;
    for (int i = 0; i < 5; ++i)
        finding = detector->consume(
            fmt::format("[2026-11-22T11:00:0{}Z] login of eve failed from 203.0.113.5", i), noon);
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->first,
              EventTime{std::chrono::floor<std::chrono::seconds>(noon) - std::chrono::hours{1}});
    auto timeless = LogPatterns::make(with_pattern("refused (?P<address>\\S+)"), utc_zone(), noon);
    for (int i = 0; i < 5; ++i)
        finding = timeless->consume("refused 203.0.113.5", noon + std::chrono::seconds{i});
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->count, 5U);
}

TEST(LogPatterns, ProgramsLimitWhoIsHeard) {
    auto options = with_pattern("refused (?P<address>\\S+)");
    options.filter.programs = {"shopd"};
    auto detector = LogPatterns::make(options, utc_zone(), noon);
    ASSERT_TRUE(detector);
    for (int i = 0; i < 20; ++i) {
        EXPECT_FALSE(detector->consume("Nov 22 11:50:00 gate evil[1]: refused 203.0.113.5", noon));
        EXPECT_FALSE(detector->consume("refused 203.0.113.5", noon));
    }
    EXPECT_EQ(detector->stats().matched, 0U);
    EXPECT_EQ(detector->stats().unparsed, 20U);
    std::optional<Finding> finding;
    for (int i = 0; i < 5; ++i)
        finding = detector->consume("Nov 22 11:50:00 gate shopd[1]: refused 203.0.113.5", noon);
    EXPECT_TRUE(finding);
}

}  // namespace
}  // namespace garita::detect
