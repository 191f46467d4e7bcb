// The dialogue with POP3 servers that are well, odd and hostile.

#include "adapters/mailbox/pop3_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "scripted_wire.hpp"

namespace garita::mailbox {
namespace {

using testing::ElementsAre;
using After = MailboxServer::After;

class Pop3SessionTest : public ::testing::Test {
  protected:
    void greet() {
        wire.then("+OK\r\n1 aaa\r\n2 bbb\r\n.\r\n").then("+OK 2 letters\r\n1 30\r\n2 400\r\n.\r\n");
    }
    ScriptedWire wire;
    Pop3Session session{wire, After::remove};
};

TEST_F(Pop3SessionTest, ListsByLastingNames) {
    greet();
    const auto letters = session.list(10);
    ASSERT_TRUE(letters);
    ASSERT_EQ(letters->size(), 2U);
    EXPECT_EQ((*letters)[0].uid, "aaa");
    EXPECT_EQ((*letters)[1].size, 400U);
    EXPECT_EQ(session.list(1)->size(), 1U);
}

TEST_F(Pop3SessionTest, FetchesWithTheDotsTakenAway) {
    greet();
    wire.then("+OK\r\nFrom: a\r\n\r\n..b\r\n...\r\n.\r\n");
    const auto letter = session.fetch("aaa", 100);
    ASSERT_TRUE(letter);
    EXPECT_EQ(*letter, "From: a\r\n\r\n.b\r\n..\r\n");
    EXPECT_EQ(wire.sent.back(), "RETR 1");
}

TEST_F(Pop3SessionTest, ALongLetterIsNotFetched) {
    greet();
    const auto letter = session.fetch("bbb", 100);
    ASSERT_FALSE(letter);
    EXPECT_EQ(letter.error().code, ErrorCode::full);
    EXPECT_FALSE(session.is_broken());
    EXPECT_EQ(session.fetch("ccc", 100).error().code, ErrorCode::not_found);
}

TEST_F(Pop3SessionTest, AServerThatLiesAboutSizesIsLeft) {
    greet();
    wire.then("+OK\r\n" + std::string(200, 'x') + "\r\n.\r\n");
    const auto letter = session.fetch("aaa", 100);
    ASSERT_FALSE(letter);
    EXPECT_EQ(letter.error().code, ErrorCode::full);
    EXPECT_TRUE(session.is_broken());
}

TEST_F(Pop3SessionTest, RemovalIsSureOnlyAtTheEnd) {
    greet();
    wire.then("+OK\r\n").then("+OK bye\r\n");
    EXPECT_TRUE(session.finish({"bbb", "gone"}));
    EXPECT_THAT(wire.sent, ElementsAre("UIDL", "LIST", "DELE 2", "QUIT"));
    EXPECT_TRUE(session.is_broken()) << "the next look needs another session";
}

TEST_F(Pop3SessionTest, ARemovalThatIsCutIsNoRemoval) {
    greet();
    wire.then("+OK\r\n");
    EXPECT_FALSE(session.finish({"aaa"}));
    EXPECT_TRUE(session.is_broken());
}

TEST_F(Pop3SessionTest, WhatIsKeptIsNotTouched) {
    Pop3Session keeping{wire, After::mark};
    EXPECT_TRUE(keeping.finish({"aaa"}));
    EXPECT_TRUE(wire.sent.empty());
}

TEST_F(Pop3SessionTest, NewLettersAreNotHiddenBehindKeptOnes) {
    Pop3Session keeping{wire, After::mark};
    greet();
    const auto letters = keeping.list(1);
    ASSERT_TRUE(letters);
    EXPECT_EQ(letters->size(), 2U);
}

TEST_F(Pop3SessionTest, AServerWithoutLastingNamesIsRefused) {
    wire.then("-ERR unknown\r\n");
    const auto letters = session.list(10);
    ASSERT_FALSE(letters);
    EXPECT_EQ(letters.error().code, ErrorCode::invalid);
}

TEST_F(Pop3SessionTest, NonsenseIsNoLetter) {
    wire.then("+OK\r\nx aaa\r\n1\r\n2  \r\n3 a b\r\n4 ok\r\n5 ok\r\n99999999999999999999 x\r\n.\r\n");
    wire.then("+OK\r\n4 x\r\n7 1\r\n.\r\n");
    const auto letters = session.list(10);
    ASSERT_TRUE(letters);
    ASSERT_EQ(letters->size(), 1U);
    EXPECT_EQ((*letters)[0].uid, "ok");
    EXPECT_EQ((*letters)[0].size, 0U);
}

}  // namespace
}  // namespace garita::mailbox
