// What the end of a dialogue means, wherever it ends.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mail/smtp_dialogue.hpp"

namespace garita::mail {
namespace {

using testing::HasSubstr;
using testing::Not;
using Kind = Delivery::Kind;

/// A dialogue as libcurl shows it: what is sent begins with "> ", the letter's text is "> .".
Delivery after(const std::vector<std::string>& lines, bool login = false, bool success = false) {
    SmtpDialogue dialogue(login);
    for (const auto& line : lines) {
        if (line == "> .")
            dialogue.sent_text();
        else if (line.starts_with("> "))
            dialogue.sent(line.substr(2) + "\r\n");
        else
            dialogue.answered(line + "\r\n");
    }
    return dialogue.ended(success, "the library's words", "mail.test:587");
}

std::vector<std::string> up_to_recipient(const std::string& answer) {
    return {"220 mail.test",         "> EHLO hub.test", "250-mail.test",       "250 SIZE",
            "> MAIL FROM:<g@x.org>", "250 2.1.0 Ok",    "> RCPT TO:<a@x.org>", answer};
}

TEST(Dialogue, ATakenLetterSaysWhatTheServerSaid) {
    auto lines = up_to_recipient("250 2.1.5 Ok");
    lines.insert(lines.end(), {"> DATA", "354 go on", "> .", "250 2.0.0 Ok: queued as 4F2"});
    const auto delivery = after(lines, false, true);
    EXPECT_EQ(delivery.kind, Kind::taken);
    EXPECT_EQ(delivery.text, "mail.test:587 answered to the letter: 250 2.0.0 Ok: queued as 4F2");
}

TEST(Dialogue, ARecipientIsRefusedForEverOrForNow) {
    const auto refused = after(up_to_recipient("550 5.1.1 no such user"));
    EXPECT_EQ(refused.kind, Kind::refused);
    EXPECT_THAT(refused.text, HasSubstr("answered to the recipient (RCPT TO): 550 5.1.1 no such user"));
    EXPECT_EQ(after(up_to_recipient("450 4.2.0 greylisted")).kind, Kind::later);
    EXPECT_EQ(after(up_to_recipient("421 closing")).kind, Kind::server_trouble);
}

TEST(Dialogue, TheServerHasLetUsInOnceItTookLoginAndSender) {
    for (const bool login : {false, true}) {
        SmtpDialogue dialogue(login);
        dialogue.answered("220 mail.test\r\n");
        dialogue.sent("EHLO hub.test\r\n");
        dialogue.answered("250 AUTH PLAIN\r\n");
        if (login) {
            dialogue.sent("AUTH PLAIN\r\n");
            EXPECT_FALSE(dialogue.is_let_in());
            dialogue.answered("235 welcome\r\n");
        }
        dialogue.sent("MAIL FROM:<g@x.org>\r\n");
        EXPECT_FALSE(dialogue.is_let_in());
        dialogue.answered("250 Ok\r\n");
        dialogue.sent("RCPT TO:<a@x.org>\r\n");
        EXPECT_TRUE(dialogue.is_let_in());
    }
    SmtpDialogue unasked(true);  // the server offered no login
    unasked.sent("EHLO hub.test\r\n");
    unasked.sent("MAIL FROM:<g@x.org>\r\n");
    unasked.sent("RCPT TO:<a@x.org>\r\n");
    EXPECT_FALSE(unasked.is_let_in());
}

TEST(Dialogue, TheGoodbyeChangesNothing) {
    auto lines = up_to_recipient("550 5.1.1 no such user");
    lines.insert(lines.end(), {"> QUIT", "221 2.0.0 Bye"});
    EXPECT_EQ(after(lines).kind, Kind::refused);
    EXPECT_THAT(after(lines).text, HasSubstr("550 5.1.1 no such user"));
}

TEST(Dialogue, WithoutTheLoginThatWasWantedNobodyIsRefusedForEver) {
    const auto delivery = after(up_to_recipient("554 5.7.1 relay access denied"), true);
    EXPECT_EQ(delivery.kind, Kind::server_trouble);
    EXPECT_THAT(delivery.text, HasSubstr("the server offered no login"));
}

TEST(Dialogue, AWrongPasswordIsToldApart) {
    const auto delivery = after({"220 x", "> EHLO h", "250 AUTH PLAIN", "> AUTH PLAIN AHVzZXIAc2VjcmV0",
                                 "535 5.7.8 authentication failed"},
                                true);
    EXPECT_EQ(delivery.kind, Kind::login_refused);
    EXPECT_THAT(delivery.text, HasSubstr("answered to the login: 535"));
    EXPECT_THAT(delivery.text, Not(HasSubstr("AHVz")));
}

TEST(Dialogue, WhatComesBeforeTheRecipientConcernsEverybody) {
    EXPECT_EQ(after({}).kind, Kind::server_trouble);
    EXPECT_EQ(after({}).text, "mail.test:587, at the connection: the library's words");
    EXPECT_EQ(after({"554 go away"}).kind, Kind::server_trouble);
    EXPECT_EQ(after({"220 x", "> EHLO h", "250 x"}).kind, Kind::server_trouble) << "no STARTTLS offered";
    EXPECT_EQ(after({"220 x", "> EHLO h", "250 x", "> MAIL FROM:<g@x.org>", "550 no such sender"}).kind,
              Kind::server_trouble);
}

TEST(Dialogue, OnlyWhatHasNoAnswerAfterTheWholeTextMayHaveBeenTaken) {
    auto lines = up_to_recipient("250 Ok");
    lines.insert(lines.end(), {"> DATA", "354 go on"});
    EXPECT_FALSE(after(lines).maybe_taken);
    lines.emplace_back("> .");
    const auto silent = after(lines);
    EXPECT_TRUE(silent.maybe_taken);
    EXPECT_EQ(silent.kind, Kind::later);
    lines.emplace_back("451 4.3.0 try later");
    EXPECT_FALSE(after(lines).maybe_taken);
    EXPECT_EQ(after(lines).kind, Kind::later);
    lines.back() = "554 5.7.1 spam";
    EXPECT_EQ(after(lines).kind, Kind::refused);
}

TEST(Dialogue, AnswersOfManyLinesAndOfAnyBytesStayOneCleanLine) {
    auto lines = up_to_recipient("550-5.7.1 first");
    lines.emplace_back("550-5.7.1 \x1b[31msecond\x07");
    lines.emplace_back("550 5.7.1 third");
    const auto delivery = after(lines);
    EXPECT_EQ(delivery.kind, Kind::refused);
    EXPECT_THAT(delivery.text, HasSubstr("550-5.7.1 first 5.7.1"));
    EXPECT_THAT(delivery.text, HasSubstr("third"));
    EXPECT_THAT(delivery.text, Not(HasSubstr("\x1b")));
    for (int i = 0; i < 1000; ++i)
        lines.insert(lines.end() - 1, "550-" + std::string(400, 'x'));
    EXPECT_LT(after(lines).text.size(), 700U);
}

TEST(Dialogue, WhatIsNoAnswerIsNone) {
    auto lines = up_to_recipient("999 strange");
    EXPECT_EQ(after(lines).kind, Kind::later);
    for (const auto* odd : {"", "2", "abc", "25", "2x0 ok"}) {
        lines.back() = odd;
        EXPECT_EQ(after(lines).kind, Kind::later) << odd;
    }
}

}  // namespace
}  // namespace garita::mail
