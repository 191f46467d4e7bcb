// Steps of on call and quiet hours by mail.

#include <gmock/gmock.h>

#include "decide/escalation.hpp"
#include "sender_world.hpp"

namespace garita::mail {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

/// The night begins at 22:00; the test at midnight.
class OnCallMail : public MailSenderTest {
  protected:
    OnCallMail() {
        office.options.on_call.emplace();
        office.options.on_call->steps = {{10min, "mail eva"}};
        add(eva, "en");
        settings.to[1].step = 1;
        restart();
    }
    void restart() {
        escalation.emplace(store, office.options);
        start();
    }
    void pass(Duration span) {
        const auto end = office.now + span;
        while (office.now < end) {
            ASSERT_TRUE(escalation->step(office.now));
            run_for(std::min<Duration>(5s, end - office.now));
        }
    }
    void be_quiet(std::size_t who) {
        settings.to[who].quiet.from = 22h;
        settings.to[who].quiet.to = 7h;
        restart();
    }
    void take(CaseId id, Duration lasts) {
        decide::AnswerRequest request;
        request.case_id = id;
        request.response = Response::acknowledge;
        request.by = tests::person("ana");
        request.lasts = lasts;
        ASSERT_TRUE(office.desk.answer(request, office.now));
    }
    void raise_many(int count) {
        std::vector<Alert> flood;
        for (int i = 1; i <= count; ++i)
            flood.push_back(tests::flood_alert("10.0.0." + std::to_string(i)));
        office.raise(std::move(flood));
        office.file();
    }
    std::optional<decide::Escalation> escalation;
};

TEST_F(OnCallMail, WhomAStepNamesIsToldOnceNobodyHasAnswered) {
    pass(30s);
    raise("192.0.2.7");
    pass(9min);
    EXPECT_THAT(post.to(ana), SizeIs(1));
    EXPECT_THAT(post.to(eva), IsEmpty());
    pass(2min);
    ASSERT_THAT(post.to(eva), SizeIs(1));
    EXPECT_THAT(post.to(eva)[0], HasSubstr("Nobody has answered for 10 min."));
    EXPECT_THAT(post.to(eva)[0], HasSubstr("further people were told"));
    restart();
    pass(1h);
    EXPECT_EQ(post.sent, 2) << "nobody is told twice";
}

TEST_F(OnCallMail, AnAnswerInTimeTellsThemNothing) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(9min);
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    office.run(office.settlement);
    pass(1h);
    EXPECT_THAT(post.to(eva), IsEmpty());
    EXPECT_THAT(post.to(ana), SizeIs(2));
}

TEST_F(OnCallMail, AnAnswerAfterTheStepEndsItForThemToo) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(12min);
    ASSERT_THAT(post.to(eva), SizeIs(1));
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    office.run(office.settlement);
    pass(5min);
    EXPECT_THAT(post.to(eva), SizeIs(2));
}

TEST_F(OnCallMail, WhatSomebodyTookWhileTheServerWasAwayPagesNobody) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    post.answer = [](const Outgoing&) { return fault(Delivery::Kind::later); };
    pass(11min);
    EXPECT_EQ(find(id).duty.step, 1);
    take(id, 30min);
    post.answer = nullptr;
    pass(20min);
    EXPECT_THAT(post.to(eva), IsEmpty());
    pass(15min);
    ASSERT_THAT(post.to(eva), SizeIs(1));
    EXPECT_THAT(post.to(eva)[0], HasSubstr("The time of ana is over"));
}

TEST_F(OnCallMail, WhenSomebodysTimeIsOverAllWhoKnowOfTheCaseHearOfIt) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(12min);
    ASSERT_THAT(post.to(eva), SizeIs(1));
    take(id, 30min);
    pass(29min);
    EXPECT_THAT(post.to(ana), SizeIs(1));
    EXPECT_THAT(post.to(eva), SizeIs(1));
    pass(2min);
    for (const auto& who : {ana, eva}) {
        ASSERT_THAT(post.to(who), SizeIs(2));
        EXPECT_THAT(post.to(who)[1], HasSubstr("The time of ana is over"));
        EXPECT_EQ(header_of(post.to(who)[1], "In-Reply-To"), header_of(post.to(who)[0], "Message-ID"));
    }
    take(id, 5min);
    restart();
    pass(10min);
    ASSERT_THAT(post.to(ana), SizeIs(3)) << "each end once";
    EXPECT_NE(header_of(post.to(ana)[1], "Message-ID"), header_of(post.to(ana)[2], "Message-ID"));
    restart();
    pass(1h);
    EXPECT_THAT(post.to(ana), SizeIs(3));
}

