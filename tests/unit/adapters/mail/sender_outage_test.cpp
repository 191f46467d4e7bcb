// Servers that are away, refuse or hang, and deaths in the middle.

#include <algorithm>
#include <set>

#include <gmock/gmock.h>

#include "sender_world.hpp"

namespace garita::mail {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Delivery::Kind;

TEST_F(MailSenderTest, AfterARestartNothingIsSentTwice) {
    raise("192.0.2.7");
    run_for(10s);
    start();
    run_for(1min);
    EXPECT_EQ(post.sent, 1);
}

TEST_F(MailSenderTest, WhatACrashInterruptedGoesAgainUnderTheSameName) {
    raise("192.0.2.7");
    post.answer = [&](const Outgoing& letter) -> std::optional<Delivery> {
        post.taken.push_back(letter);  // the server has it, and nobody writes it down
        return std::nullopt;
    };
    run_for(10s);
    EXPECT_EQ(post.sent, 1);
    post.answer = nullptr;
    start();
    run_for(10min);
    const auto letters = post.to(ana);
    ASSERT_THAT(letters, SizeIs(2));
    EXPECT_EQ(header_of(letters[0], "Message-ID"), header_of(letters[1], "Message-ID"));
}

TEST_F(MailSenderTest, SilenceAfterTheWholeLetterGoesAgainUnderTheSameName) {
    post.answer = [&](const Outgoing& letter) -> std::optional<Delivery> {
        post.taken.push_back(letter);
        post.answer = nullptr;
        return fault(Kind::later, "timed out", true);
    };
    const auto id = raise("192.0.2.7");
    run_for(5s);
    EXPECT_TRUE(rows(id)[0].sending_since) << "it may be there already";
    run_for(5min);
    const auto letters = post.to(ana);
    ASSERT_THAT(letters, SizeIs(2));
    EXPECT_EQ(header_of(letters[0], "Message-ID"), header_of(letters[1], "Message-ID"));
}

TEST_F(MailSenderTest, AServerThatIsAwayLosesNothingAndIsNotHammered) {
    add(eva, "ru");
    start();
    post.answer = [](const Outgoing&) { return fault(Kind::server_trouble, "mail:587: refused"); };
    std::vector<CaseId> ids;
    for (int i = 1; i <= 4; ++i) {
        ids.push_back(raise("192.0.2." + std::to_string(i)));
        run_for(15min);
    }
    ASSERT_TRUE(office.answer(find(ids[0]), Response::allow));
    office.run(office.settlement);
    EXPECT_LT(post.sent, 45) << "an hour, at most every five minutes when it lasts";
    EXPECT_THAT(health->snapshot().troubles, ElementsAre("server: mail:587: refused"));
    EXPECT_GT(health->snapshot().waiting, 0U);
    post.answer = nullptr;
    post.sent = 0;
    run_for(20min);
    for (const auto& to : {ana, eva}) {
        EXPECT_THAT(post.to(to), SizeIs(4)) << to;
        std::set<std::string> names;
        for (const auto& letter : post.to(to))
            names.insert(header_of(letter, "Message-ID"));
        EXPECT_EQ(names.size(), 4U);
    }
    EXPECT_EQ(post.sent, 8);
    EXPECT_THAT(health->snapshot().troubles, IsEmpty());
    EXPECT_TRUE(std::any_of(post.taken.begin(), post.taken.end(), [](const Outgoing& letter) {
        return letter.mime.find("The case is over.") != std::string::npos;
    })) << "what ended meanwhile is told as it is now, once";
}

TEST_F(MailSenderTest, ATemporaryRefusalConcernsItsRecipientOnly) {
    add(eva, "en");
    start();
    int refusals = 0;
    post.answer = [&](const Outgoing& letter) -> std::optional<Delivery> {
        if (letter.to != ana || ++refusals > 3) return Delivery{0, Kind::taken, "250", false};
        return fault(Kind::later);
    };
    const auto id = raise("192.0.2.7");
    run_for(30s);
    EXPECT_THAT(post.to(eva), SizeIs(1));
    EXPECT_THAT(post.to(ana), IsEmpty());
    EXPECT_EQ(rows(id)[0].last_error, "450 not now");
    run_for(12min);
    EXPECT_THAT(post.to(ana), SizeIs(1));
    EXPECT_EQ(refusals, 4);
    EXPECT_THAT(health->snapshot().troubles, IsEmpty());
}

TEST_F(MailSenderTest, APauseIsSleptNoLongerThanItLasts) {
    std::vector<Time> tried;
    post.answer = [&](const Outgoing&) -> std::optional<Delivery> {
        tried.push_back(office.now);
        return fault(Kind::later);
    };
    raise("192.0.2.7");
    step();
    office.now += 1s;
    step();  // learns of it
    while (tried.size() < 2) {
        office.now += 1s;  // something else wakes it
        office.now += step();
    }
    EXPECT_GE(tried[1] - tried[0], 48s);
    EXPECT_LT(tried[1] - tried[0], 75s);
}

TEST_F(MailSenderTest, ARefusalForEverIsGivenUpShownAndRecorded) {
    add(eva, "en");
    start();
    post.answer = [&](const Outgoing& letter) -> std::optional<Delivery> {
        if (letter.to == eva) return fault(Kind::refused, "550 5.1.1 no such user");
        return Delivery{0, Kind::taken, "250", false};
    };
    const auto id = raise("192.0.2.7");
    run_for(1h);
    EXPECT_THAT(post.to(ana), SizeIs(1));
    EXPECT_EQ(post.sent, 2);
    EXPECT_THAT(health->snapshot().troubles, ElementsAre(AllOf(HasSubstr(eva), HasSubstr("550 5.1.1"))));
    EXPECT_THAT(office.verbs(), Contains("message_given_up"));
    bool abandoned = false;
    for (const auto& row : rows(id))
        if (row.place == eva) abandoned = row.abandoned && row.last_error == "550 5.1.1 no such user";
    EXPECT_TRUE(abandoned);
    post.answer = nullptr;
    raise("192.0.2.8");
    run_for(1min);
    EXPECT_THAT(post.to(eva), SizeIs(1)) << "the next case is tried again";
    EXPECT_THAT(health->snapshot().troubles, IsEmpty());
}

TEST_F(MailSenderTest, TemporaryRefusalsEndSomeDay) {
    post.answer = [](const Outgoing&) { return fault(Kind::later); };
    const auto id = raise("192.0.2.7");
    run_for(24h * 7);
    EXPECT_TRUE(rows(id)[0].abandoned);
    EXPECT_LT(post.sent, 70);
    EXPECT_GT(post.sent, 40);
}

TEST_F(MailSenderTest, AWrongPasswordIsTriedSeldom) {
    post.answer = [](const Outgoing&) { return fault(Kind::login_refused, "535"); };
    for (int i = 1; i < 10; ++i)
        raise("192.0.2." + std::to_string(i));
    run_for(1h);
    EXPECT_LE(post.sent, 8);
    EXPECT_GE(post.sent, 4);
}

TEST_F(MailSenderTest, ARecipientWhoseServerHangsDelaysNobody) {
    add(eva, "en");
    start();
    post.answer = [&](const Outgoing& letter) -> std::optional<Delivery> {
        if (letter.to == ana) return std::nullopt;
        return Delivery{0, Kind::taken, "250", false};
    };
    for (int i = 1; i < 5; ++i)
        raise("192.0.2." + std::to_string(i));
    run_for(1min);
    EXPECT_THAT(post.to(eva), SizeIs(4));
    EXPECT_THAT(post.held, SizeIs(1)) << "one at a time to each";
}

}  // namespace
}  // namespace garita::mail
