#include "channel_test.hpp"
#include "decide/foreign_text.hpp"

namespace garita::telegram {
namespace {

using SenderTest = ChannelTest;

TEST_F(SenderTest, SendsEachOpenCaseOnceToEachChatInItsLanguage) {
    settings.chats = {{{chat, std::nullopt}, "en"}, {{group, 5}, "ru"}};
    start();
    const auto id = raise("192.0.2.7");
    send_for(1min);
    ASSERT_EQ(api.in(chat).size(), 1U);
    ASSERT_EQ(api.in(group).size(), 1U);
    EXPECT_THAT(api.in(chat)[0].text, HasSubstr("HTTP errors: 50 from 192.0.2.7"));
    EXPECT_THAT(api.in(group)[0].text, HasSubstr("Ошибки HTTP"));
    EXPECT_EQ(api.in(group)[0].place.thread, 5);
    EXPECT_EQ(api.calls, 2);
    for (const auto& row : rows(id)) {
        EXPECT_FALSE(row.external_id.empty());
        EXPECT_EQ(row.shown_version, find(id).version);
        EXPECT_FALSE(row.sending_since);
    }
    const auto data = api.in(chat)[0].keyboard.at(0).at(1).data;
    const auto ticket = office.look([&](store::View& v) { return v.find_ticket(data); });
    ASSERT_TRUE(ticket);
    EXPECT_EQ(ticket->case_id, id);
    EXPECT_EQ(ticket->response, Response::block);
    EXPECT_EQ(ticket->place, "500");
    EXPECT_EQ(data.size(), 22U) << "128 bits";
    EXPECT_NE(data, api.in(group)[0].keyboard.at(0).at(1).data);
}

TEST_F(SenderTest, AfterARestartNothingIsSentTwice) {
    start();
    raise("192.0.2.7");
    send_for(10s);
    start();
    send_for(1min);
    EXPECT_EQ(api.calls, 1);
}

TEST_F(SenderTest, ADecisionIsShownAtOnceAndTakesTheButtonsAway) {
    start();
    const auto id = raise("192.0.2.7");
    send_for(1s);
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    send_once();
    EXPECT_THAT(api.in(chat)[0].text, HasSubstr("Allow: decided by ana (telegram)"));
    EXPECT_TRUE(api.in(chat)[0].keyboard.empty());
}

TEST_F(SenderTest, GrowingCountsAreEditedSeldomAndTheLatestWins) {
    start();
    raise("192.0.2.7");
    for (int i = 0; i < 300; ++i) {
        office.file(tests::flood_alert("192.0.2.7", i == 299 ? Severity::critical : Severity::warning));
        office.write([&](store::Transaction& t) { t.touch_case(office.last_case().id, office.now); });
        send_once();
        office.now += 100ms;
    }
    send_for(10s);
    EXPECT_LE(api.in(chat)[0].edits, 9) << "30 s, one edit each 5 s";
    EXPECT_GE(api.in(chat)[0].edits, 5);
    EXPECT_THAT(api.in(chat)[0].text, HasSubstr("Alerts: 301"));
}

TEST_F(SenderTest, A429PausesThatChatOnly) {
    settings.chats = {{{chat, std::nullopt}, ""}, {{group, std::nullopt}, ""}};
    start();
    bool first = true;
    api.fault = [&](std::int64_t to) -> std::optional<ApiError> {
        if (to != chat || !std::exchange(first, false)) return std::nullopt;
        return error(ApiError::Kind::slow_down);
    };
    raise("192.0.2.7");
    send_for(29s);
    EXPECT_TRUE(api.in(chat).empty());
    EXPECT_EQ(api.in(group).size(), 1U);
    send_for(5s);
    ASSERT_EQ(api.in(chat).size(), 1U);
    EXPECT_THAT(api.in(chat)[0].text, Not(HasSubstr("twice")));
    EXPECT_EQ(api.calls, 3);
}

TEST_F(SenderTest, AGroupGetsAtMostTwentyMessagesAMinute) {
    settings.chats = {{{group, std::nullopt}, ""}};
    settings.flood_limit = 1000;
    start();
    for (int i = 1; i <= 50; ++i)
        raise("192.0.2." + std::to_string(i));
    send_for(59s);
    EXPECT_EQ(api.in(group).size(), 20U);
    send_for(3min);
    EXPECT_EQ(api.in(group).size(), 50U);
}

TEST_F(SenderTest, AnOutageLosesNothingAndIsNotHammered) {
    start();
    api.fault = [&](std::int64_t) { return std::optional(error(ApiError::Kind::transient)); };
    for (int i = 1; i <= 5; ++i)
        raise("192.0.2." + std::to_string(i));
    send_for(1h);
    EXPECT_LT(api.calls, 80);
    EXPECT_FALSE(health->snapshot().troubles.empty());
    api.fault = nullptr;
    send_for(2h);
    EXPECT_EQ(api.in(chat).size(), 5U);
    EXPECT_TRUE(health->snapshot().troubles.empty());
}

TEST_F(SenderTest, AChatThatIsGoneIsGivenUpAndReported) {
    settings.chats = {{{chat, std::nullopt}, ""}, {{group, std::nullopt}, ""}};
    start();
    raise("192.0.2.7");
    send_for(5s);
    const auto calls = api.calls;
    api.fault = [&](std::int64_t to) -> std::optional<ApiError> {
        if (to != group) return std::nullopt;
        return error(ApiError::Kind::chat_gone, "403 Forbidden: bot was kicked");
    };
    for (int i = 10; i < 15; ++i)
        raise("192.0.2." + std::to_string(i));
    send_for(2min);
    EXPECT_EQ(api.in(chat).size(), 6U);
    EXPECT_EQ(api.calls, calls + 6) << "one call found out that the group is gone";
    EXPECT_THAT(health->snapshot().troubles, ::testing::ElementsAre(HasSubstr("bot was kicked")));
}

TEST_F(SenderTest, EachChatReadsTheTimeByItsOwnClock) {
    settings.chats = {{{chat, std::nullopt}, "en"}, {{group, std::nullopt}, "es"}};
    settings.chats[1].zone = zoneinfo::find_zone("America/Lima").value();
    start();
    raise("192.0.2.7");
    send_for(5s);
    EXPECT_THAT(api.in(chat).at(0).text, HasSubstr(" UTC"));
    EXPECT_THAT(api.in(group).at(0).text, HasSubstr(" -05"));
    EXPECT_THAT(api.in(group).at(0).text, Not(HasSubstr(" UTC")));
}

TEST_F(SenderTest, AMigratedGroupIsFollowedEvenAfterARestart) {
    constexpr std::int64_t super = -1000000000600;
    settings.chats = {{{group, 5}, "es"}};
    start();
    const auto id = raise("192.0.2.7");
    send_for(5s);
    api.fault = [&](std::int64_t to) -> std::optional<ApiError> {
        if (to != group) return std::nullopt;
        auto moved = error(ApiError::Kind::migrated);
        moved.migrate_to = super;
        return moved;
    };
    raise("192.0.2.8");
    send_for(1min);
    ASSERT_EQ(api.in(super).size(), 2U);
    for (const auto& shown : api.in(super)) {
        EXPECT_EQ(shown.place.thread, 5);
        EXPECT_THAT(shown.text, HasSubstr("Errores HTTP"));
        EXPECT_THAT(shown.text, Not(HasSubstr("dos veces")));
        for (const auto& button : shown.keyboard.at(0)) {
            const auto ticket = office.look([&](store::View& v) { return v.find_ticket(button.data); });
            ASSERT_TRUE(ticket);
            EXPECT_EQ(ticket->place, to_text(Place{super, 5}));
        }
    }
    start();
    raise("192.0.2.9");
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    send_for(1min);
    EXPECT_EQ(api.in(super).size(), 3U);
}

TEST_F(SenderTest, KilledBetweenSendAndResultItSendsOneMarkedCopyMore) {
    start();
    const auto id = raise("192.0.2.7");
    // the power fails when Telegram has the message and the store does not know it
    api.after_effect = [&] { store.refuse_writes(Error{ErrorCode::io, "no power", Retry::no}); };
    EXPECT_FALSE(sender->step(office.now));
    api.after_effect = nullptr;
    store.refuse_writes(std::nullopt);
    start();
    send_for(1min);
    ASSERT_EQ(api.in(chat).size(), 2U);
    EXPECT_THAT(api.in(chat)[1].text, HasSubstr("may appear twice"));
    EXPECT_EQ(api.in(chat)[0].keyboard.at(0).at(0).data, api.in(chat)[1].keyboard.at(0).at(0).data)
        << "the buttons of both copies work";
    EXPECT_EQ(rows(id).size(), 1U);
}

TEST_F(SenderTest, KilledTwiceWhileSendingItGivesUp) {
    start();
    const auto id = raise("192.0.2.7");
    for (int i = 0; i < 4; ++i) {
        api.after_effect = [&] { store.refuse_writes(Error{ErrorCode::io, "no power", Retry::no}); };
        (void)sender->step(office.now);
        store.refuse_writes(std::nullopt);
        start();
        office.now += 1min;
    }
    EXPECT_EQ(api.in(chat).size(), 2U);
    EXPECT_TRUE(rows(id).at(0).abandoned);
}

TEST_F(SenderTest, KilledBeforeTheSendNothingIsLost) {
    start();
    raise("192.0.2.7");
    store.refuse_writes(Error{ErrorCode::io, "no power", Retry::no});
    EXPECT_FALSE(sender->step(office.now));
    EXPECT_TRUE(api.in(chat).empty());
    store.refuse_writes(std::nullopt);
    start();
    send_for(5s);
    ASSERT_EQ(api.in(chat).size(), 1U);
    EXPECT_THAT(api.in(chat)[0].text, Not(HasSubstr("twice")));
}

TEST_F(SenderTest, ADeletedQuestionIsAskedAnew) {
    start();
    raise("192.0.2.7");
    send_for(1s);
    api.messages.clear();
    office.file(tests::flood_alert("192.0.2.7", Severity::critical));
    send_for(1min);
    ASSERT_EQ(api.in(chat).size(), 1U);
    EXPECT_FALSE(api.in(chat)[0].keyboard.empty());
}

TEST_F(SenderTest, AFloodOfCasesIsOneMessageThatIsKeptUpToDate) {
    start();
    for (int i = 1; i <= 200; ++i)
        raise("192.0." + std::to_string(i / 100) + "." + std::to_string(i % 100 + 1));
    send_for(2min);
    ASSERT_EQ(api.in(chat).size(), 1U);
    EXPECT_THAT(api.in(chat)[0].text, HasSubstr("Cases that wait for an answer: 200"));
    EXPECT_LE(decide::utf16_length(api.in(chat)[0].text), 4096U);
    for (const auto& about : office.cases())
        if (about.id.value % 2 == 0) {
            ASSERT_TRUE(office.answer(about, Response::allow));
        }
    send_for(2min);
    ASSERT_EQ(api.in(chat).size(), 1U);
    EXPECT_THAT(api.in(chat)[0].text, Not(HasSubstr(": 200")));
    auto open = office.cases();
    std::erase_if(open, [](const Case& c) { return c.state != CaseState::open; });
    while (open.size() > 4) {
        ASSERT_TRUE(office.answer(open.back(), Response::allow));
        open.pop_back();
    }
    send_for(2min);
    EXPECT_THAT(api.in(chat)[0].text, HasSubstr("The flood of cases is over"));
    EXPECT_EQ(api.in(chat).size(), 5U) << "the few that are left are asked one by one";
}

TEST_F(SenderTest, ARefusedTokenStopsIt) {
    start();
    api.fault = [&](std::int64_t) { return std::optional(error(ApiError::Kind::token_refused, "401")); };
    raise("192.0.2.7");
    send_for(9min);
    EXPECT_EQ(api.calls, 1);
    EXPECT_THAT(health->snapshot().troubles, ::testing::ElementsAre(HasSubstr("token")));
}

}  // namespace
}  // namespace garita::telegram
