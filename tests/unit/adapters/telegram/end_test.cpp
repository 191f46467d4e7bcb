// That it is over is told by a message of its own, once.

#include "channel_test.hpp"

namespace garita::telegram {
namespace {

class EndTest : public ChannelTest {
  protected:
    /// As a detector does whose matter is over.
    void end(CaseId id) {
        office.write([&](store::Transaction& t) {
            auto about = *t.find_case(id);
            about.facts["over"] = "2026-11-22T12:00:00Z";
            t.update_case(about);
            if (about.state == CaseState::open) t.decide(by_itself(id), CaseState::closed, office.now);
        });
    }
    Decision by_itself(CaseId id) {
        Decision decision;
        decision.case_id = id;
        decision.response = Response::nothing;
        decision.by = {Actor::Kind::system, "port watch", {}, Role::administrator};
        decision.at = office.now;
        return decision;
    }
    std::vector<FakeBotApi::Shown> ends(std::int64_t where = chat) {
        auto all = api.in(where);
        std::erase_if(all,
                      [](const auto& one) { return one.text.find("is over since") == std::string::npos; });
        return all;
    }
    std::int64_t question() {
        for (const auto& [id, shown] : api.messages)
            if (shown.answers == 0) return id;
        return 0;
    }
};

TEST_F(EndTest, AnswersTheQuestionOnceOverRestarts) {
    start();
    const auto id = raise("192.0.2.7");
    send_for(5s);
    end(id);
    send_for(10s);
    ASSERT_EQ(ends().size(), 1U);
    EXPECT_THAT(ends()[0].text, HasSubstr("#" + std::to_string(id.value) +
                                          " is over since 2026-11-22T12:00:00Z: HTTP errors"));
    EXPECT_EQ(ends()[0].answers, question());
    EXPECT_TRUE(ends()[0].keyboard.empty());
    for (int i = 0; i < 3; ++i) {
        start();
        office.write([&](store::Transaction& t) { t.touch_case(id, office.now); });
        send_for(1min);
    }
    EXPECT_EQ(ends().size(), 1U);
    EXPECT_EQ(api.in(chat).size(), 2U);
}

TEST_F(EndTest, IsToldAlsoOfACaseThatWasAnswered) {
    settings.chats = {{{chat, std::nullopt}, "en"}, {{group, 5}, "en"}};
    start();
    const auto id = raise("192.0.2.7");
    send_for(5s);
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    send_for(10s);
    EXPECT_TRUE(ends().empty());
    end(id);
    send_for(10s);
    EXPECT_EQ(ends().size(), 1U);
    ASSERT_EQ(ends(group).size(), 1U);
    EXPECT_EQ(ends(group)[0].place.thread, 5);
}

TEST_F(EndTest, OfAQuestionThatWasNeverSentNothingIsTold) {
    start();
    const auto id = raise("192.0.2.7");
    end(id);
    send_for(1min);
    EXPECT_TRUE(api.in(chat).empty());
}

TEST_F(EndTest, AKillBeforeTheResultIsKnownTellsItAgainAndSaysSo) {
    start();
    const auto id = raise("192.0.2.7");
    send_for(5s);
    end(id);
    api.after_effect = [&] {
        if (!ends().empty()) store.refuse_writes(Error{ErrorCode::full, "killed", Retry::later});
    };
    for (int i = 0; i < 20 && ends().empty(); ++i) {
        (void)sender->step(office.now);
        office.now += 1s;
    }
    ASSERT_EQ(ends().size(), 1U);
    api.after_effect = nullptr;
    store.refuse_writes(std::nullopt);
    start();
    send_for(1min);
    start();
    send_for(1min);
    ASSERT_EQ(ends().size(), 2U);
    EXPECT_THAT(ends()[1].text, HasSubstr("may appear twice"));
}

TEST_F(EndTest, WhatTelegramDoesNotTakeIsTriedAgain) {
    start();
    const auto id = raise("192.0.2.7");
    send_for(5s);
    end(id);
    int faults = 3;
    api.fault = [&](std::int64_t) -> std::optional<ApiError> {
        if (faults-- > 0) return error(ApiError::Kind::transient);
        return std::nullopt;
    };
    send_for(5min);
    EXPECT_EQ(ends().size(), 1U);
    EXPECT_THAT(ends()[0].text, Not(HasSubstr("may appear twice")));
}

}  // namespace
}  // namespace garita::telegram
