#include "adapters/command/list_reader.hpp"

#include <gtest/gtest.h>

#include "model/ready_classes.hpp"

namespace garita::command {
namespace {

std::vector<std::string> entries(const std::string& rules_name, const std::string& pattern,
                                 std::string_view text, std::size_t piece = 7) {
    const auto rules = ready_class(rules_name).value();
    const auto made = ListPattern::make(rules, pattern);
    if (!made) return {"refused: " + made.error().text};
    std::vector<std::string> found;
    const enforce::EntrySink sink = [&](const RuleKey& key, const RuleValue& value) {
        found.push_back(rules.params_text(key) + "=" + rules.value_text(value));
    };
    ListReader reader(*made, sink);
    for (; !text.empty(); text.remove_prefix(std::min(piece, text.size())))
        reader.take(text.substr(0, piece));
    reader.finish();
    return found;
}

using Found = std::vector<std::string>;

TEST(ListReader, FindsEntriesAmongOtherLines) {
    const std::string text =
        "Name: vip\nType: hash:ip\nMembers:\n192.0.2.1\r\n2001:db8::1\n\nnonsense 192.0.2.3\n192.0.2.4";
    for (std::size_t piece = 1; piece < 60; ++piece)
        EXPECT_EQ(entries("inet_access", "^(?P<ip>[0-9a-f.:]+)$", text, piece),
                  (Found{"192.0.2.1=open", "2001:db8::1=open", "192.0.2.4=open"}))
            << piece;
}

TEST(ListReader, ReadsValuesWithTheirUnits) {
    EXPECT_EQ(
        entries("shaping_in", "^(?P<ip>\\S+) (?P<value_kbit>\\d+)", "192.0.2.1/32 512\n192.0.2.2 10000 x\n"),
        (Found{"192.0.2.1=512kbit", "192.0.2.2=10Mbit"}));
    EXPECT_EQ(entries("ip_mark", "^(?P<ip>\\S+) skbmark (?P<value>\\S+)", "192.0.2.1 skbmark 0x2a\n"),
              (Found{"192.0.2.1=42"}));
    EXPECT_EQ(entries("ip_mark", "^(?P<ip>\\S+) (?P<value_hex>\\S+)", "192.0.2.1 2a\n192.0.2.2 0x2b\n"),
              (Found{"192.0.2.1=42", "192.0.2.2=43"}));
}

TEST(ListReader, WhatNoRuleCouldBeIsLeftOut) {
    EXPECT_EQ(entries("shaping_in", "^(?P<ip>\\S+) (?P<value_kbit>\\S+)",
                      "192.0.2.0/24 1\n192.0.2.1 x\n1.2.3 4\n999.0.0.1 5\n\xff\xfe 1\n192.0.2.9 1\n"),
              (Found{"192.0.2.9=1kbit"}));
    EXPECT_EQ(entries("inet_access", "(?P<ip>\\S+)$", std::string(5000, '1') + "\n192.0.2.9\n", 1000),
              (Found{"192.0.2.9=open"}));
}

TEST(ListReader, APatternThatCannotWorkIsRefused) {
    for (const char* pattern : {"", "(", "(?P<other>x)", "(?P<value>x)", "(?P<ip>x)"})
        EXPECT_TRUE(entries("ip_mark", pattern, "")[0].starts_with("refused: ")) << pattern;
}

}  // namespace
}  // namespace garita::command
