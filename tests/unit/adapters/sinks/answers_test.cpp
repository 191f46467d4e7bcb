// What HTTP answers mean, and when they ask to be called again.

#include <gmock/gmock.h>

#include "adapters/sinks/retry_after.hpp"
#include "adapters/sinks/webhook.hpp"
#include "runtime/config/webhook_url.hpp"

namespace garita::sinks {
namespace {

using namespace std::chrono_literals;
using Kind = Outcome::Kind;

const Time now = std::chrono::sys_days(std::chrono::year(2026) / 10 / 21) + 7h;

Outcome of(int status, runtime::http::Headers headers = {}, std::string body = {}) {
    return outcome_of({status, std::move(headers), std::move(body)}, now);
}

TEST(Answers, EachStatusHasItsMeaning) {
    for (const int status : {200, 201, 202, 204})
        EXPECT_EQ(of(status).kind, Kind::taken) << status;
    for (const int status : {301, 302, 307, 401, 403, 404, 407, 408, 425, 429, 500, 502, 503, 504})
        EXPECT_EQ(of(status).kind, Kind::later) << status;
    for (const int status : {400, 405, 413, 422})
        EXPECT_EQ(of(status).kind, Kind::refused) << status;
    EXPECT_EQ(of(410).kind, Kind::gone);
}

TEST(Answers, TheTextSaysWhatWasSaid) {
    EXPECT_EQ(of(400, {}, "no\r\nsuch\x1b[31m topic").text.find_first_of("\r\n\x1b"), std::string::npos);
    EXPECT_THAT(of(400, {}, "no such topic").text,
                testing::StartsWith("HTTP 400 Bad Request: no such topic"));
    EXPECT_LT(of(500, {}, std::string(100000, 'x')).text.size(), 300U);
    EXPECT_THAT(of(302).text, testing::HasSubstr("redirects are not followed"));
}

TEST(Answers, RetryAfterIsHonoured) {
    EXPECT_EQ(of(429, {{"Retry-After", "120"}}).wait, Duration{120s});
    EXPECT_EQ(of(503, {{"retry-after", "Wed, 21 Oct 2026 07:28:00 GMT"}}).wait, Duration{28min});
    EXPECT_FALSE(of(503).wait);
}

TEST(Answers, RetryAfterIsReadStrictly) {
    EXPECT_EQ(parse_retry_after("0", now), Duration{0});
    EXPECT_EQ(parse_retry_after("Wed, 21 Oct 2020 07:28:00 GMT", now), Duration{0});
    for (const auto* const wrong :
         {"", "-1", "+1", "1.5", "1 ", "99999999999999999999", "Wed, 21 Okt 2026 07:28:00 GMT",
          "Wed, 32 Oct 2026 07:28:00 GMT", "Wed, 21 Oct 2026 27:28:00 GMT", "Wed, 21 Oct 2026 07:28:00 CET",
          "2026-10-21T07:28:00Z", "Wed, 21 Oct -026 07:28:00 GMT"})
        EXPECT_FALSE(parse_retry_after(wrong, now)) << wrong;
}

TEST(WebhookUrl, IsTakenApart) {
    using runtime::parse_webhook_url;
    using runtime::Plain;
    const auto url = parse_webhook_url("https://u:p@Ntfy.example.org:8443/a/b?c=d", Plain::loopback);
    ASSERT_TRUE(url);
    EXPECT_EQ(url->origin, "https://u:p@ntfy.example.org:8443");
    EXPECT_EQ(url->host, "ntfy.example.org");
    EXPECT_EQ(url->target, "/a/b?c=d");
    EXPECT_EQ(parse_webhook_url("https://x.org", Plain::loopback)->target, "/");
    EXPECT_EQ(parse_webhook_url("https://x.org?q", Plain::loopback)->target, "/?q");
    for (const auto* const fine : {"http://127.0.0.1:8080/x", "http://localhost/x", "http://[::1]:1/x",
                                   "https://10.0.0.1/x", "https://[fd00::1]/x"})
        EXPECT_TRUE(parse_webhook_url(fine, Plain::loopback)) << fine;
    for (const auto* const wrong : {"",
                                    "ftp://x.org/",
                                    "//x.org",
                                    "http://x.org/",
                                    "http://10.0.0.1/",
                                    "https://",
                                    "https:///x",
                                    "https://x.org:0/",
                                    "https://x.org:/",
                                    "https://x.org:1a/",
                                    "https://[::1/",
                                    "https://x.org/a b",
                                    "https://x.org/#f",
                                    "https://169.254.169.254/",
                                    "https://[fe80::1]/",
                                    "https://[::ffff:169.254.1.1]/",
                                    "https://2852039166/",
                                    "https://0xa9fea9fe/",
                                    "https://169.254.43518/",
                                    "https://0251.0376.0251.0376/",
                                    "https://metadata.google.internal/",
                                    "https://METADATA.google.internal./",
                                    "https://[fe80::1%25eth0]/",
                                    "https://100.100.100.200/",
                                    "https://[64:ff9b::169.254.169.254]/",
                                    "https://x\\@y/"})
        EXPECT_FALSE(parse_webhook_url(wrong, Plain::loopback)) << wrong;
    EXPECT_TRUE(parse_webhook_url("http://x.org/", Plain::anywhere));
    EXPECT_FALSE(parse_webhook_url("http://169.254.169.254/", Plain::anywhere));
}

}  // namespace
}  // namespace garita::sinks