TEST_F(OnCallMail, AMassOfCasesComesToTheStepAsOneDigest) {
    pass(30s);
    raise_many(50);
    pass(15min);
    ASSERT_THAT(post.to(eva), SizeIs(1));
    EXPECT_THAT(post.to(eva)[0], HasSubstr("Nobody has answered these cases so far."));
    EXPECT_THAT(post.to(eva)[0], HasSubstr("Waiting for an answer: 50"));
}

TEST_F(OnCallMail, QuietHoursHoldBackAndEndWithOneDigest) {
    be_quiet(0);
    const auto over = raise("192.0.2.7");
    raise_many(20);
    pass(6h);
    EXPECT_THAT(post.to(ana), IsEmpty());
    ASSERT_TRUE(office.answer(find(over), Response::allow));
    office.run(office.settlement);
    restart();
    pass(59min);
    EXPECT_THAT(post.to(ana), IsEmpty());
    pass(2min);
    ASSERT_THAT(post.to(ana), SizeIs(1));
    EXPECT_THAT(post.to(ana)[0], HasSubstr("Waiting for an answer: 20"));
    EXPECT_THAT(post.to(ana)[0], Not(HasSubstr("192.0.2.7"))) << "it is over";
    pass(12h);
    EXPECT_THAT(post.to(ana), SizeIs(1));
}

TEST_F(OnCallMail, WhatBecomesSevereInQuietHoursIsToldAtOnce) {
    be_quiet(0);
    raise("192.0.2.7");
    raise("192.0.2.8");
    pass(1h);
    EXPECT_THAT(post.to(ana), IsEmpty());
    raise("192.0.2.9", Severity::critical);
    pass(10s);
    ASSERT_THAT(post.to(ana), SizeIs(1));
    EXPECT_THAT(post.to(ana)[0], HasSubstr("192.0.2.9"));
    office.file(tests::flood_alert("192.0.2.8", Severity::critical));
    pass(10s);
    ASSERT_THAT(post.to(ana), SizeIs(2));
    EXPECT_THAT(post.to(ana)[1], HasSubstr("192.0.2.8"));
    pass(7h);
    ASSERT_THAT(post.to(ana), SizeIs(3));
    EXPECT_THAT(post.to(ana)[2], HasSubstr("192.0.2.7"));
}

TEST_F(OnCallMail, HeldBackForOneItHidesNobodysLetters) {
    be_quiet(0);
    std::vector<Alert> flood;
    for (int i = 0; i < 6000; ++i)
        flood.push_back(
            tests::flood_alert("10.1." + std::to_string(i / 250) + '.' + std::to_string(i % 250 + 1)));
    office.raise(std::move(flood));
    office.file();
    run_for(3min);
    EXPECT_THAT(post.to(ana), IsEmpty());
    raise("192.0.2.9", Severity::critical);
    run_for(10s);
    ASSERT_THAT(post.to(ana), SizeIs(1));
    EXPECT_THAT(post.to(ana)[0], HasSubstr("192.0.2.9"));
}

TEST_F(OnCallMail, AnEndInQuietHoursIsToldInTheMorning) {
    be_quiet(0);
    office.now += 12h;
    const auto id = raise("192.0.2.7");
    pass(1min);
    ASSERT_THAT(post.to(ana), SizeIs(1));
    office.now += 12h;
    restart();
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    office.run(office.settlement);
    pass(1h);
    EXPECT_THAT(post.to(ana), SizeIs(1));
    office.now += 6h;
    pass(2min);
    EXPECT_THAT(post.to(ana), SizeIs(2));
}

}  // namespace
}  // namespace garita::mail
