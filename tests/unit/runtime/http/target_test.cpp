#include "runtime/http/target.hpp"

#include <gtest/gtest.h>

namespace garita::runtime::http {
namespace {

TEST(PercentDecode, UndoesTheEncodingAndRefusesHalfOnes) {
    EXPECT_EQ(percent_decode("a%20b%2fc%2F+", Plus::literal), "a b/c/+");
    EXPECT_EQ(percent_decode("a+b%2B", Plus::space), "a b+");
    EXPECT_EQ(percent_decode("%00", Plus::literal), std::string(1, '\0'));
    for (const auto* text : {"%", "%4", "%4g", "%g4", "abc%"})
        EXPECT_FALSE(percent_decode(text, Plus::literal)) << text;
}

TEST(ParseQuery, KeepsRepeatedNamesInOrder) {
    const auto query = parse_query("a=1&b=&a=2&&c&d=x%26y=z&%61=3");
    ASSERT_TRUE(query);
    EXPECT_EQ(query->size(), 6U);
    EXPECT_EQ(query->find("a"), "1");
    EXPECT_EQ(query->all("a"), (std::vector<std::string_view>{"1", "2", "3"}));
    EXPECT_EQ(query->find("b"), "");
    EXPECT_EQ(query->find("c"), "");
    EXPECT_EQ(query->find("d"), "x&y=z");
    EXPECT_FALSE(query->find("e"));
    EXPECT_EQ(parse_query("")->size(), 0U);
}

TEST(ParseQuery, IsBounded) {
    std::string text;
    for (int i = 0; i < 256; ++i)
        text += "a&";
    EXPECT_EQ(parse_query(text)->size(), 256U);
    EXPECT_FALSE(parse_query(text + "a"));
    EXPECT_FALSE(parse_query("a=%"));
}

TEST(ParseTarget, TakesTheFormsOfTheStandard) {
    EXPECT_EQ(parse_target("/a%20b?x=1#f")->path, "/a%20b");
    EXPECT_EQ(parse_target("/a%20b?x=1#f")->query.find("x"), "1");
    EXPECT_EQ(parse_target("http://host:80/p?q")->path, "/p");
    EXPECT_EQ(parse_target("https://host")->path, "/");
    EXPECT_EQ(parse_target("*")->path, "*");
    EXPECT_EQ(parse_target("/?")->query.size(), 0U);
    for (const auto* text : {"", "a", "host:443", "?x", "ftp://host/p", "**"})
        EXPECT_FALSE(parse_target(text)) << text;
}

}  // namespace
}  // namespace garita::runtime::http
