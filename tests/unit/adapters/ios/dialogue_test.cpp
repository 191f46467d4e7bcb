#include "conversation.hpp"

namespace garita::ios {
namespace {

using State = Dialogue::State;
using Trouble = Dialogue::Trouble;

const std::string probe = "terminal length 0\r";
const std::string erase = "\b\b\b\b\b\b\b\b\b\b          \b\b\b\b\b\b\b\b\b\b";

/// Ready in privileged mode, after nothing but the prompt.
Script opened(Script rest) {
    Script script{{"", "\r\nsw-1#"}, {probe, "terminal length 0\r\nsw-1#"}};
    script.insert(script.end(), rest.begin(), rest.end());
    return script;
}

void expect_ready(const Heard& heard) {
    EXPECT_EQ(heard.state, State::ready) << heard.text;
}

TEST(Dialogue, ThePromptIsLearntBehindAnyBanner) {
    const Script script{
        {"",
         "\r\n####################\r\n# Only for staff > #\r\n####################\r\nsw-1#\r\n\r\nsw-1#"},
        {probe, "terminal length 0\r\nsw-1#"}};
    converse_in_every_way({}, script, expect_ready);
}

TEST(Dialogue, EnableWithAndWithoutSecret) {
    DialogueSettings settings;
    settings.enable_secret = "s3cret";
    converse_in_every_way(settings,
                          {{"", "sw-1>"},
                           {probe, "terminal length 0\r\nsw-1>"},
                           {"enable\r", "enable\r\nPassword: "},
                           {"s3cret\r", "\r\nsw-1#"}},
                          expect_ready);
    converse_in_every_way(
        {}, {{"", "sw-1>"}, {probe, "terminal length 0\r\nsw-1>"}, {"enable\r", "enable\r\nsw-1#"}},
        expect_ready);
}

TEST(Dialogue, AWrongEnableSecretIsNotTriedAgain) {
    DialogueSettings settings;
    settings.enable_secret = "wrong";
    const auto refused = [](const Heard& heard) {
        EXPECT_EQ(heard.state, State::failed);
        EXPECT_EQ(heard.trouble, Trouble::enable_refused);
    };
    converse_in_every_way(settings,
                          {{"", "sw-1>"},
                           {probe, "terminal length 0\r\nsw-1>"},
                           {"enable\r", "enable\r\nPassword: "},
                           {"wrong\r", "\r\nPassword: "}},
                          refused);
    converse_in_every_way(settings,
                          {{"", "sw-1>"},
                           {probe, "terminal length 0\r\nsw-1>"},
                           {"enable\r", "enable\r\nPassword: "},
                           {"wrong\r", "\r\n% Access denied\r\n\r\nsw-1>"}},
                          refused);
    converse_in_every_way(
        {}, {{"", "sw-1>"}, {probe, "terminal length 0\r\nsw-1>"}, {"enable\r", "enable\r\nPassword: "}},
        refused);
    converse_in_every_way({},
                          {{"", "sw-1>"},
                           {probe, "terminal length 0\r\nsw-1>"},
                           {"enable\r", "enable\r\n% No password set\r\nsw-1>"}},
                          [&](const Heard& heard) {
                              refused(heard);
                              EXPECT_NE(heard.text.find("No password set"), std::string::npos);
                          });
}

TEST(Dialogue, TelnetAsksForNameAndPassword) {
    DialogueSettings settings{DialogueSettings::Login::asked, "garita", "pass", {}};
    converse_in_every_way(settings,
                          {{"", "\r\nWelcome > to #\r\n\r\nUser Access Verification\r\n\r\nUsername: "},
                           {"garita\r", "garita\r\nPassword: "},
                           {"pass\r", "\r\nsw-1#"},
                           {probe, "terminal length 0\r\nsw-1#"}},
                          expect_ready);
    converse_in_every_way(settings,
                          {{"", "\r\nUser Access Verification\r\n\r\nPassword: "},
                           {"pass\r", "\r\nsw-1#"},
                           {probe, "terminal length 0\r\nsw-1#"}},
                          expect_ready);
}

TEST(Dialogue, AWrongPasswordIsNotTriedAgain) {
    DialogueSettings settings{DialogueSettings::Login::asked, "garita", "pass", {}};
    for (const auto* said :
         {"\r\n% Login invalid\r\n\r\nUsername: ", "\r\nUsername: ", "\r\nPassword: ",
          "\r\n% Authentication failed\r\n", "\r\n% Bad passwords\r\n", "\r\nLogin incorrect\r\n"})
        converse_in_every_way(
            settings, {{"", "Username: "}, {"garita\r", "garita\r\nPassword: "}, {"pass\r", said}},
            [](const Heard& heard) { EXPECT_EQ(heard.trouble, Trouble::login_refused) << heard.text; });
    Dialogue dialogue(settings);
    dialogue.receive("Username: ");
    dialogue.receive("\r\nPassword: ");
    dialogue.closed();
    EXPECT_EQ(dialogue.trouble(), Trouble::login_refused);
}

TEST(Dialogue, AllLinesTakenIsNotAWrongPassword) {
    for (const auto* said : {"", "\r\nWelcome\r\n", "\r\nCLI session limit reached\r\n"}) {
        Dialogue dialogue({});
        dialogue.receive(said);
        dialogue.closed();
        EXPECT_EQ(dialogue.trouble(), Trouble::busy) << said;
        EXPECT_NE(dialogue.trouble_text().find("lines are taken"), std::string::npos);
    }
    Dialogue telnet({DialogueSettings::Login::asked, "garita", "pass", {}});
    telnet.receive("% telnet connections not permitted from this terminal\r\n");
    telnet.closed();
    EXPECT_EQ(telnet.trouble(), Trouble::busy);
}

TEST(Dialogue, AnAnswerStandsBetweenEchoAndPrompt) {
    converse_in_every_way(
        {}, opened({{"show x\r", "show x\r\none\r\n two  \r\n\r\nsw-1#", "show x"}}), [](const Heard& heard) {
            expect_ready(heard);
            ASSERT_EQ(heard.answers.size(), 1U);
            EXPECT_EQ(heard.answers[0].lines, (std::vector<std::string>{"one", " two", ""}));
            EXPECT_EQ(heard.answers[0].refusal, Refusal::none);
        });
}

TEST(Dialogue, PagingIsAnsweredWherePagingCannotBeTurnedOff) {
    const Script script{{"", "sw-1#"},
                        {probe, "terminal length 0\r\nCommand authorization failed.\r\n\r\nsw-1#"},
                        {"show x\r", "show x\r\none\r\n --More-- ", "show x"},
                        {" ", erase + "two\r\n --More-- "},
                        {" ", "\r          \rthree\r\nsw-1#"}};
    converse_in_every_way({}, script, [](const Heard& heard) {
        expect_ready(heard);
        ASSERT_EQ(heard.answers.size(), 1U);
        EXPECT_EQ(heard.answers[0].text(), "one\ntwo\nthree\n");
    });
}

TEST(Dialogue, LogMessagesInTheMiddle) {
    const std::string message =
        "*Mar  1 00:00:00.000: %LINK-3-UPDOWN: Interface Gi1/0/1, changed state to up";
    const std::vector<std::string> replies = {
        "show x\r\none\r\n" + message + "\r\ntwo\r\nsw-1#",           // between lines
        "\r\n" + message + "\r\nsw-1#show x\r\none\r\ntwo\r\nsw-1#",  // before the echo, prompt shown anew
        "sho\r\n" + message + "\r\nw x\r\none\r\ntwo\r\nsw-1#",       // in the middle of the echo
        "sho\r\n" + message + "\r\nsw-1#show x\r\none\r\ntwo\r\nsw-1#"};
    for (const auto& reply : replies)
        converse_in_every_way({}, opened({{"show x\r", reply, "show x"}}), [&](const Heard& heard) {
            expect_ready(heard);
            ASSERT_EQ(heard.answers.size(), 1U);
            EXPECT_EQ(heard.answers[0].text(), "one\ntwo\n") << reply;
            EXPECT_EQ(heard.answers[0].messages, std::vector<std::string>{message});
        });
    // behind the prompt, before the next command
    converse_in_every_way(
        {},
        opened({{"show x\r", "show x\r\none\r\nsw-1#\r\n" + message + "\r\nsw-1#", "show x"},
                {"show y\r", "show y\r\ntwo\r\nsw-1#", "show y"}}),
        [](const Heard& heard) {
            expect_ready(heard);
            ASSERT_EQ(heard.answers.size(), 2U);
            EXPECT_EQ(heard.answers[0].text(), "one\n");
            EXPECT_EQ(heard.answers[1].text(), "two\n");
        });
}

TEST(Dialogue, ALogMessageMayPushAnyPromptUp) {
    const std::string message = "\r\n*Mar  1 00:00:00.000: %SYS-5-CONFIG_I: x\r\n";
    DialogueSettings settings;
    settings.enable_secret = "s3cret";
    converse_in_every_way(settings,
                          {{"", "sw-1>"},
                           {probe, "terminal length 0\r\nsw-1>" + message},
                           {"enable\r", "enable\r\nPassword: " + message},
                           {"s3cret\r", "\r\nsw-1#" + message},
                           {"show x\r", "show x\r\none\r\nsw-1#" + message, "show x"},
                           {"show x\r", "show x\r\ntwo\r\nsw-1#" + message, "show x"}},
                          [](const Heard& heard) {
                              expect_ready(heard);
                              ASSERT_EQ(heard.answers.size(), 2U);
                              EXPECT_EQ(heard.answers[1].text(), "two\n");
                          });
    Dialogue torn({});
    torn.receive("sw-1#");
    torn.receive(message);
    torn.receive("terminal length 0\r\nsw-1#");
    EXPECT_EQ(torn.state(), State::ready);
}

TEST(Dialogue, ConfigurationPromptsMayCutLongNames) {
    const std::string name = "a-very-long-name-of-a-switch-in-hall-7";
    const Script script{{"", name + "#"},
                        {probe, "terminal length 0\r\n" + name + "#"},
                        {"conf t\r",
                         "conf t\r\nEnter configuration commands, one per line.  End with "
                         "CNTL/Z.\r\na-very-long-name-of-(config)#",
                         "conf t"},
                        {"int gi1/0/1\r", "int gi1/0/1\r\na-very-long-name-of-(config-if)#", "int gi1/0/1"},
                        {"end\r", "end\r\n" + name + "#", "end"}};
    converse_in_every_way({}, script, [](const Heard& heard) {
        expect_ready(heard);
        EXPECT_EQ(heard.answers.size(), 3U);
    });
}

TEST(Dialogue, RefusedLinesAreSeen) {
    const auto refused = [](const std::string& said, Refusal refusal) {
        converse_in_every_way({}, opened({{"x y\r", "x y\r\n" + said + "\r\nsw-1#", "x y"}}),
                              [&](const Heard& heard) {
                                  expect_ready(heard);
                                  ASSERT_EQ(heard.answers.size(), 1U);
                                  EXPECT_EQ(heard.answers[0].refusal, refusal) << said;
                              });
    };
    refused("            ^\r\n% Invalid input detected at '^' marker.\r\n", Refusal::syntax);
    refused("Command rejected: GigabitEthernet1/0/1 is a dynamic port.", Refusal::rejected);
    refused("Found duplicate mac-address 0050.56aa.0101.", Refusal::rejected);
    refused("Command authorization failed.\r\n", Refusal::authorization);
    refused("Configuration mode locked exclusively by user 'x' process '9' from terminal '1'.",
            Refusal::locked);
}

TEST(Dialogue, QuestionsAreAnsweredAsTheCallerWants) {
    const std::string asks =
        "write memory\r\nWarning: Attempting to overwrite an NVRAM configuration previously written\r\n"
        "by a different version of the system image.\r\nOverwrite the previous NVRAM configuration?[confirm]";
    converse_in_every_way({},
                          opened({{"write memory\r", asks, "write memory", Questions::accept},
                                  {"\r", "\r\nBuilding configuration...\r\n[OK]\r\nsw-1#"}}),
                          [](const Heard& heard) {
                              expect_ready(heard);
                              ASSERT_EQ(heard.answers.size(), 1U);
                              EXPECT_EQ(heard.answers[0].questions.size(), 1U);
                              EXPECT_EQ(heard.answers[0].lines.back(), "[OK]");
                          });
    converse_in_every_way(
        {}, opened({{"reload\r", "reload\r\nProceed with reload? [confirm]", "reload"}, {"n", "n\r\nsw-1#"}}),
        [](const Heard& heard) {
            expect_ready(heard);
            ASSERT_EQ(heard.answers.size(), 1U);
            EXPECT_EQ(heard.answers[0].refusal, Refusal::rejected);
        });
    converse_in_every_way({},
                          opened({{"copy r s\r", "copy r s\r\nDestination filename [startup-config]? ",
                                   "copy r s", Questions::accept},
                                  {"\r", "\r\nBuilding configuration...\r\n[OK]\r\nsw-1#"}}),
                          expect_ready);
    converse_in_every_way(
        {}, opened({{"x\r", "x\r\nDo you really want it? [yes/no]: ", "x"}, {"no\r", "no\r\nsw-1#"}}),
        expect_ready);
}

TEST(Dialogue, AnEchoThatIsWrappedOrScrolledIsKnown) {
    const std::string command = "switchport port-security mac-address sticky 0050.56aa.0101 vlan access";
    const std::vector<std::string> echoes = {
        command.substr(0, 40) + "\r\n" + command.substr(40) + "\r\n",
        command.substr(0, 44) + " \r\n" + command.substr(44) + "\r\n",
        command.substr(0, 36) + "\rsw-1#$ddress sticky 0050.56aa.0101 vlan access\r\n",
    };
    for (const auto& echo : echoes)
        converse_in_every_way({}, opened({{command + "\r", echo + "one\r\nsw-1#", command}}),
                              [&](const Heard& heard) {
                                  expect_ready(heard);
                                  ASSERT_EQ(heard.answers.size(), 1U) << echo;
                                  EXPECT_EQ(heard.answers[0].text(), "one\n") << echo;
                              });
}

TEST(Dialogue, AConnectionThatEndsInTheMiddleIsLost) {
    Dialogue dialogue({});
    dialogue.receive("sw-1#");
    dialogue.receive("terminal length 0\r\nsw-1#");
    ASSERT_EQ(dialogue.state(), State::ready);
    dialogue.send("show x");
    dialogue.receive("show x\r\none\r\n");
    dialogue.closed();
    EXPECT_EQ(dialogue.trouble(), Trouble::lost);
    EXPECT_NE(dialogue.trouble_text().find("show x"), std::string::npos);
}

TEST(Dialogue, LeavingFromAnywhere) {
    Dialogue dialogue({});
    dialogue.receive("sw-1#");
    dialogue.receive("terminal length 0\r\nsw-1#");
    (void)dialogue.take_output();
    dialogue.send("conf t");
    dialogue.receive("conf t\r\nsw-1(config)#");
    (void)dialogue.take_output();
    dialogue.leave();
    EXPECT_EQ(dialogue.take_output(), "end\rexit\r");
    dialogue.receive("end\r\nsw-1#exit\r\n");
    dialogue.closed();
    EXPECT_EQ(dialogue.state(), State::ended);
}

TEST(Dialogue, SilenceSettlesWhatOnlySilenceCan) {
    Dialogue console({});
    console.quiet();
    EXPECT_EQ(console.take_output(), "\r");  // "Press RETURN to get started"
    console.receive("\r\nsw-1#");
    EXPECT_EQ(console.take_output(), probe);
    console.receive("terminal len\r\n*Mar  1 00:00:00: %SYS-5-CONFIG_I: x\r\nxth 0\r\nsw-1#");
    EXPECT_EQ(console.state(), State::opening);
    console.quiet();
    EXPECT_EQ(console.state(), State::ready);
    EXPECT_EQ(console.prompt().name(), "sw-1");
}

TEST(Dialogue, FloodsAreCutOff) {
    Dialogue endless({});
    endless.receive(std::string(TerminalLine::longest + 1, 'x'));
    EXPECT_EQ(endless.trouble(), Trouble::flooded);
    Dialogue many({});
    const std::string lines(std::size_t{1} << 20U, '\n');
    for (int i = 0; i < 9; ++i)
        many.receive(lines);
    EXPECT_EQ(many.trouble(), Trouble::flooded);
    EXPECT_EQ(many.take_output(), "");
}

TEST(Dialogue, SecretsGoNowhereElse) {
    DialogueSettings settings{DialogueSettings::Login::asked, "garita", "pa55", "s3cret"};
    Dialogue dialogue(settings);
    dialogue.receive("motd: Password: of course\r\nsw-1#\r\n");
    EXPECT_EQ(dialogue.take_output(), "");
    Dialogue ssh({DialogueSettings::Login::done, "garita", "pa55", "s3cret"});
    ssh.receive("Password: ");
    ssh.receive("\r\nsw-1#");
    ssh.receive("terminal length 0\r\nsw-1#");
    (void)ssh.take_output();
    ssh.send("show x");
    ssh.receive("show x\r\nPassword: ");
    EXPECT_EQ(ssh.take_output(), "show x\r");
}

}  // namespace
}  // namespace garita::ios
