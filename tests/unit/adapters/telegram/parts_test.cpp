// Pace, commands' grammar, tokens.
#include <gtest/gtest.h>

#include "adapters/telegram/commands.hpp"
#include "adapters/telegram/http_bot_api.hpp"
#include "adapters/telegram/pace.hpp"

namespace garita::telegram {
namespace {

using namespace std::chrono_literals;
using Kind = Pace::Kind;
constexpr Time start{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

TEST(Pace, OneMessageASecondInAChat) {
    Pace pace;
    EXPECT_EQ(pace.wait(5, Kind::question, start), 0s);
    pace.spoke(5, Kind::question, start);
    EXPECT_EQ(pace.wait(5, Kind::question, start + 400ms), 600ms);
    EXPECT_EQ(pace.wait(6, Kind::question, start), 0s);
    EXPECT_EQ(pace.wait(5, Kind::urgent_edit, start), 0s) << "a decision is shown at once";
}

TEST(Pace, TwentyAMinuteInAGroupWithRoomForDecisions) {
    Pace pace;
    for (int i = 0; i < 14; ++i)
        pace.spoke(-5, Kind::routine_edit, start + i * 1s);
    EXPECT_EQ(pace.wait(-5, Kind::routine_edit, start + 20s), 40s);
    EXPECT_EQ(pace.wait(-5, Kind::urgent_edit, start + 20s), 0s);
    for (int i = 20; i < 26; ++i)
        pace.spoke(-5, Kind::urgent_edit, start + i * 1s);
    EXPECT_EQ(pace.wait(-5, Kind::urgent_edit, start + 30s), 30s);
    EXPECT_EQ(pace.wait(-5, Kind::urgent_edit, start + 60s), 0s);
}

TEST(Pace, ThirtyASecondInAll) {
    Pace pace;
    for (int i = 0; i < 30; ++i)
        pace.spoke(i + 1, Kind::question, start + i * 10ms);
    EXPECT_EQ(pace.wait(100, Kind::question, start + 300ms), 700ms);
}

TEST(Pace, PausesEndAndNeverShrink) {
    Pace pace;
    pace.pause_chat(5, start + 30s);
    pace.pause_chat(5, start + 10s);
    EXPECT_EQ(pace.wait(5, Kind::question, start), 30s);
    EXPECT_EQ(pace.wait(6, Kind::question, start), 0s);
    pace.pause_all(start + 5s);
    EXPECT_EQ(pace.wait(6, Kind::question, start), 5s);
    EXPECT_EQ(pace.wait(5, Kind::question, start + 30s), 0s);
}

TEST(Commands, AreReadWithNameNumberAndSpan) {
    const auto command = parse_command("  /Block@garita_bot  #12 24h");
    ASSERT_TRUE(command);
    EXPECT_EQ(command->name, "block");
    EXPECT_EQ(command->case_number, "12");
    EXPECT_EQ(command->span, "24h");
    EXPECT_EQ(command->rest, "");
    EXPECT_EQ(parse_command("/case 1 2 3")->rest, "3");
    for (const char* text : {"", "/", "hello", "/@bot", "/блок 1", "// x", "/a\xff"})
        EXPECT_FALSE(parse_command(text)) << text;
}

TEST(Commands, SpansAreBounded) {
    EXPECT_EQ(block_span("24h"), Duration(24h));
    EXPECT_EQ(block_span("1h30m"), Duration(90min));
    EXPECT_EQ(block_span("7d"), Duration(168h));
    for (const char* wrong : {"", "24", "h", "-1h", "1x", "0s", "99999999999999999999h", "4000d", "1h 2m"})
        EXPECT_FALSE(block_span(wrong)) << wrong;
}

TEST(Token, IsCheckedBeforeItGoesIntoAUrl) {
    EXPECT_TRUE(check_token(runtime::Secret("123456789:AAF-x_y")));
    for (const char* wrong :
         {"", "123", "0123:AA", ":AA", "123:", "12a:AA", "123:A/../B", "123:A A", "123:A\nB"}) {
        const auto checked = check_token(runtime::Secret(wrong));
        ASSERT_FALSE(checked) << wrong;
        if (std::string_view(wrong).size() > 4) {
            EXPECT_EQ(checked.error().text.find(wrong), std::string::npos) << "never shown";
        }
    }
    EXPECT_FALSE(check_token(runtime::Secret("1:" + std::string(90, 'a'))));
}

}  // namespace
}  // namespace garita::telegram
