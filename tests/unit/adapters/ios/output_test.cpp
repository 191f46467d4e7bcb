#include "adapters/ios/output.hpp"

#include "adapters/ios/log_line.hpp"
#include "adapters/ios/refusal.hpp"
#include "adapters/ios/terminal_line.hpp"
#include "reading.hpp"

namespace garita::ios {
namespace {

std::string text_of(std::string_view bytes) {
    const auto output = Output::read(bytes);
    if (!output) return "ERROR " + output.error().text;
    std::string out;
    for (const auto& line : output->lines)
        out += line.text + "\n";
    return out;
}

TEST(Output, AnyEndOfLineIsOne) {
    for (const auto* end : {"\n", "\r\n", "\r\r\n", "\n\r"})
        EXPECT_EQ(text_of(with_line_ends("one\ntwo\n", end)), "one\ntwo\n") << end;
}

TEST(Output, PromptsAndEchoAtBothEndsAreNotPartOfIt) {
    const auto output = Output::read(
        "sw-1#terminal length 0\r\nsw-1#\r\nsw-1#sh port-sec int gi1/0/1\r\n\r\nPort Security : "
        "Enabled\r\n\r\n"
        "sw-1#exit\r\nConnection to 192.0.2.1 closed by foreign host.\r\n");
    ASSERT_TRUE(output) << output.error().text;
    ASSERT_EQ(output->lines.size(), 1U);
    EXPECT_EQ(output->lines[0].text, "Port Security : Enabled");
    EXPECT_EQ(output->lines[0].number, 5U);
    EXPECT_EQ(output->echo, "sh port-sec int gi1/0/1");
}

TEST(Output, AnEchoWithoutAPromptIsKnown) {
    EXPECT_EQ(text_of("show version\nCisco\nsw#"), "Cisco\n");
    EXPECT_EQ(text_of("sh mac add\nA\nB\nsw(config-if)#"), "A\nB\n");
}

TEST(Output, TheTimeOfTheOutputIsNotPartOfIt) {
    EXPECT_EQ(text_of("sw#show version\nLoad for five secs: 3%/0%; one minute: 5%; five minutes: 5%\n"
                      "Time source is NTP, 12:00:00.000 UTC Mon Nov 23 2026\n\nCisco\nsw#"),
              "Cisco\n");
}

TEST(Output, PagingLeavesNothing) {
    const std::string back(10, '\b');
    EXPECT_EQ(text_of("one\n --More-- " + back + std::string(10, ' ') + back + " two\nthree\n"),
              "one\n two\nthree\n");
    EXPECT_EQ(text_of("one\n --More-- \r          \rtwo\n"), "one\ntwo\n");
    EXPECT_EQ(text_of("one\n --More-- \x1b[2K\rtwo\n"), "one\ntwo\n");
    EXPECT_EQ(text_of("one\n--More-- two\n"), "one\n two\n");  // a client that swallowed the backspaces
    EXPECT_EQ(text_of("one\n --More-- sw#\n"), "one\n");
}

TEST(Output, LogMessagesInTheMiddleAreLeftOut) {
    EXPECT_EQ(
        text_of("one\n*Mar  1 00:12:45.123: %LINK-3-UPDOWN: Interface Gi1/0/1, changed state to up\ntwo\n"
                "000123: Nov 23 01:00:00: %SYS-5-CONFIG_I: Configured from console by x on vty0\nthree\n"),
        "one\ntwo\nthree\n");
}

TEST(Output, ARefusalOfTheSwitchIsAnError) {
    for (const auto* refusal : {"% Invalid input detected at '^' marker.", "% Incomplete command.",
                                "% Ambiguous command:  \"sh p\"", "Command authorization failed.",
                                "% Authorization failed.", "Command rejected: Gi1/12 not a switching port.",
                                "% Unknown command or computer name, or unable to find computer address"}) {
        const auto text = text_of("sw#sh x\n" + std::string(refusal) + "\n\nsw#");
        EXPECT_NE(text.find("line 2: "), std::string::npos) << text;
        EXPECT_NE(text.find("refused"), std::string::npos) << text;
    }
}

TEST(Output, NothingIsAnError) {
    for (const auto* text : {"", "\n\n", "sw#\r\n", "sw#show version\nsw#"})
        EXPECT_TRUE(text_of(text).starts_with("ERROR the output is empty")) << text;
}

TEST(Output, EndlessLinesAreAnError) {
    const std::string line(TerminalLine::longest + 1, 'x');
    EXPECT_TRUE(text_of("a\n" + line).starts_with("ERROR line 2: is longer"));
}

TEST(LogLine, HeadersOfAllKinds) {
    for (const auto* line :
         {"%LINK-3-UPDOWN: Interface", "*Mar  1 00:00:00: %SYS-5-CONFIG_I: x",
          "00:54:45: %PM-4-ERR_DISABLE: x", "2y10w: %LINEPROTO-5-UPDOWN: x",
          ".Nov 21 13:01:38.123 UTC+03:00: %SW_MATM-4-MACFLAP_NOTIF: x",
          "000041: sw-1: Jan  6 2022 20:52:12.861: %PORT_SECURITY-2-PSECURE_VIOLATION: x", "%PIM-SW1-6-X: y"})
        EXPECT_TRUE(is_log_line(line)) << line;
    for (const auto* line :
         {"", "%", "% Invalid input detected", "%SYS", "%SYS-", "%SYS-9-X: y", "%SYS-5-CONFIG_I",
          "%sys-5-x: y", " description %SYS-5-X: y", "100% - 5-X:", "%5-X: y", "Gi1/0/1 %SYS-5-X: y"})
        EXPECT_FALSE(is_log_line(line)) << line;
}

TEST(Refusal, WithAndWithoutAPercentSign) {
    EXPECT_EQ(refusal_in("Found duplicate mac-address 0011.2233.4455."), Refusal::rejected);
    EXPECT_EQ(
        refusal_in("Total secure mac-addresses on interface GigabitEthernet0/1 has reached maximum limit."),
        Refusal::rejected);
    EXPECT_EQ(refusal_in("Configuration mode locked exclusively by user 'x' process '3' from terminal '0'."),
              Refusal::locked);
    EXPECT_EQ(refusal_in("% [RIP] Unknown command: switchport"), Refusal::rejected);
    EXPECT_EQ(refusal_in("             ^"), Refusal::none);
    EXPECT_EQ(refusal_in("%Warning: portfast should only be enabled on ports"), Refusal::none);
    EXPECT_EQ(refusal_in("*Mar  1 00:00:00: %LINK-3-UPDOWN: Interface"), Refusal::none);
    EXPECT_EQ(refusal_in("Building configuration..."), Refusal::none);
}

TEST(TerminalLine, AnEchoThatIsWrittenOverLooksAsOnAScreen) {
    TerminalLine line;
    for (const char c : std::string_view("sw#shwo\b\b\x1b[Kow\x07 ver\tx\x1b]0;title\x07!"))
        ASSERT_EQ(line.put(c), TerminalLine::Took::character);
    EXPECT_EQ(line.text(), "sw#show ver     x!");
    EXPECT_EQ(line.put('\n'), TerminalLine::Took::line_end);
}

}  // namespace
}  // namespace garita::ios
