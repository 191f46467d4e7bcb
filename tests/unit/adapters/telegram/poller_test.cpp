#include "channel_test.hpp"

namespace garita::telegram {
namespace {

class PollerTest : public ChannelTest {
  protected:
    CaseId ask() {
        start();
        const auto id = raise("192.0.2.7");
        send_for(1s);
        return id;
    }
    int count(std::string_view verb) {
        const auto verbs = office.verbs();
        return static_cast<int>(std::count(verbs.begin(), verbs.end(), verb));
    }
};

TEST_F(PollerTest, APressOfAKnownPersonDecidesAndIsAnswered) {
    const auto id = ask();
    hear({press(10, ana, 1)});
    ASSERT_TRUE(find(id).decision);
    EXPECT_EQ(find(id).decision->response, Response::block);
    EXPECT_EQ(find(id).decision->by.text(), "ana (telegram)");
    ASSERT_EQ(api.toasts.size(), 1U);
    EXPECT_EQ(api.toasts[0].text, "Accepted: Block address");
    poll_once();
    EXPECT_EQ(api.offsets.back(), 11);
    EXPECT_EQ(value("telegram.offset"), "11");
}

/// Each write may take as long as the disk likes.
TEST_F(PollerTest, ADecisionWaitsForNoOtherWrite) {
    const auto id = ask();
    poll_once();
    const auto kept = value("telegram.last_poll");
    ASSERT_TRUE(kept);
    office.now += 20s;
    std::optional<std::string> kept_at_decision;
    store.on_ring([&](const store::Ring&) {
        if (!kept_at_decision && find(id).decision) kept_at_decision = value("telegram.last_poll");
    });
    hear({press(10, ana, 1)});
    store.on_ring({});
    ASSERT_TRUE(kept_at_decision);
    EXPECT_EQ(kept_at_decision, kept) << "that there was a poll is noted after the press";
    EXPECT_EQ(value("telegram.last_poll"), std::to_string(to_micros(office.now)));
    office.now += 20s;
    poll_once();
    EXPECT_EQ(value("telegram.last_poll"), std::to_string(to_micros(office.now))) << "without updates too";
}

TEST_F(PollerTest, TheSecondPersonIsToldWhoWasFaster) {
    add_person("boris", 78, Role::administrator);
    const auto id = ask();
    hear({press(10, ana, 0), press(11, 78, 1)});
    EXPECT_EQ(find(id).decision->response, Response::allow);
    EXPECT_THAT(api.toasts.at(1).text, HasSubstr("Already decided by ana (telegram) at 2026-11-22"));
    EXPECT_THAT(api.toasts.at(1).text, HasSubstr("Allow"));
    EXPECT_EQ(count("decide"), 1);
}

TEST_F(PollerTest, AnUpdateThatComesAgainHasItsEffectOnce) {
    const auto id = ask();
    const auto pressed = press(10, ana, 1);
    // killed when the decision stands and the offset does not
    EXPECT_THAT(gatekeeper->press(std::get<Press>(pressed.what), office.now), HasSubstr("Accepted"));
    start();
    hear({pressed});
    hear({pressed});
    EXPECT_EQ(count("decide"), 1);
    EXPECT_EQ(find(id).decision->by.name, "ana");
    EXPECT_EQ(api.toasts.size(), 1U) << "the same update a second time in one run is not even looked at";
}

TEST_F(PollerTest, IdsThatBeginAnewAreHeard) {
    const auto id = ask();
    hear({say(900'000'000, ana, "hello")});
    hear({press(17, ana, 0)});
    EXPECT_TRUE(find(id).decision);
}

TEST_F(PollerTest, StrangersAreRefusedAndRecordedButCannotFillTheRecords) {
    const auto id = ask();
    for (int i = 0; i < 50; ++i)
        hear({press(10 + i, 666, 1)});
    EXPECT_FALSE(find(id).decision);
    EXPECT_EQ(api.toasts.size(), 50U);
    EXPECT_THAT(api.toasts[0].text, HasSubstr("666"));
    EXPECT_EQ(count("decide_refused"), 1);
}

TEST_F(PollerTest, AViewerMayNotDecide) {
    add_person("vera", 79, Role::viewer);
    const auto id = ask();
    hear({press(10, 79, 1)});
    EXPECT_FALSE(find(id).decision);
    EXPECT_THAT(api.toasts.at(0).text, HasSubstr("Refused"));
    EXPECT_EQ(count("decide_refused"), 1);
}

TEST_F(PollerTest, StandInsOfPeopleAreRefusedEvenIfConfigured) {
    add_person("nobody", 1087968824, Role::administrator);
    add_person("robot", 80, Role::administrator);
    const auto id = ask();
    auto bot = press(11, 80, 1);
    std::get<Press>(bot.what).from.is_bot = true;
    auto channel_post = say(12, ana, "/block " + std::to_string(id.value));
    std::get<TextMessage>(channel_post.what).from_chat = true;
    hear({press(10, 1087968824, 1), bot, channel_post});
    EXPECT_FALSE(find(id).decision);
    EXPECT_EQ(count("decide_refused"), 3);
}

TEST_F(PollerTest, AButtonWorksOnlyInItsOwnChat) {
    const auto id = ask();
    auto forged = press(10, ana, 1);
    std::get<Press>(forged.what).chat = 999;
    auto guessed = press(11, ana, 1);
    std::get<Press>(guessed.what).data = "AAAAAAAAAAAAAAAAAAAAAA";
    hear({forged, guessed});
    EXPECT_FALSE(find(id).decision);
    EXPECT_THAT(api.toasts.at(0).text, HasSubstr("not valid"));
    EXPECT_THAT(api.toasts.at(1).text, HasSubstr("not valid"));
    auto old = press(12, ana, 1);
    std::get<Press>(old.what).chat.reset();  // Telegram tells no chat for a very old message
    hear({old});
    EXPECT_TRUE(find(id).decision);
}

TEST_F(PollerTest, PeopleAreAnsweredInTheirLanguage) {
    settings.people[0].language = "es";
    ask();
    hear({press(10, ana, 1)});
    EXPECT_EQ(api.toasts.at(0).text, "Aceptado: Bloquear IP");
}

TEST_F(PollerTest, RefusalsAreInTheLanguageOfWhoIsRefused) {
    add_person("vera", 79, Role::viewer);
    settings.people[0].language = "ru";
    settings.people[1].language = "es";
    const auto id = ask();
    hear({press(10, 79, 1)});
    EXPECT_EQ(api.toasts.at(0).text,
              "Rechazado: «Bloquear IP» requiere el rol operador; usted tiene observador.");
    hear({say(11, ana, "/close " + std::to_string(id.value))});
    EXPECT_THAT(api.in(chat).back().text, HasSubstr("Отказано: для этого случая нельзя ответить"));
    EXPECT_THAT(api.in(chat).back().text, HasSubstr("Разрешить"));
    hear({say(12, ana, "/allow 99999")});
    EXPECT_THAT(api.in(chat).back().text, HasSubstr("99999"));
    EXPECT_FALSE(find(id).decision);
}

TEST_F(PollerTest, AProtectedAddressIsRefusedInTheChatsLanguageAndRecordedInEnglish) {
    settings.chats = {{{chat, std::nullopt}, "es"}};
    office.options.protected_networks = {{tests::network("192.0.2.0/24"), "the office"}};
    ask();
    hear({press(10, ana, 1)});
    EXPECT_EQ(api.toasts.at(0).text,
              "Rechazado: 192.0.2.7 no se puede bloquear: afectaría a 192.0.2.0/24, que está protegida.");
    const auto entries =
        office.look([](store::View& v) { return v.audit({.object = {}, .before = {}, .limit = 10}); });
    ASSERT_FALSE(entries.empty());
    EXPECT_THAT(entries.front().detail, HasSubstr("which is protected (the office)"));
}

TEST_F(PollerTest, WhenNothingCanBeStoredThePersonIsToldToTryAgain) {
    const auto id = ask();
    const auto pressed = press(10, ana, 1);
    store.refuse_writes(Error{ErrorCode::full, "disk full", Retry::later});
    const auto told = gatekeeper->press(std::get<Press>(pressed.what), office.now);
    EXPECT_THAT(told, HasSubstr("could not be stored"));
    store.refuse_writes(std::nullopt);
    hear({pressed});
    EXPECT_TRUE(find(id).decision);
}

TEST_F(PollerTest, EmptyPollsThatDoNotWaitAreSlowedDown) {
    start();
    EXPECT_EQ(poll_once(), 0s) << "the first one is asked not to wait";
    EXPECT_EQ(poll_once(), 250ms);
    EXPECT_EQ(poll_once(), 500ms);
    EXPECT_EQ(poll_once(), 1s);
    EXPECT_EQ(poll_once(), 1s);
    hear({say(1, ana, "hello")});
    EXPECT_EQ(poll_once(), 250ms);
}

TEST_F(PollerTest, TheFirstPollAfterAFailureDoesNotWait) {
    start();
    poll_once();
    poll_once();
    api.polls.emplace_back(tl::unexpected(error(ApiError::Kind::transient)));
    EXPECT_EQ(poll_once(), 1s);
    poll_once();
    poll_once();
    EXPECT_EQ(api.waits, (std::vector{0s, 50s, 50s, 0s, 50s}));
}

TEST_F(PollerTest, FailuresAreRetriedEverMoreSlowly) {
    start();
    std::vector<Duration> waits;
    for (int i = 0; i < 8; ++i) {
        api.polls.emplace_back(tl::unexpected(error(ApiError::Kind::transient, "no route")));
        waits.push_back(poll_once());
    }
    EXPECT_EQ(waits, (std::vector<Duration>{1s, 2s, 4s, 8s, 16s, 30s, 30s, 30s}));
    EXPECT_THAT(health->snapshot().troubles, ::testing::ElementsAre(HasSubstr("no route")));
    poll_once();
    EXPECT_TRUE(health->snapshot().troubles.empty());
    EXPECT_EQ(health->snapshot().last_poll, office.now);
}

TEST_F(PollerTest, AConflictIsTroubleOnlyAfterAMinute) {
    start();
    for (int i = 0; i < 20; ++i) {
        api.polls.emplace_back(tl::unexpected(error(ApiError::Kind::conflict)));
        EXPECT_EQ(poll_once(), 3s);
        EXPECT_TRUE(health->snapshot().troubles.empty());
        office.now += 3s;
    }
    office.now += 3s;
    api.polls.emplace_back(tl::unexpected(error(ApiError::Kind::conflict)));
    poll_once();
    EXPECT_THAT(health->snapshot().troubles, ::testing::ElementsAre(HasSubstr("another program")));
}

TEST_F(PollerTest, TokenPauseAndWebhook) {
    start();
    api.polls.emplace_back(tl::unexpected(error(ApiError::Kind::token_refused)));
    EXPECT_EQ(poll_once(), 10min);
    api.polls.emplace_back(tl::unexpected(error(ApiError::Kind::slow_down)));
    EXPECT_EQ(poll_once(), 30s);
    api.polls.emplace_back(tl::unexpected(error(ApiError::Kind::webhook_set)));
    poll_once();
    EXPECT_EQ(api.webhooks_deleted, 1);
}

TEST_F(PollerTest, AfterAnOutageOpenQuestionsAskToPressAgain) {
    ask();
    const auto over = raise("192.0.2.8");
    send_for(10s);
    ASSERT_TRUE(office.answer(find(over), Response::allow));
    send_for(10s);
    poll_once();
    office.now += 100s;
    poll_once();
    send_for(10s);
    EXPECT_THAT(api.in(chat)[0].text, Not(HasSubstr("press it again")));
    office.now += 10min;
    start();
    poll_once();
    send_for(10s);
    EXPECT_THAT(api.in(chat)[0].text, HasSubstr("press it again"));
    EXPECT_FALSE(api.in(chat)[0].keyboard.empty());
    EXPECT_THAT(api.in(chat)[1].text, Not(HasSubstr("press it again")));
    raise("192.0.2.9");
    send_for(10s);
    EXPECT_THAT(api.in(chat)[2].text, Not(HasSubstr("press it again"))) << "it came after the outage";
}

TEST_F(PollerTest, ServiceMessagesMoveAndReviveChats) {
    settings.chats = {{{group, std::nullopt}, ""}};
    start();
    raise("192.0.2.7");
    hear({{1, Membership{group, "team", false}}});
    send_for(10s);
    EXPECT_EQ(api.calls, 0);
    hear({{2, Membership{group, "team", true}}});
    send_for(10s);
    EXPECT_EQ(api.in(group).size(), 1U);
    TextMessage service;
    service.chat = group;
    service.migrate_to = -1000000000600;
    hear({{3, service}});
    send_for(1min);
    EXPECT_EQ(api.in(-1000000000600).size(), 1U);
}

TEST_F(PollerTest, CommandsAreForKnownPeopleInKnownPlaces) {
    const auto id = ask();
    const auto number = std::to_string(id.value);
    const auto heard = [&](std::int64_t by, const std::string& text, std::int64_t in) {
        const auto before = api.in(in).size();
        static std::int64_t update = 1000;
        hear({say(++update, by, text, in)});
        const auto after = api.in(in);
        return after.size() > before ? after.back().text : std::string();
    };
    EXPECT_THAT(heard(ana, "/cases", chat), HasSubstr("192.0.2.7"));
    EXPECT_THAT(heard(ana, "/case " + number, chat), HasSubstr("Waiting for an answer"));
    EXPECT_THAT(heard(ana, "/case 99999", chat), HasSubstr("no case 99999"));
    EXPECT_THAT(heard(666, "/cases", chat), HasSubstr("does not know you"));
    EXPECT_EQ(heard(ana, "/cases", -4321), "") << "a chat that is not ours";
    EXPECT_EQ(heard(666, "/case " + number, 666), "");
    EXPECT_THAT(heard(ana, "/cases", ana), HasSubstr("192.0.2.7")) << "her private chat";
    EXPECT_THAT(heard(666, "/start", -4321), HasSubstr("chat id: -4321"));
    EXPECT_EQ(heard(ana, "hello", chat), "");
    EXPECT_THAT(heard(ana, "/block", chat), HasSubstr("/block 12 24h"));
    EXPECT_THAT(heard(ana, "/allow 12 24h", chat), HasSubstr("/allow 12"));
    EXPECT_THAT(heard(ana, "/block " + number + " 24x", chat), HasSubstr("Not understood"));
    EXPECT_THAT(heard(ana, "/close " + number, chat), HasSubstr("Refused"));
    EXPECT_FALSE(find(id).decision);
    EXPECT_THAT(heard(ana, "/BLOCK@garita_bot #" + number + " 1h30m", chat), HasSubstr("Accepted"));
    EXPECT_EQ(find(id).decision->lasts, Duration(90min));
}

TEST_F(PollerTest, NothingCanBeTypedWhereItHasNoButton) {
    const auto id = ask();
    std::vector<std::string> labels;
    const auto keyboard = api.in(chat).back().keyboard;
    for (const auto& row : keyboard)
        for (const auto& button : row)
            labels.push_back(button.label);
    EXPECT_THAT(labels, ::testing::ElementsAre("Allow", "Block address"));
    hear({say(1, ana, "/nothing " + std::to_string(id.value))});
    EXPECT_THAT(api.in(chat).back().text, HasSubstr("Accepted"));
    ASSERT_TRUE(find(id).decision);
    EXPECT_EQ(find(id).decision->response, Response::nothing);
    EXPECT_EQ(find(id).state, CaseState::closed);
}

}  // namespace
}  // namespace garita::telegram
