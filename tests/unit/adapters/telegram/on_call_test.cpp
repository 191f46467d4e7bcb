// Steps of on call, "I take it" and quiet hours in chats.

#include "channel_test.hpp"
#include "decide/escalation.hpp"

namespace garita::telegram {
namespace {

class OnCallChats : public ChannelTest {
  protected:
    OnCallChats() {
        settings.chats = {{{chat, std::nullopt}, "en"}, {{group, std::nullopt}, "en", 1}};
        settings.taking = Settings::Taking::on;
        add_person("boris", 78, Role::operator_);
        add_person("vera", 79, Role::viewer);
        office.options.on_call.emplace();
        office.options.on_call->steps = {{10min, "telegram night"}};
        restart();
    }
    void restart() {
        start();
        escalation.emplace(store, office.options);
    }
    void pass(Duration span) {
        const auto end = office.now + span;
        while (office.now < end) {
            (void)step(*escalation);
            send_for(std::min<Duration>(5s, end - office.now));
        }
    }
    void be_quiet() {
        settings.chats[0].quiet.from = 22h;
        settings.chats[0].quiet.to = 7h;  // it is midnight
        restart();
    }
    void raise_many(int count) {
        std::vector<Alert> flood;
        for (int i = 1; i <= count; ++i)
            flood.push_back(tests::flood_alert("10.0.0." + std::to_string(i)));
        office.raise(std::move(flood));
        office.file();
    }
    std::size_t count(std::int64_t where) { return api.in(where).size(); }
    static std::vector<std::string> labels(const FakeBotApi::Shown& shown) {
        std::vector<std::string> all;
        for (const auto& row : shown.keyboard)
            for (const auto& button : row)
                all.push_back(button.label);
        return all;
    }
    std::string last(std::int64_t where) { return api.in(where).back().text; }
    std::optional<decide::Escalation> escalation;
};

TEST_F(OnCallChats, TheNextChatIsAskedOnceNobodyHasAnswered) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(9min);
    EXPECT_EQ(count(chat), 1U);
    EXPECT_EQ(count(group), 0U);
    pass(2min);
    ASSERT_EQ(count(group), 1U);
    EXPECT_THAT(last(group), HasSubstr("Nobody had answered for 10 min"));
    EXPECT_FALSE(api.in(group)[0].keyboard.empty());
    EXPECT_THAT(last(chat), HasSubstr("further people were told")) << "the first copy says so too";
    restart();
    pass(1h);
    EXPECT_EQ(count(chat) + count(group), 2U);
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    pass(10s);
    EXPECT_TRUE(api.in(group)[0].keyboard.empty());
}

TEST_F(OnCallChats, AnAnswerInTimeAsksNobodyFurther) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(9min);
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    pass(1h);
    EXPECT_EQ(count(group), 0U);
}

TEST_F(OnCallChats, APressHoldsTheNextChatBackAndEveryCopySaysWho) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(1min);
    ASSERT_EQ(labels(api.in(chat)[0]).back(), "I take it");
    const auto button = labels(api.in(chat)[0]).size() - 1;
    hear({press(1, 79, button)});
    EXPECT_FALSE(find(id).duty.taken) << "a viewer";
    hear({press(2, ana, button)});
    EXPECT_THAT(api.toasts.back().text, HasSubstr("You take care of it until"));
    const auto version = find(id).version;
    hear({press(3, ana, button)});
    EXPECT_EQ(find(id).version, version) << "a second press is none";
    pass(25min);
    EXPECT_EQ(count(group), 0U);
    EXPECT_THAT(last(chat), HasSubstr("ana takes care of it until"));
    EXPECT_FALSE(api.in(chat)[0].keyboard.empty()) << "it stays open";
    pass(6min);
    ASSERT_EQ(count(chat), 2U) << "an edit wakes nobody";
    EXPECT_THAT(last(chat), HasSubstr("The time of ana is over"));
    EXPECT_EQ(api.in(chat)[1].answers, api.messages.begin()->first);
    EXPECT_EQ(count(group), 0U);
    pass(10min);
    EXPECT_EQ(count(group), 1U) << "it goes on where it stopped";
    restart();
    pass(1h);
    EXPECT_EQ(count(chat), 2U);
    EXPECT_EQ(count(group), 1U);
}

TEST_F(OnCallChats, EachEndIsToldOnceAndIsNoneWhereSomebodyElseHasIt) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(1min);
    hear({say(1, ana, "/take " + std::to_string(id.value) + " 5m")});
    EXPECT_THAT(last(chat), HasSubstr("You take care of it until"));
    const auto before = count(chat);
    pass(4min);
    hear({say(2, 78, "/ack " + std::to_string(id.value) + " 5m")});
    EXPECT_EQ(find(id).duty.taken->by.name, "boris");
    pass(4min);
    EXPECT_EQ(count(chat), before + 1) << "the answer to boris, and nothing of ana's end";
    pass(2min);
    EXPECT_EQ(count(chat), before + 2);
    EXPECT_THAT(last(chat), HasSubstr("The time of boris is over"));
    hear({say(3, ana, "/take " + std::to_string(id.value) + " 5m")});
    restart();
    pass(6min);
    EXPECT_EQ(count(chat), before + 4);
    EXPECT_THAT(last(chat), HasSubstr("The time of ana is over"));
}

