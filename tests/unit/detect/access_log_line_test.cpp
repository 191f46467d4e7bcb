#include "detect/access_log_line.hpp"

#include <string>

#include <gtest/gtest.h>

namespace garita::detect {
namespace {

using namespace std::string_view_literals;

constexpr auto plain = AccessLogLayout::plain;

std::string combined(std::string_view request, std::string_view status, std::string_view agent = "curl/8") {
    return "192.0.2.1 - - [10/Oct/2026:13:55:36 +0200] \"" + std::string(request) + "\" " +
           std::string(status) + " 162 \"-\" \"" + std::string(agent) + "\"";
}

TEST(AccessLogLine, ReadsCombinedAndCommon) {
    const auto line = combined("GET / HTTP/1.1", "404");
    const auto fields = split_access_log_line(line, plain);
    ASSERT_TRUE(fields);
    EXPECT_EQ(fields->address, "192.0.2.1");
    EXPECT_EQ(fields->time, "10/Oct/2026:13:55:36 +0200");
    EXPECT_EQ(fields->status, 404U);
    EXPECT_EQ(fields->rest, " 162 \"-\" \"curl/8\"");
    const auto common =
        split_access_log_line(R"(::1 - bob [10/Oct/2026:13:55:36 +0200] "GET / HTTP/1.0" 200 2326)", plain);
    ASSERT_TRUE(common);
    EXPECT_EQ(common->address, "::1");
    EXPECT_EQ(common->status, 200U);
}

TEST(AccessLogLine, A404ThatTheClientWroteIsNotTheStatus) {
    for (const auto* request :
         {"GET /404 HTTP/1.1", "GET /?a= 404 HTTP/1.1", R"(GET /\x22 404 162 \x22 HTTP/1.1)",
          R"(GET /\" 404 162 \"-\" HTTP/1.1)", R"(GET /\\\" 404 1)", "", " 404 "}) {
        const auto line = combined(request, "200", R"(\" 404 )");
        const auto fields = split_access_log_line(line, plain);
        ASSERT_TRUE(fields) << line;
        EXPECT_EQ(fields->status, 200U) << line;
    }
}

TEST(AccessLogLine, ABackslashBeforeTheClosingQuoteCanBeEscapedItself) {
    const auto line = combined(R"(GET /a\\)", "404");
    const auto fields = split_access_log_line(line, plain);
    ASSERT_TRUE(fields);
    EXPECT_EQ(fields->status, 404U);
}

TEST(AccessLogLine, AUserNameCannotForgeTheTime) {
    const auto fields = split_access_log_line(
        R"(192.0.2.1 - x [01/Jan/2020:00:00:00 +0000] [10/Oct/2026:13:55:36 +0200] "GET / HTTP/1.1" 401 5)"sv,
        plain);
    ASSERT_TRUE(fields);
    EXPECT_EQ(fields->address, "192.0.2.1");
    EXPECT_EQ(fields->time, "10/Oct/2026:13:55:36 +0200");
    EXPECT_EQ(fields->status, 401U);
}

TEST(AccessLogLine, SurvivesBinaryRubbishAndNulBytes) {
    const auto line = combined("\x16\x03\x01\0\xff\xfe"sv, "400");
    const auto fields = split_access_log_line(line, plain);
    ASSERT_TRUE(fields);
    EXPECT_EQ(fields->status, 400U);
    EXPECT_FALSE(split_access_log_line(std::string(1'000'000, '\0'), plain));
    EXPECT_FALSE(split_access_log_line(std::string(1'000'000, '"'), plain));
    EXPECT_FALSE(split_access_log_line(std::string(1'000'000, '\\') + "\"", plain));
}

TEST(AccessLogLine, RefusesOtherShapes) {
    for (const auto* line :
         {"", " ", "\"", "404", "192.0.2.1 - - [10/Oct/2026:13:55:36 +0200] \"GET / HTTP/1.1", "- [",
          R"(192.0.2.1 - - [10/Oct/2026:13:55:36 +0200] "GET /" 40 1)",
          R"(192.0.2.1 - - [10/Oct/2026:13:55:36 +0200] "GET /" 4044)",
          R"(192.0.2.1 - - [10/Oct/2026:13:55:36 +0200] "GET /"404 1)",
          R"(192.0.2.1 - - 10/Oct/2026:13:55:36 +0200 "GET /" 404 1)",
          "Nov 22 06:08:25 gate sshd[1]: Failed password for root from 192.0.2.1 port 22 ssh2"})
        EXPECT_FALSE(split_access_log_line(line, plain)) << line;
}

TEST(AccessLogLine, ReadsAHostNameInFrontWhereAskedTo) {
    const auto line = "shop.example.net:443 " + combined("GET / HTTP/1.1", "404");
    EXPECT_EQ(split_access_log_line(line, AccessLogLayout::with_host)->address, "192.0.2.1");
    EXPECT_EQ(split_access_log_line(line, plain)->address, "shop.example.net:443");
}

TEST(AccessLogLine, EveryCutOfALineIsRefusedOrHarmless) {
    const auto whole = combined("GET /a HTTP/1.1", "404");
    for (std::size_t size = 0; size < whole.size(); ++size) {
        const auto fields = split_access_log_line(std::string_view(whole).substr(0, size), plain);
        EXPECT_EQ(fields ? fields->status : 404U, 404U) << size;
    }
}

TEST(QuotedField, IsFoundFromTheFrontAndFromTheBack) {
    constexpr auto rest = R"( 162 "-" "agent \"x\" 1" "192.0.2.5, 10.0.0.1")"sv;
    EXPECT_EQ(quoted_field(rest, 1), "-");
    EXPECT_EQ(quoted_field(rest, 2), R"(agent \"x\" 1)");
    EXPECT_EQ(quoted_field(rest, 3), "192.0.2.5, 10.0.0.1");
    EXPECT_FALSE(quoted_field(rest, 4));
    EXPECT_EQ(quoted_field(rest, 0), "192.0.2.5, 10.0.0.1");
    EXPECT_EQ(quoted_field(R"( 162 "a" "forged \" \"6.6.6.6")", 0), R"(forged \" \"6.6.6.6)");
    EXPECT_FALSE(quoted_field(R"( 162 "a" 7)", 0));
    EXPECT_FALSE(quoted_field("\"", 0));
    EXPECT_FALSE(quoted_field(R"(\")", 0));
    EXPECT_FALSE(quoted_field(R"(\""x)", 0));
    EXPECT_EQ(quoted_field("\"\"", 0), "");
}

}  // namespace
}  // namespace garita::detect
