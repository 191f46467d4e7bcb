// Chats that ask to be let in, administrators who answer by buttons, and what is silent afterwards.

#include <set>
#include <thread>

#include "channel_test.hpp"

namespace garita::telegram {
namespace {

class AdmissionTest : public ChannelTest {
  protected:
    static constexpr std::int64_t boss = 90;
    static constexpr std::int64_t chief = 91;
    static constexpr std::int64_t stranger = 666;
    static constexpr std::int64_t ops = -700;
    static constexpr std::size_t allow = 0;
    static constexpr std::size_t ignore = 1;
    static constexpr std::size_t block = 2;

    AdmissionTest() {
        add_person("boss", boss, Role::administrator);
        start();
    }
    /// Everything that waits is sent, as the pace allows it.
    void settle() { send_for(5s); }
    void ask_in(std::int64_t in, std::string title = "ops_team") {
        hear({joined(++update_, in, std::move(title))});
        settle();
    }
    void stranger_starts(std::int64_t who = stranger) {
        hear({say(++update_, who, "/start", who)});
        settle();
    }
    std::string push(std::int64_t by, std::size_t button, std::int64_t in = boss) {
        const auto pressed = press(++update_, by, button, in);
        hear({pressed});
        settle();
        return api.toasts.back().text;
    }
    /// Presses what a keyboard of before offered.
    std::string push_old(std::int64_t by, const Update& pressed) {
        auto again = pressed;
        again.id = ++update_;
        std::get<Press>(again.what).from.id = by;
        hear({again});
        settle();
        return api.toasts.back().text;
    }
    std::string told(std::int64_t in) {
        const auto all = api.in(in);
        return all.empty() ? std::string() : all.back().text;
    }
    std::size_t questions_in(std::int64_t in, const std::string& address) {
        std::size_t found = 0;
        for (const auto& shown : api.in(in))
            found += shown.text.find(address) != std::string::npos ? 1 : 0;
        return found;
    }
    int count(std::string_view verb) {
        const auto verbs = office.verbs();
        return static_cast<int>(std::count(verbs.begin(), verbs.end(), verb));
    }
    std::int64_t update_ = 100;
};

TEST_F(AdmissionTest, AStrangersStartIsPutToTheAdministratorsAndAnAllowedChatGetsCases) {
    stranger_starts();
    EXPECT_THAT(told(stranger), HasSubstr("administrator has been asked"));
    ASSERT_EQ(api.in(boss).size(), 1U);
    EXPECT_THAT(told(boss), HasSubstr("New private chat: Name (id 666)"));
    ASSERT_EQ(api.in(boss)[0].keyboard.at(0).size(), 3U);
    EXPECT_EQ(push(boss, allow), "Accepted: ✅ Allow");
    EXPECT_THAT(told(stranger), HasSubstr("has opened access"));
    EXPECT_THAT(told(boss), HasSubstr("Allowed by boss (telegram) at 2026"));
    EXPECT_TRUE(api.in(boss)[0].keyboard.empty());
    EXPECT_EQ(count("chat_allowed"), 1);
    raise("192.0.2.7");
    settle();
    EXPECT_EQ(questions_in(stranger, "192.0.2.7"), 1U);
    EXPECT_EQ(questions_in(chat, "192.0.2.7"), 1U);
}

TEST_F(AdmissionTest, AGroupWithAnyNameIsAskedAboutAsPlainText) {
    ask_in(ops, "ops_*team*\n[x](http://evil) \xE2\x80\xAEgpj");
    EXPECT_THAT(told(boss), HasSubstr("New group: ops_*team* [x](http://evil) gpj (id -700)"));
    EXPECT_EQ(api.in(ops).size(), 0U) << "nothing is said in the group before somebody allows it";
}

TEST_F(AdmissionTest, EachChatIsAskedAboutOnceWhileItWaitsAndAfterBeingIgnored) {
    ask_in(ops);
    ask_in(ops);
    hear({say(++update_, stranger, "/start", ops)});
    settle();
    EXPECT_EQ(api.in(boss).size(), 1U);
    EXPECT_THAT(told(ops), HasSubstr("has been asked"));
    push(boss, ignore);
    ask_in(ops);
    EXPECT_EQ(api.in(boss).size(), 1U);
    office.now += 25h;
    ask_in(ops);
    EXPECT_EQ(api.in(boss).size(), 2U) << "ignored for a day only";
    push(boss, block);
    office.now += 1000h;
    ask_in(ops);
    EXPECT_EQ(api.in(boss).size(), 2U);
}

TEST_F(AdmissionTest, EveryAdministratorIsAskedAndSeesWhoDecided) {
    add_person("chief", chief, Role::administrator);
    settings.people.back().language = "es";
    start();
    ask_in(ops);
    EXPECT_THAT(told(chief), HasSubstr("Grupo nuevo: ops_team (id -700)"));
    const auto slow = press(++update_, chief, block, chief);
    push(boss, allow);
    EXPECT_THAT(told(chief), HasSubstr("Permitido por boss (telegram)"));
    EXPECT_THAT(push_old(chief, slow), HasSubstr("Ya está decidido. ✅ Permitido por boss"));
    EXPECT_TRUE(chats->serves(ops)) << "the first word counts";
    EXPECT_EQ(count("chat_banned"), 0);
}

TEST_F(AdmissionTest, OnlyAnAdministratorDecidesWhoeverPresses) {
    ask_in(ops);
    const auto button = press(++update_, boss, allow, boss);
    EXPECT_THAT(push_old(ana, button), HasSubstr("Only an administrator"));
    EXPECT_THAT(push_old(stranger, button), HasSubstr("does not know you"));
    auto elsewhere = button;
    std::get<Press>(elsewhere.what).chat = chat;
    EXPECT_THAT(push_old(boss, elsewhere), HasSubstr("not valid"));
    auto stand_in = button;
    std::get<Press>(stand_in.what).from.is_bot = true;
    EXPECT_THAT(push_old(boss, stand_in), HasSubstr("Anonymous"));
    EXPECT_FALSE(chats->serves(ops));
    EXPECT_EQ(count("decide_refused"), 4);
    EXPECT_THAT(push_old(boss, button), HasSubstr("Accepted"));
}

TEST_F(AdmissionTest, TicketsAreAllDifferentAndSayNothing) {
    ask_in(ops);
    ask_in(-701, "others");
    std::set<std::string> seen;
    for (const auto& shown : api.in(boss))
        for (const auto& button : shown.keyboard.at(0)) {
            EXPECT_EQ(button.data.size(), 22U);
            EXPECT_EQ(button.data.find("700"), std::string::npos);
            seen.insert(button.data);
        }
    EXPECT_EQ(seen.size(), 6U);
}

TEST_F(AdmissionTest, ARequestOutlivesTheHubAndIsSentWhenTelegramIsThere) {
    api.fault = [](std::int64_t) { return std::optional(error(ApiError::Kind::transient)); };
    ask_in(ops);
    EXPECT_EQ(api.in(boss).size(), 0U);
    api.fault = {};
    start();
    settle();
    ASSERT_EQ(api.in(boss).size(), 1U);
    start();
    settle();
    EXPECT_EQ(api.in(boss).size(), 1U) << "not again: its id is known";
    push(boss, allow);
    start();
    raise("192.0.2.7");
    settle();
    EXPECT_EQ(questions_in(ops, "192.0.2.7"), 1U);
    EXPECT_EQ(api.in(ops).size(), 2U) << "the greeting once";
}

TEST_F(AdmissionTest, WhoIsWokenByARequestSeesItBeforeSleepingOn) {
    std::thread woken;
    std::size_t seen = 0;
    store.on_ring([&](const store::Ring& ring) {
        if (ring.topic != store::Topic::messages || woken.joinable()) return;
        woken = std::thread([&] {
            chats->catch_up();
            seen = chats->errands().size();
        });
    });
    hear({joined(++update_, ops, "ops")});
    ASSERT_TRUE(woken.joinable());
    woken.join();
    EXPECT_EQ(seen, 1U);
}

TEST_F(AdmissionTest, ARequestThatWentIntoACrashComesAgainWithTheSameButtons) {
    struct Crash {};
    api.after_effect = [] { throw Crash(); };
    hear({joined(++update_, ops, "ops")});
    EXPECT_THROW(sender->step(office.now), Crash);
    api.after_effect = {};
    const auto lost = api.in(boss).at(0).keyboard.at(0).at(allow).data;
    const auto sent = api.calls;
    start();
    settle();
    EXPECT_EQ(api.calls, sent + 1);
    EXPECT_EQ(api.in(boss).back().keyboard.at(0).at(allow).data, lost);
}

TEST_F(AdmissionTest, AnAdministratorWhoHasNotOpenedTheChatIsAskedLater) {
    api.fault = [](std::int64_t in) {
        return in == boss ? std::optional(error(ApiError::Kind::chat_gone)) : std::nullopt;
    };
    ask_in(ops);
    EXPECT_THAT(health->snapshot().troubles, ::testing::Contains(HasSubstr("open the chat with the bot")));
    api.fault = {};
    send_for(11min);
    EXPECT_EQ(api.in(boss).size(), 1U);
    EXPECT_TRUE(health->snapshot().troubles.empty());
}

TEST_F(AdmissionTest, WhatAnotherAdministratorSettlesIsNoTroubleAnyMore) {
    add_person("chief", chief, Role::administrator);
    start();
    api.fault = [](std::int64_t in) {
        return in == chief ? std::optional(error(ApiError::Kind::chat_gone)) : std::nullopt;
    };
    ask_in(ops);
    EXPECT_EQ(health->snapshot().troubles.size(), 1U);
    push(boss, allow);
    EXPECT_TRUE(health->snapshot().troubles.empty());
}

TEST_F(AdmissionTest, FloodsOfStrangersAreBounded) {
    for (std::int64_t who = 1000; who < 1200; ++who)
        hear({say(++update_, who, "/start", who)});
    send_for(10min);
    EXPECT_EQ(api.in(boss).size(), 20U);
    EXPECT_LT(value("telegram.roster")->size(), 20'000U);
    EXPECT_THAT(told(1199), Not(HasSubstr("has been asked")));
    for (int i = 0; i < 50; ++i) {  // in and out again: each time a new request
        office.now += 1min;
        hear({joined(++update_, ops, "ops"), joined(++update_, ops, "ops", false)});
    }
    send_for(10min);
    EXPECT_EQ(api.in(boss).size(), 20U);
    office.now += 8 * 24h;
    ask_in(ops);
    EXPECT_EQ(api.in(boss).size(), 21U) << "after a week others may ask";
}

TEST_F(AdmissionTest, AGroupThatIsLeftWaitsNoMore) {
    ask_in(ops);
    hear({joined(++update_, ops, "ops", false)});
    settle();
    EXPECT_THAT(told(boss), HasSubstr("request is over"));
    EXPECT_TRUE(api.in(boss)[0].keyboard.empty());
}

TEST_F(AdmissionTest, NobodyIsAskedWhereItIsOffOrNobodyAdministers) {
    settings.admission = Settings::Admission::off;
    start();
    ask_in(ops);
    stranger_starts();
    EXPECT_EQ(api.in(boss).size(), 0U);
    EXPECT_THAT(told(stranger), Not(HasSubstr("has been asked")));
    settings.admission = Settings::Admission::ask;
    settings.people[1].role = Role::approver;
    start();
    stranger_starts(667);
    EXPECT_THAT(told(667), Not(HasSubstr("has been asked")));
    EXPECT_FALSE(value("telegram.roster"));
}

TEST_F(AdmissionTest, PeopleOfTheConfigurationNeedNotAsk) {
    stranger_starts(ana);
    auto from_channel = say(++update_, 668, "/start", 668);
    std::get<TextMessage>(from_channel.what).from_chat = true;
    auto robot = say(++update_, 669, "/start", 669);
    std::get<TextMessage>(robot.what).from->is_bot = true;
    hear({from_channel, robot});
    settle();
    EXPECT_EQ(api.in(boss).size(), 0U);
}

TEST_F(AdmissionTest, AMovedGroupKeepsWhatWasSaid) {
    const auto move = [&](std::int64_t from, std::int64_t to) {
        TextMessage service;
        service.chat = from;
        service.migrate_to = to;
        hear({{++update_, service}});
        settle();
    };
    ask_in(ops);
    move(ops, -10070);  // while it waits
    EXPECT_THAT(told(boss), HasSubstr("(id -10070)"));
    push(boss, allow);
    EXPECT_THAT(told(-10070), HasSubstr("opened access"));
    move(-10070, -10071);  // allowed
    raise("192.0.2.7");
    settle();
    EXPECT_EQ(questions_in(-10071, "192.0.2.7"), 1U);
    EXPECT_EQ(questions_in(-10070, "192.0.2.7"), 0U);
    EXPECT_TRUE(health->snapshot().troubles.empty()) << "there is nothing to change in the configuration";
    ask_in(-702, "spam");
    push(boss, block);
    hear({joined(++update_, -10072, "spam")});  // the new id may be met before the move
    move(-702, -10072);
    start();
    settle();
    EXPECT_TRUE(chats->is_banned(-10072));
    EXPECT_FALSE(chats->is_banned(-702));
}

TEST_F(AdmissionTest, AnAllowedGroupThatThrewTheBotOutGetsItsQuestionsWhenItIsBack) {
    ask_in(ops);
    push(boss, allow);
    hear({joined(++update_, ops, "ops", false)});
    raise("192.0.2.7");
    settle();
    EXPECT_EQ(questions_in(ops, "192.0.2.7"), 0U);
    hear({joined(++update_, ops, "ops")});
    settle();
    EXPECT_EQ(questions_in(ops, "192.0.2.7"), 1U);
    EXPECT_EQ(api.in(boss).size(), 1U) << "nobody is asked again";
}

TEST_F(AdmissionTest, APersonWhoBlocksTheBotIsLeftAloneUntilItIsUnblocked) {
    stranger_starts();
    hear({joined(++update_, stranger, "", false, stranger)});
    settle();
    EXPECT_THAT(told(boss), HasSubstr("request is over"));
    hear({joined(++update_, stranger, "", true, stranger)});
    settle();
    EXPECT_EQ(api.in(boss).size(), 1U) << "to unblock is not to ask";
    stranger_starts();
    push(boss, allow);
    hear({joined(++update_, stranger, "", false, stranger)});
    raise("192.0.2.7");
    settle();
    EXPECT_EQ(questions_in(stranger, "192.0.2.7"), 0U);
    hear({joined(++update_, stranger, "", true, stranger)});
    settle();
    EXPECT_EQ(questions_in(stranger, "192.0.2.7"), 1U);
}

TEST_F(AdmissionTest, AChatThatIsLetInBeforeItIsOpenedGetsItsQuestionsOnceItIs) {
    api.fault = [](std::int64_t in) {
        return in == stranger ? std::optional(error(ApiError::Kind::chat_gone)) : std::nullopt;
    };
    hear({say(++update_, boss, "/accept666", boss)});
    raise("192.0.2.7");
    settle();
    EXPECT_THAT(health->snapshot().troubles, ::testing::Contains(HasSubstr("chat 666")));
    api.fault = {};
    stranger_starts();  // no other update tells of it
    EXPECT_EQ(questions_in(stranger, "192.0.2.7"), 1U);
    EXPECT_TRUE(health->snapshot().troubles.empty());
    EXPECT_EQ(api.in(boss).size(), 1U) << "nobody is asked";
}

TEST_F(AdmissionTest, WhatCannotBeReadIsToldAndNoBanIsForgotten) {
    ASSERT_TRUE(store.write([](store::Transaction& tx) -> Result<void> {
        tx.set_value("telegram.roster", R"({"hour":0,"asked":0,"guests":[{"chat":5}]})");
        return {};
    }));
    start();
    const auto step = poller->step(office.now);
    ASSERT_FALSE(step);
    EXPECT_THAT(step.error().text, HasSubstr("admitted chats"));
}

}  // namespace
}  // namespace garita::telegram
