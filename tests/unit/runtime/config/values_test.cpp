// How single values are written.

#include "runtime/config/values.hpp"

#include <gmock/gmock.h>

namespace garita::runtime {
namespace {

using namespace std::chrono_literals;

TEST(Integer, is_strict) {
    EXPECT_EQ(parse_integer("-1001234567890"), -1001234567890);
    EXPECT_EQ(parse_integer("0"), 0);
    for (const auto* wrong : {"", "-", "+1", "08", "0x10", "1e3", "1_000", " 1", "1 ", "9223372036854775808"})
        EXPECT_EQ(parse_integer(wrong), std::nullopt) << wrong;
}

TEST(EndpointText, hosts_of_all_kinds_have_a_port) {
    EXPECT_EQ(parse_endpoint("127.0.0.1:8443"), (Endpoint{"127.0.0.1", 8443}));
    EXPECT_EQ(parse_endpoint("[::]:8443"), (Endpoint{"::", 8443}));
    EXPECT_EQ(parse_endpoint("hub.example:1"), (Endpoint{"hub.example", 1}));
    for (const auto* wrong : {"", "8443", ":8443", "host:", "host:0", "host:65536", "::1:8443", "[1.2.3.4]:1",
                              "[::1]", "a b:1", "-a:1"})
        EXPECT_EQ(parse_endpoint(wrong), std::nullopt) << wrong;
}

TEST(StatusText, is_a_code_a_hundred_or_a_range) {
    EXPECT_EQ(parse_status("404"), (StatusRange{404, 404}));
    EXPECT_EQ(parse_status("4xx"), (StatusRange{400, 499}));
    EXPECT_EQ(parse_status("500-599"), (StatusRange{500, 599}));
    for (const auto* wrong :
         {"", "4", "99", "600", "6xx", "0xx", "xxx", "4Xx", "500-", "-500", "599-500", "404,500"})
        EXPECT_EQ(parse_status(wrong), std::nullopt) << wrong;
}

TEST(UrlText, has_neither_user_nor_query) {
    const auto url = parse_url("https://[::1]:8443/bot/");
    ASSERT_TRUE(url);
    EXPECT_EQ(url->scheme, "https");
    EXPECT_EQ(url->host, "::1");
    EXPECT_EQ(url->text, "https://[::1]:8443/bot");
    EXPECT_TRUE(parse_url("https://hub"));
    for (const auto* wrong : {"", "hub:8443", "https://", "https:///x", "https://a:b@hub", "https://hub?x=1",
                              "https://hub#x", "https://hub:99999", "https://[::1", "://hub", "https://a b"})
        EXPECT_FALSE(parse_url(wrong)) << wrong;
}

TEST(PinText, is_brought_into_one_form) {
    const std::string digits(64, 'a');
    EXPECT_EQ(parse_pin("sha256:" + digits), "sha256:" + digits);
    std::string with_colons = "sha256:";
    for (int i = 0; i < 32; ++i)
        with_colons += i == 0 ? "AA" : ":AA";
    EXPECT_EQ(parse_pin(with_colons), "sha256:" + digits);
    EXPECT_FALSE(parse_pin("sha256:" + digits.substr(1)));
    EXPECT_FALSE(parse_pin("sha1:" + digits));
    EXPECT_FALSE(parse_pin("sha256:" + std::string(64, 'g')));
}

TEST(Names, cannot_climb_out_of_a_folder) {
    EXPECT_TRUE(is_zone_name("Europe/Madrid"));
    for (const auto* wrong : {"../etc/passwd", "/etc/passwd", "Europe//Madrid", "Europe/", ""})
        EXPECT_FALSE(is_zone_name(wrong)) << wrong;
    for (const auto* wrong : {"", ".hidden", "-x", "a/b", "a b", "ñ"})
        EXPECT_FALSE(is_name(wrong)) << wrong;
    EXPECT_TRUE(is_name(std::string(64, 'a')));
    EXPECT_FALSE(is_name(std::string(65, 'a')));
}

TEST(Languages, are_codes) {
    for (const auto* good : {"en", "ru", "pt_BR", "fil"})
        EXPECT_TRUE(is_language(good)) << good;
    for (const auto* wrong : {"", "e", "EN", "english", "pt_br", "pt_", "pt-BR"})
        EXPECT_FALSE(is_language(wrong)) << wrong;
}

TEST(NearestName, forgives_slips_but_does_not_guess) {
    EXPECT_EQ(nearest_name("lisen", {"listen", "socket"}), "listen");
    EXPECT_EQ(nearest_name("asks", {"ask", "auto", "observe"}), "ask");
    EXPECT_EQ(nearest_name("sokcet", {"listen", "socket"}), "socket") << "a swap is one slip";
    EXPECT_EQ(nearest_name("colour", {"listen", "socket"}), "");
    EXPECT_EQ(nearest_name("", {"a"}), "");
    EXPECT_EQ(nearest_name(std::string(1000, 'a'), {"a"}), "");
}

}  // namespace
}  // namespace garita::runtime
