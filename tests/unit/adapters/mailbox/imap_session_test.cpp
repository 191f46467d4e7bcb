// The dialogue with IMAP servers that are well, odd and hostile. Real ones have tests of their own.

#include "adapters/mailbox/imap_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mailbox/imap_answer.hpp"
#include "scripted_wire.hpp"

namespace garita::mailbox {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::IsEmpty;
using After = MailboxServer::After;

const std::string able = "* CAPABILITY IMAP4rev1 IDLE UIDPLUS\r\n% OK done\r\n";
const std::string selected =
    "* 3 EXISTS\r\n* OK [PERMANENTFLAGS (\\Seen \\Deleted \\*)] ok\r\n* OK [UIDVALIDITY 77] ok\r\n"
    "% OK [READ-WRITE] done\r\n";

class ImapSessionTest : public ::testing::Test {
  protected:
    void greet() { wire.then(able).then(selected); }
    std::vector<std::string> listed(std::size_t most = 10) {
        std::vector<std::string> uids;
        const auto letters = session.list(most);
        EXPECT_TRUE(letters) << (letters ? "" : letters.error().text);
        if (letters)
            for (const auto& one : *letters)
                uids.push_back(one.uid);
        return uids;
    }
    ErrorCode trouble_of_fetch(const std::string& answer, std::size_t longest = 100) {
        greet();
        wire.then(answer);
        const auto letter = session.fetch("77.5", longest);
        EXPECT_FALSE(letter);
        return letter ? ErrorCode::io : letter.error().code;
    }
    ScriptedWire wire;
    ImapSession session{wire, "INBOX", After::mark};
};

TEST_F(ImapSessionTest, ListsWhatIsNotDoneYet) {
    greet();
    wire.then("* SEARCH 9 5 7\r\n% OK done\r\n");
    wire.then("* 2 FETCH (UID 7 RFC822.SIZE 20)\r\n* 1 FETCH (RFC822.SIZE 10 UID 5)\r\n% OK done\r\n");
    const auto letters = session.list(2);
    ASSERT_TRUE(letters);
    ASSERT_EQ(letters->size(), 2U);
    EXPECT_EQ((*letters)[0].uid, "77.5") << "the oldest first";
    EXPECT_EQ((*letters)[0].size, 10U);
    EXPECT_THAT(wire.sent, ElementsAre("g1 CAPABILITY", "g2 SELECT \"INBOX\"",
                                       "g3 UID SEARCH UNDELETED UNKEYWORD GaritaDone",
                                       "g4 UID FETCH 5,7 (UID RFC822.SIZE)"));
}

TEST_F(ImapSessionTest, WhatWasExpungedMeanwhileIsNotListed) {
    greet();
    wire.then("* SEARCH 5 7\r\n% OK done\r\n");
    wire.then("* 1 EXPUNGE\r\n* 1 FETCH (UID 7 RFC822.SIZE 20)\r\n% OK done\r\n");
    EXPECT_THAT(listed(), ElementsAre("77.7"));
}

TEST_F(ImapSessionTest, WithoutKeywordsItGoesByWhatIsSeen) {
    wire.then(able);
    wire.then("* OK [PERMANENTFLAGS (\\Seen \\Deleted)] ok\r\n* OK [UIDVALIDITY 77] ok\r\n% OK done\r\n");
    wire.then("* SEARCH\r\n% OK done\r\n").then("% OK done\r\n");
    EXPECT_THAT(listed(), IsEmpty());
    EXPECT_TRUE(session.finish({"77.5"}));
    EXPECT_EQ(wire.sent[2], "g3 UID SEARCH UNDELETED UNSEEN");
    EXPECT_EQ(wire.sent[3], "g4 UID STORE 5 +FLAGS.SILENT (\\Seen)");
}

TEST_F(ImapSessionTest, FetchesBytesAsTheyAre) {
    greet();
    wire.then("* 1 FETCH (UID 5 BODY[]<0> {12}\r\nFrom: a\r\n\r\nb)\r\n% OK done\r\n");
    const auto letter = session.fetch("77.5", 100);
    ASSERT_TRUE(letter) << letter.error().text;
    EXPECT_EQ(*letter, "From: a\r\n\r\nb");
    EXPECT_EQ(wire.sent.back(), "g3 UID FETCH 5 (UID BODY.PEEK[]<0.101>)");
}

TEST_F(ImapSessionTest, ALetterThatIsGoneIsNotFound) {
    EXPECT_EQ(trouble_of_fetch("% OK done\r\n"), ErrorCode::not_found);
    EXPECT_FALSE(session.is_broken());
}

TEST_F(ImapSessionTest, ALetterOfAnotherMailboxIsNotFetched) {
    greet();
    const auto letter = session.fetch("76.5", 100);
    ASSERT_FALSE(letter);
    EXPECT_EQ(letter.error().code, ErrorCode::not_found);
    EXPECT_EQ(wire.sent.size(), 2U) << "nothing was asked";
    EXPECT_TRUE(session.finish({"76.5", "nonsense"}));
    EXPECT_EQ(wire.sent.size(), 2U);
}

TEST_F(ImapSessionTest, AServerThatLiesAboutSizesIsLeft) {
    EXPECT_EQ(trouble_of_fetch("* 1 FETCH (UID 5 BODY[]<0> {99999999999}\r\n"), ErrorCode::full);
    EXPECT_TRUE(session.is_broken());
}

TEST_F(ImapSessionTest, ALongLetterIsTooLong) {
    const auto answer = "* 1 FETCH (UID 5 BODY[]<0> {101}\r\n" + std::string(101, 'x') + ")\r\n% OK done\r\n";
    EXPECT_EQ(trouble_of_fetch(answer), ErrorCode::full);
    EXPECT_FALSE(session.is_broken()) << "the next one can be read";
}

TEST_F(ImapSessionTest, AServerThatCutsIsUnavailable) {
    EXPECT_EQ(trouble_of_fetch("* 1 FETCH (UID 5 BODY[]<0> {50}\r\nFrom: "), ErrorCode::unavailable);
    EXPECT_TRUE(session.is_broken());
}

TEST_F(ImapSessionTest, ARefusalIsToldAndHarmsNothing) {
    EXPECT_EQ(trouble_of_fetch("% NO not now\x1b[31m\r\n"), ErrorCode::unavailable);
    EXPECT_FALSE(session.is_broken());
}

TEST_F(ImapSessionTest, AGoodByeIsUnderstood) {
    EXPECT_EQ(trouble_of_fetch("* BYE shutting down\r\n"), ErrorCode::unavailable);
    EXPECT_TRUE(session.is_broken());
}

TEST_F(ImapSessionTest, AMailboxWithoutLastingNumbersIsRefused) {
    wire.then(able).then("* 3 EXISTS\r\n% OK done\r\n");
    const auto letters = session.list(10);
    ASSERT_FALSE(letters);
    EXPECT_EQ(letters.error().code, ErrorCode::invalid);
}

TEST_F(ImapSessionTest, RemovesOnlyWhatWasAskedFor) {
    ImapSession removing{wire, "INBOX", After::remove};
    greet();
    wire.then("% OK done\r\n").then("% OK done\r\n");
    EXPECT_TRUE(removing.finish({"77.5", "77.7"}));
    EXPECT_EQ(wire.sent[2], "g3 UID STORE 5,7 +FLAGS.SILENT (\\Deleted)");
    EXPECT_EQ(wire.sent[3], "g4 UID EXPUNGE 5,7");
    ScriptedWire old;
    ImapSession careful{old, "INBOX", After::remove};
    old.then("* CAPABILITY IMAP4rev1\r\n% OK done\r\n").then(selected).then("% OK done\r\n");
    EXPECT_TRUE(careful.finish({"77.5"}));
    EXPECT_EQ(old.sent.size(), 3U) << "a plain EXPUNGE would remove what others have marked";
}

TEST_F(ImapSessionTest, WaitsForNews) {
    greet();
    wire.then("+ idling\r\n* OK Still here\r\n* 4 EXISTS\r\n").then("% OK done\r\n");
    const auto told = session.idle(10s);
    ASSERT_TRUE(told) << told.error().text;
    EXPECT_TRUE(*told);
    EXPECT_EQ(wire.sent.back(), "DONE");
}

TEST_F(ImapSessionTest, EndsToWaitWhenNothingComes) {
    greet();
    wire.then("+ idling\r\n").then("% OK done\r\n");
    EXPECT_TRUE(session.idle(10s));
    EXPECT_EQ(wire.sent.back(), "DONE");
    EXPECT_FALSE(session.is_broken());
}

TEST_F(ImapSessionTest, NewsOfAnEarlierAnswerAreNotWaitedFor) {
    greet();
    wire.then("* SEARCH\r\n* 4 EXISTS\r\n% OK done\r\n");
    EXPECT_THAT(listed(), IsEmpty());
    EXPECT_TRUE(session.idle(10s).value_or(false));
    EXPECT_EQ(wire.sent.size(), 3U);
}

TEST_F(ImapSessionTest, AServerThatCannotTellSaysSo) {
    wire.then("* CAPABILITY IMAP4rev1\r\n% OK done\r\n").then(selected);
    const auto told = session.idle(10s);
    ASSERT_TRUE(told);
    EXPECT_FALSE(*told);
}

TEST_F(ImapSessionTest, FoldersWithQuotesStayOneName) {
    ImapSession odd{wire, "a\"b\\c\r\nd", After::mark};
    greet();
    wire.then("* SEARCH\r\n% OK done\r\n");
    EXPECT_TRUE(odd.list(1));
    EXPECT_EQ(wire.sent[1], "g2 SELECT \"a\\\"b\\\\cd\"");
}

TEST(ImapAnswer, NamesAreReadStrictly) {
    EXPECT_TRUE(parse_imap_uid("77.5"));
    for (const auto* text :
         {"", "77", "77.", ".5", "77.0", "77.05", "077.5", "77.5 ", "77.5.6", "-1.5", "77.99999999999"})
        EXPECT_FALSE(parse_imap_uid(text)) << text;
    EXPECT_EQ(literal_size("x {12}"), 12U);
    EXPECT_EQ(literal_size("x {12+}"), 12U);
    for (const auto* text : {"x {}", "x {-1}", "x {12", "12}", "x {12} ", "{99999999999999999999999}"})
        EXPECT_FALSE(literal_size(text)) << text;
    EXPECT_EQ(number_after("* 1 FETCH (RFC822.SIZE 10 UID 5)", "UID"), 5U);
    EXPECT_FALSE(number_after("* 1 FETCH (XUID 10)", "UID"));
}

}  // namespace
}  // namespace garita::mailbox
