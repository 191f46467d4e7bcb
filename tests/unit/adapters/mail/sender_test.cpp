// Which letters there are, to whom, and what they say.

#include <gmock/gmock.h>

#include "sender_world.hpp"

namespace garita::mail {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;
using Kind = Delivery::Kind;

TEST_F(MailSenderTest, EachRecipientGetsOneLetterInTheirLanguage) {
    add(eva, "es");
    start();
    const auto id = raise("192.0.2.7");
    run_for(10min);
    ASSERT_THAT(post.to(ana), SizeIs(1));
    ASSERT_THAT(post.to(eva), SizeIs(1));
    EXPECT_EQ(post.sent, 2);
    const auto letter = post.to(ana)[0];
    EXPECT_EQ(header_of(letter, "Subject"), "[Garita] #1 web1: HTTP errors: 50 from 192.0.2.7");
    EXPECT_THAT(letter, HasSubstr("\r\nA case waits for an answer.\r\n"));
    EXPECT_THAT(letter, HasSubstr("  garita decide 1 block  (Block address)\r\n"));
    EXPECT_EQ(header_of(letter, "In-Reply-To"), "");
    EXPECT_THAT(post.to(eva)[0], HasSubstr("Bloquear IP"));
    EXPECT_NE(header_of(letter, "Message-ID"), header_of(post.to(eva)[0], "Message-ID"));
    for (const auto& row : rows(id)) {
        EXPECT_EQ(parse_told(row.external_id).stage, Stage::asked);
        EXPECT_FALSE(row.sending_since);
    }
    EXPECT_EQ(health->snapshot().waiting, 0U);
}

TEST_F(MailSenderTest, SmallChangesAreNotTold) {
    raise("192.0.2.7");
    run_for(1s);
    for (int i = 0; i < 100; ++i) {
        office.file(tests::flood_alert("192.0.2.7"));
        run_for(10s);
    }
    EXPECT_EQ(post.sent, 1);
    run_for(10s);
    EXPECT_THAT(office.look([&](store::View& v) { return v.stale_messages("mail", office.now, 10); }),
                IsEmpty());
}

TEST_F(MailSenderTest, WhatBecomesMoreSevereIsTold) {
    raise("192.0.2.7");
    run_for(1s);
    office.file(tests::flood_alert("192.0.2.7", Severity::critical));
    run_for(1min);
    const auto letters = post.to(ana);
    ASSERT_THAT(letters, SizeIs(2));
    EXPECT_THAT(letters[1], HasSubstr("The case has become more severe: critical."));
    EXPECT_EQ(header_of(letters[1], "In-Reply-To"), header_of(letters[0], "Message-ID"));
    EXPECT_NE(header_of(letters[1], "Message-ID"), header_of(letters[0], "Message-ID"));
}

TEST_F(MailSenderTest, TheEndIsToldInTheSameThread) {
    const auto id = raise("192.0.2.7");
    run_for(1s);
    for (int i = 0; i < 3; ++i)
        office.file(tests::flood_alert("192.0.2.7"));  // its title would count on
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    office.run(office.settlement);
    run_for(10min);
    const auto letters = post.to(ana);
    ASSERT_THAT(letters, SizeIs(2)) << "one when it begins, one when it is over";
    EXPECT_EQ(header_of(letters[1], "Subject"), "Re: " + header_of(letters[0], "Subject"));
    EXPECT_EQ(header_of(letters[1], "In-Reply-To"), header_of(letters[0], "Message-ID"));
    EXPECT_EQ(header_of(letters[1], "References"), header_of(letters[0], "Message-ID"));
    EXPECT_THAT(letters[1], HasSubstr("The case is over."));
    EXPECT_THAT(letters[1], HasSubstr("Allow: decided by ana (telegram)"));
    EXPECT_THAT(letters[1], Not(HasSubstr("garita decide")));
}

TEST_F(MailSenderTest, AnAnswerWhoseEffectsTakeLongIsToldAfterAMinute) {
    const auto id = raise("192.0.2.7");
    run_for(1s);
    ASSERT_TRUE(office.answer(find(id), Response::block));  // web1 never confirms
    run_for(50s);
    EXPECT_EQ(post.sent, 1);
    run_for(15s);
    ASSERT_EQ(post.sent, 2);
    EXPECT_THAT(post.to(ana)[1], HasSubstr("its result is still to come"));
    run_for(1h);
    EXPECT_EQ(post.sent, 2);
}

TEST_F(MailSenderTest, WhoWantsOnlySevereCasesGetsThoseThatBecomeSo) {
    settings.to[0].least = Severity::critical;
    start();
    const auto id = raise("192.0.2.7");
    run_for(1min);
    EXPECT_EQ(post.sent, 0);
    office.file(tests::flood_alert("192.0.2.7", Severity::critical));
    run_for(1min);
    EXPECT_EQ(post.sent, 1);
    const auto other = raise("192.0.2.8");
    ASSERT_TRUE(office.answer(find(other), Response::allow));
    office.run(office.settlement);
    run_for(10min);
    EXPECT_EQ(post.sent, 1) << "the end of what was never told is not told";
    EXPECT_FALSE(rows(id).empty());
}

TEST_F(MailSenderTest, WhoIsNoRecipientAnyMoreIsLetGo) {
    post.answer = [](const Outgoing&) { return fault(Kind::later); };
    const auto id = raise("192.0.2.7");
    run_for(1s);
    settings.to.clear();
    add(eva, "en");
    post.answer = nullptr;
    start();
    run_for(1h);
    EXPECT_THAT(post.to(ana), IsEmpty());
    EXPECT_THAT(post.to(eva), SizeIs(1));
    for (const auto& row : rows(id))
        EXPECT_EQ(row.abandoned, row.place == ana);
}

TEST_F(MailSenderTest, ForeignTextReachesNoHeader) {
    auto alert = tests::flood_alert("192.0.2.7");
    alert.kind = "ssh_login";
    alert.facts = {{"user", "root\r\nBcc: eva@evil.example\r\n\r\n\x1b[31m"}};
    office.file(alert);
    run_for(1s);
    ASSERT_EQ(post.sent, 1);
    const auto mime = post.to(ana)[0];
    EXPECT_THAT(mime, Not(HasSubstr("\r\nBcc")));
    EXPECT_THAT(mime, Not(HasSubstr("\x1b")));
    EXPECT_THAT(mime.substr(0, mime.find("\r\n\r\n")),
                HasSubstr("Subject: =?utf-8?B?W0dhcml0YV0gIzEgd2ViMTog"));
}

}  // namespace
}  // namespace garita::mail
