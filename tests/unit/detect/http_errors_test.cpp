#include "detect/http_errors.hpp"

#include <random>

#include <fmt/core.h>
#include <gtest/gtest.h>

#include "detect/json_log_line.hpp"

namespace garita::detect {
namespace {

using std::chrono::seconds;

const Time noon = Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + std::chrono::hours{12}};

std::string line(std::string_view address, int second, int status = 404, std::string_view tail = "") {
    return fmt::format(
        R"({} - - [22/Nov/2026:{:02}:{:02}:{:02} +0000] "GET /x HTTP/1.1" {} 162 "-" "curl/8"{})", address,
        12 + second / 3600, second / 60 % 60, second % 60, status, tail);
}

HttpErrorOptions options() {
    HttpErrorOptions result;
    result.source.statuses = *StatusSet::parse("404");
    return result;
}

TEST(StatusSet, ReadsNumbersClassesAndRanges) {
    const auto set = StatusSet::parse("404,5xx,400-403");
    ASSERT_TRUE(set);
    for (const unsigned status : {404U, 400U, 403U, 500U, 599U})
        EXPECT_TRUE(set->contains(status)) << status;
    for (const unsigned status : {0U, 405U, 499U, 600U, 5000U})
        EXPECT_FALSE(set->contains(status)) << status;
    for (const auto* bad : {"", "9", "600", "6xx", "404,", "404-400", "4x4", "404 ", "-"})
        EXPECT_FALSE(StatusSet::parse(bad)) << bad;
}

TEST(HttpErrors, WarnsThenEscalatesAndThenIsQuiet) {
    HttpErrors detector(options());
    std::vector<Finding> findings;
    for (int i = 0; i < 200; ++i)
        if (auto found = detector.consume(line("203.0.113.5", i / 4), noon)) findings.push_back(*found);
    ASSERT_EQ(findings.size(), 2U);
    EXPECT_EQ(findings[0].severity, Severity::warning);
    EXPECT_EQ(findings[0].count, 20U);
    EXPECT_EQ(findings[0].source.text(), "203.0.113.5");
    EXPECT_EQ(findings[0].first, EventTime{std::chrono::floor<seconds>(noon)});
    EXPECT_EQ(findings[0].last - findings[0].first, seconds{4});
    EXPECT_EQ(findings[1].severity, Severity::critical);
    EXPECT_EQ(findings[1].count, 50U);
}

TEST(HttpErrors, ReportsAgainAfterTheWindowEmptiedOrTheTimeIsOver) {
    auto patient = options();
    patient.thresholds.repeat_after = seconds{600};
    HttpErrors detector(patient);
    int findings = 0;
    const auto burst = [&](int start) {
        for (int i = 0; i < 30; ++i)
            if (detector.consume(line("203.0.113.5", start), noon + seconds{start})) ++findings;
    };
    burst(0);
    burst(30);
    EXPECT_EQ(findings, 2);  // 30 is a warning, 60 critical
    burst(200);              // silent for longer than the window: a new warning
    EXPECT_EQ(findings, 3);
    for (int start = 230; start <= 230 + 630; start += 30)
        burst(start);
    EXPECT_EQ(findings, 5);  // critical once, and once more ten minutes later
}

TEST(HttpErrors, TakesAStampFromTheFutureAsNow) {
    HttpErrors detector(options());
    int findings = 0;
    for (int i = 0; i < 20; ++i)
        if (const auto found = detector.consume(line("203.0.113.5", 7200 + i * 100), noon)) {
            ++findings;
            EXPECT_EQ(found->last, EventTime{std::chrono::floor<seconds>(noon)});
        }
    EXPECT_EQ(findings, 1);
    EXPECT_EQ(detector.stats().future, 20U);
}

TEST(HttpErrors, CountsIpv6ByNetwork) {
    HttpErrors detector(options());
    std::optional<Finding> finding;
    for (int i = 0; i < 20; ++i)
        if (auto found = detector.consume(line(fmt::format("2001:db8:1:2::{:x}", i + 1), i), noon))
            finding = found;
    ASSERT_TRUE(finding);
    EXPECT_EQ(finding->source.text(), "2001:db8:1:2::/64");
    EXPECT_EQ(finding->facts["last_address"], "2001:db8:1:2::14");
}

TEST(HttpErrors, NeverAccusesATrustedProxy) {
    auto behind = options();
    behind.source.proxies =
        TrustedProxies({*IpNetwork::parse("10.0.0.0/8"), *IpNetwork::parse("198.51.100.7")});
    HttpErrors detector(behind);
    std::vector<std::string> accused;
    const auto twenty = [&](std::string_view peer, std::string_view tail) {
        for (int i = 0; i < 20; ++i)
            if (auto found = detector.consume(line(peer, i, 404, tail), noon))
                accused.push_back(found->source.text());
    };
    twenty("10.0.0.1", R"( "203.0.113.5")");
    twenty("10.0.0.1",
           R"( "192.0.2.1, 203.0.113.6, 10.0.0.2,198.51.100.7")");  // left of .6 is only its claim
    twenty("10.0.0.1", R"( "10.0.0.3")");
    twenty("10.0.0.1", R"( "-")");
    twenty("10.0.0.1", R"( "unknown")");
    twenty("10.0.0.1", "");
    twenty("203.0.113.7", R"( "192.0.2.77")");  // not one of ours: believed about itself only
    EXPECT_EQ(accused, (std::vector<std::string>{"203.0.113.5", "203.0.113.6", "203.0.113.7"}));
    EXPECT_EQ(detector.stats().from_proxy, 80U);
}

TEST(HttpErrors, CountsWhatItCannotRead) {
    HttpErrors detector(options());
    for (const auto& bad :
         {std::string(), std::string(1'000'000, 'x'), std::string("\0\0\0", 3),
          std::string("{\"status\":404}"),
          std::string(R"(host.example - - [22/Nov/2026:12:00:00 +0000] "GET / HTTP/1.1" 404 1)"),
          std::string(R"(192.0.2.1 - - [22/Nov/2026:99:00:00 +0000] "GET / HTTP/1.1" 404 1)")})
        EXPECT_FALSE(detector.consume(bad, noon));
    EXPECT_EQ(detector.stats().unparsed, 6U);
    EXPECT_EQ(detector.stats().lines, 6U);
    EXPECT_EQ(detector.stats().matched, 0U);
}

TEST(ForwardedAddress, MayCarryAPort) {
    for (const auto* good : {"192.0.2.1", "192.0.2.1:80"})
        EXPECT_EQ(scan_forwarded_address(good)->text(), "192.0.2.1") << good;
    for (const auto* good : {"2001:db8::1", "[2001:db8::1]", "[2001:db8::1]:443"})
        EXPECT_EQ(scan_forwarded_address(good)->text(), "2001:db8::1") << good;
    for (const auto* bad : {"", "x", "192.0.2.1:", "192.0.2.1:99999", "[2001:db8::1", "[2001:db8::1]x", "[]",
                            "01.2.3.4", "_hidden"})
        EXPECT_FALSE(scan_forwarded_address(bad)) << bad;
}

struct JsonCase {
    const char* line;
    const char* address;  // empty: not read
};

class JsonLines : public ::testing::TestWithParam<JsonCase> {};

TEST_P(JsonLines, AreReadOrRefused) {
    HttpErrorReader reader(options().source);
    HttpErrorEvent event;
    const auto kind = reader.read(GetParam().line, event);
    if (*GetParam().address == '\0') {
        EXPECT_NE(kind, HttpLineKind::match) << GetParam().line;
    } else {
        ASSERT_EQ(kind, HttpLineKind::match) << GetParam().line;
        EXPECT_EQ(event.address.text(), GetParam().address);
        EXPECT_EQ(to_iso8601(Time{event.when}).substr(0, 19), "2026-11-22T06:08:25");
    }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, JsonLines,
    ::testing::Values(
        JsonCase{R"({"time_iso8601":"2026-11-22T06:08:25+00:00","remote_addr":"192.0.2.1","status":"404"})",
                 "192.0.2.1"},
        JsonCase{R"({ "status" : 404 , "msec":"1795327705.123", "x":[1,{"a":"}"}], "remote_addr":"::1"} )",
                 "::1"},
        JsonCase{
            R"({"remote_addr":"192.0.2.1","time_local":"22/Nov/2026:06:08:25 +0000","status":404,"uri":"\"404\\"})",
            "192.0.2.1"},
        JsonCase{
            R"({"level":"info","ts":1795327705.12,"request":{"remote_ip":"192.0.2.1","remote_port":"5","headers":{"User-Agent":["x"]}},"status":404})",
            "192.0.2.1"},
        JsonCase{
            R"({"@timestamp":"2026-11-22T06:08:25Z","remote_addr":"192.0.2.1","status":200,"uri":"404"})",
            ""},
        JsonCase{
            R"({"@timestamp":"2026-11-22T06:08:25Z","remote_addr":"192.0.2.1","status":404,"status":200})",
            ""},
        JsonCase{
            R"({"@timestamp":"2026-11-22T06:08:25Z","remote_addr":"192.0.2.1","status":200,"status":404})",
            ""},
        JsonCase{R"({"@timestamp":"2026-11-22T06:08:25Z","remote_addr":"192.0.2.\u0031","status":404})", ""},
        JsonCase{R"({"@timestamp":"2026-11-22T06:08:25Z","remote_addr":"192.0.2.1","status":404} x)", ""},
        JsonCase{R"({"@timestamp":"2026-11-22T06:08:25Z","remote_addr":"192.0.2.1","status":404)", ""},
        JsonCase{R"({"@timestamp":"2026-11-22T06:08:25Z","remote_addr":{"status":404},"status":404})", ""},
        JsonCase{R"({"@timestamp":"yesterday","remote_addr":"192.0.2.1","status":404})", ""},
        JsonCase{"{", ""}, JsonCase{"{}", ""}, JsonCase{"{\"", ""}, JsonCase{R"({"a)", ""},
        JsonCase{R"({"a":})", ""}, JsonCase{R"({"a":1,})", ""}));

TEST(JsonLines, DeepNestingIsRefusedWithoutDeepCalls) {
    JsonLogReader reader({});
    EXPECT_FALSE(reader.read("{\"a\":" + std::string(500'000, '[')));
    std::string nested = "{\"request\":";
    for (int i = 0; i < 100'000; ++i)
        nested += "{\"request\":";
    EXPECT_FALSE(reader.read(nested));
}

TEST(JsonLines, OtherNamesCanBeGiven) {
    auto named = options();
    named.source.json_keys = {{"peer.ip"}, {"http.code"}, {"at"}, {"xff"}};
    named.source.proxies = TrustedProxies({*IpNetwork::parse("10.0.0.0/8")});
    HttpErrorReader reader(named.source);
    HttpErrorEvent event;
    EXPECT_EQ(
        reader.read(R"({"http":{"code":404},"peer":{"ip":"10.0.0.1"},"at":1795327705,"xff":"203.0.113.5"})",
                    event),
        HttpLineKind::match);
    EXPECT_EQ(event.address.text(), "203.0.113.5");
}

}  // namespace
}  // namespace garita::detect