TEST_F(OnCallChats, AStaleButtonSaysThatTheCaseIsAnswered) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(1min);
    const auto old = press(1, ana, labels(api.in(chat)[0]).size() - 1);
    ASSERT_TRUE(office.answer(find(id), Response::allow, tests::person("boris")));
    hear({old});
    EXPECT_THAT(api.toasts.back().text, HasSubstr("boris"));
    EXPECT_FALSE(find(id).duty.taken);
}

TEST_F(OnCallChats, WithoutOnCallThereIsNoSuchButton) {
    settings.taking = Settings::Taking::off;
    office.options.on_call.reset();
    restart();
    raise("192.0.2.7");
    pass(1min);
    for (const auto& label : labels(api.in(chat)[0]))
        EXPECT_NE(label, "I take it");
}

TEST_F(OnCallChats, FiftyThatComeToTheStepAtOnceAreOneList) {
    pass(30s);
    raise_many(50);
    pass(15min);
    ASSERT_EQ(count(group), 1U);
    EXPECT_THAT(last(group), HasSubstr("50 cases wait for an answer"));
    EXPECT_THAT(last(group), HasSubstr("/case_7 "));
    EXPECT_EQ(count(chat), 1U) << "those told at once get the digest of a flood";
    restart();
    pass(1h);
    EXPECT_EQ(count(group), 1U);
    hear({say(1, ana, "/case_7", group)});
    pass(1min);
    ASSERT_EQ(count(group), 2U);
    EXPECT_FALSE(api.in(group)[1].keyboard.empty()) << "tapped, it is asked with its buttons";
}

TEST_F(OnCallChats, AThousandAreOneDigest) {
    pass(30s);
    std::vector<Alert> flood;
    for (int i = 0; i < 1000; ++i)
        flood.push_back(
            tests::flood_alert("10.0." + std::to_string(i / 250) + '.' + std::to_string(i % 250 + 1)));
    office.raise(std::move(flood));
    office.file();
    pass(15min);
    EXPECT_EQ(count(group), 1U);
}

TEST_F(OnCallChats, WhatTelegramDidNotTakeIsNotAskedWhereSomebodyHasItMeanwhile) {
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(1min);
    api.fault = [](std::int64_t where) -> std::optional<ApiError> {
        if (where == group) return error(ApiError::Kind::slow_down);
        return std::nullopt;
    };
    pass(12min);
    EXPECT_EQ(find(id).duty.step, 1);
    hear({say(1, ana, "/take " + std::to_string(id.value) + " 1h")});
    api.fault = nullptr;
    pass(50min);
    EXPECT_EQ(count(group), 0U);
    pass(15min);
    EXPECT_EQ(count(group), 1U);
}

TEST_F(OnCallChats, WhoJoinsAStepIsNotWokenByWhatIsLongPast) {
    pass(30s);
    raise("192.0.2.7");
    settings.chats.pop_back();
    restart();
    pass(20min);
    office.now += 25h;
    settings.chats.push_back({{group, std::nullopt}, "en", 1});
    restart();
    pass(1h);
    EXPECT_EQ(count(group), 0U);
}

TEST_F(OnCallChats, TheEndOfATimeIsToldOfACaseInAListToo) {
    pass(30s);
    raise_many(50);
    pass(15min);
    ASSERT_EQ(count(group), 1U);
    hear({say(1, ana, "/take 7 5m", group)});
    const auto before = count(group);
    pass(1min);
    EXPECT_THAT(api.in(group)[0].text, HasSubstr("ana takes care of it"));
    pass(6min);
    EXPECT_EQ(count(group), before + 1);
    EXPECT_THAT(last(group), HasSubstr("The time of ana is over"));
}

TEST_F(OnCallChats, QuietHoursEndWithAList) {
    be_quiet();
    const auto over = raise("192.0.2.7");
    raise_many(10);
    pass(5h);
    EXPECT_EQ(count(chat), 0U);
    ASSERT_TRUE(office.answer(find(over), Response::allow));
    raise("192.0.2.9");
    office.file(tests::flood_alert("192.0.2.9", Severity::critical));
    pass(1min);
    ASSERT_EQ(count(chat), 1U) << "it became severe";
    EXPECT_THAT(last(chat), HasSubstr("192.0.2.9"));
    restart();
    pass(2h);
    ASSERT_EQ(count(chat), 2U);
    EXPECT_THAT(last(chat), HasSubstr("10 cases wait for an answer"));
    EXPECT_THAT(last(chat), Not(HasSubstr("192.0.2.7"))) << "what is over is not told";
    EXPECT_GE(office.now - Time{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}}, 7h);
}

TEST_F(OnCallChats, TheEndOfSomebodysTimeWaitsForTheEndOfQuietHours) {
    be_quiet();
    office.now += 21h;
    restart();
    pass(30s);
    const auto id = raise("192.0.2.7");
    pass(30min);
    hear({say(1, ana, "/take " + std::to_string(id.value) + " 1h")});
    const auto before = count(chat);
    pass(2h);
    EXPECT_TRUE(find(id).duty.taken->over);
    EXPECT_EQ(count(chat), before);
    pass(8h);
    ASSERT_EQ(count(chat), before + 1);
    EXPECT_THAT(last(chat), HasSubstr("The time of ana is over"));
}

}  // namespace
}  // namespace garita::telegram
