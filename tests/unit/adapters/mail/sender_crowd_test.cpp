// More cases than anybody wants letters about.

#include <gmock/gmock.h>

#include "sender_world.hpp"

namespace garita::mail {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using Kind = Delivery::Kind;

TEST_F(MailSenderTest, AFloodIsAFewLettersAndADigest) {
    std::vector<Alert> flood;
    for (int i = 0; i < 1000; ++i)
        flood.push_back(
            tests::flood_alert("10.0." + std::to_string(i / 250) + '.' + std::to_string(i % 250 + 1),
                               i == 777 ? Severity::critical : Severity::warning));
    office.raise(std::move(flood));
    office.file();
    run_for(5min);
    auto letters = post.to(ana);
    ASSERT_THAT(letters, SizeIs(11));
    EXPECT_THAT(letters[0], HasSubstr("Severity: critical")) << "the worst one first";
    EXPECT_EQ(header_of(letters[10], "Subject"), "[Garita] Many cases: 990");
    EXPECT_THAT(letters[10], HasSubstr("Waiting for an answer: 990"));
    EXPECT_THAT(letters[10], HasSubstr("and 950 more"));
    EXPECT_LT(letters[10].size(), 10000U);
    run_for(1h);
    EXPECT_EQ(post.sent, 11) << "nothing is told twice";
    for (const auto& about : office.cases())
        ASSERT_TRUE(office.answer(about, Response::allow));
    office.run(office.settlement);
    run_for(5min);
    letters = post.to(ana);
    ASSERT_THAT(letters, SizeIs(22));
    EXPECT_THAT(letters[21], HasSubstr("Answered or over: 990"));
    start();
    run_for(1h);
    EXPECT_THAT(post.to(ana), SizeIs(22));
}

TEST_F(MailSenderTest, ACrowdThatWaitsForOneHidesNobodysLetters) {
    add(eva, "en");
    start();
    post.answer = [&](const Outgoing& letter) -> std::optional<Delivery> {
        return letter.to == ana ? fault(Kind::later) : Delivery{0, Kind::taken, "250", false};
    };
    std::vector<Alert> flood;
    for (int i = 0; i < 6000; ++i)
        flood.push_back(
            tests::flood_alert("10.1." + std::to_string(i / 250) + '.' + std::to_string(i % 250 + 1)));
    office.raise(std::move(flood));
    office.file();
    run_for(30min);
    EXPECT_THAT(post.to(ana), IsEmpty());
    const auto before = post.to(eva).size();
    raise("192.0.2.7");
    run_for(1min);
    const auto letters = post.to(eva);
    ASSERT_EQ(letters.size(), before + 1);
    EXPECT_THAT(letters.back(), HasSubstr("192.0.2.7"));
}

TEST_F(MailSenderTest, ACaseToldByADigestAnswersTheDigest) {
    settings.limit = 1;
    start();
    std::vector<CaseId> ids;
    for (int i = 1; i < 5; ++i)
        ids.push_back(raise("192.0.2." + std::to_string(i)));
    run_for(2min);
    auto letters = post.to(ana);
    ASSERT_THAT(letters, SizeIs(2));
    office.now += 1h;
    ASSERT_TRUE(office.answer(find(ids[3]), Response::allow));
    office.run(office.settlement);
    run_for(1min);
    letters = post.to(ana);
    ASSERT_THAT(letters, SizeIs(3));
    EXPECT_EQ(header_of(letters[2], "In-Reply-To"), header_of(letters[1], "Message-ID"));
    EXPECT_THAT(header_of(letters[2], "Subject"), HasSubstr("[Garita] #4 web1"));
}

TEST_F(MailSenderTest, AnInterruptedDigestGoesAgainWithTheSameCasesAndName) {
    settings.limit = 1;
    start();
    for (int i = 1; i < 5; ++i)
        raise("192.0.2." + std::to_string(i));
    post.answer = [&](const Outgoing& letter) -> std::optional<Delivery> {
        if (letter.mime.find("Many cases") == std::string::npos)
            return Delivery{0, Kind::taken, "250", false};
        post.taken.push_back(letter);
        return std::nullopt;
    };
    run_for(2min);
    ASSERT_THAT(post.to(ana), SizeIs(2));
    post.answer = nullptr;
    raise("192.0.2.50");
    start();
    run_for(5s);
    const auto letters = post.to(ana);
    ASSERT_GE(letters.size(), 3U);
    EXPECT_EQ(header_of(letters[1], "Message-ID"), header_of(letters[2], "Message-ID"));
    EXPECT_THAT(letters[2], HasSubstr("Waiting for an answer: 3"));
    run_for(30min);
    bool told = false;
    for (const auto& letter : post.to(ana))
        told = told || letter.find("192.0.2.50") != std::string::npos;
    EXPECT_TRUE(told) << "what came later is in a letter with another name";
}

}  // namespace
}  // namespace garita::mail
