// /accepted, /accept, /deny, /ban, /unban, /banned, /debug, /ping, /help: who may, and what follows.

#include "adapters/telegram/chat_order.hpp"
#include "channel_test.hpp"

namespace garita::telegram {
namespace {

class AdminCommandsTest : public ChannelTest {
  protected:
    static constexpr std::int64_t boss = 90;
    static constexpr std::int64_t stranger = 666;
    static constexpr std::int64_t ops = -100700;

    AdminCommandsTest() {
        add_person("boss", boss, Role::administrator);
        add_person("vera", 79, Role::viewer);
        add_person("max", 80, Role::approver);
        start();
    }
    /// What the person is answered in that chat; empty: nothing.
    std::string heard(std::int64_t by, const std::string& text, std::int64_t in) {
        const auto before = api.in(in).size();
        hear({say(++update_, by, text, in)});
        const auto after = api.in(in);
        return after.size() > before ? after.back().text : std::string();
    }
    std::string order(const std::string& text) { return heard(boss, text, boss); }
    void settle() { send_for(5s); }
    int count(std::string_view verb) {
        const auto verbs = office.verbs();
        return static_cast<int>(std::count(verbs.begin(), verbs.end(), verb));
    }
    std::int64_t update_ = 100;
};

TEST_F(AdminCommandsTest, IdsAreTakenInEverySpelling) {
    using What = ChatOrder::What;
    const auto read = [](std::string_view text) {
        return chat_order(parse_command(text).value_or(Command{}));
    };
    for (const char* text : {"/ban -100123", "/ban-100123", "/ban_m100123", "/BAN@garita_bot -100123",
                             "/ban-100123@garita_bot", "/ban_m100123@garita_bot", " /ban  m100123 "}) {
        const auto found = read(text);
        ASSERT_TRUE(found) << text;
        EXPECT_EQ(found->what, What::ban) << text;
        EXPECT_EQ(found->chat, -100123) << text;
    }
    EXPECT_EQ(read("/unban77")->what, What::unban);
    EXPECT_EQ(read("/unban77")->chat, 77);
    EXPECT_EQ(read("/accept_77")->chat, 77);
    EXPECT_EQ(read("/deny 4503599627370495")->chat, (std::int64_t{1} << 52) - 1);
    for (const char* text : {"/ban", "/ban x", "/ban 0", "/ban -", "/ban 4503599627370496", "/ban --5",
                             "/ban 5 6", "/ban +5", "/ban -99999999999999999999"}) {
        const auto found = read(text);
        ASSERT_TRUE(found) << text;
        EXPECT_FALSE(found->chat) << text;
    }
    for (const char* text : {"/banned", "/accepted", "/ban_x5", "/ban5 6", "/bans", "/banana5", "/ban__5"})
        EXPECT_FALSE(read(text)) << text;
    for (const char* text : {"/-5", "/ban-", "/ban-5x", "/ban--5", "/ban-5-6", "/ban-\xD9\xA1"})
        EXPECT_FALSE(parse_command(text)) << text;
    EXPECT_EQ(tappable("ban", -100123), "/ban_m100123");
    EXPECT_EQ(tappable("ban", 77), "/ban77");
}

TEST_F(AdminCommandsTest, OnlyAdministratorsMay) {
    for (const char* text : {"/accepted", "/banned", "/debug", "/ban 5", "/unban 5", "/deny 5", "/accept-5",
                             "/accept5", "/ban_m5"}) {
        for (const auto person : {ana, std::int64_t{79}, std::int64_t{80}})
            EXPECT_THAT(heard(person, text, chat), HasSubstr("Only an administrator")) << text;
        EXPECT_THAT(heard(stranger, text, chat), HasSubstr("does not know you")) << text;
        EXPECT_EQ(heard(stranger, text, stranger), "") << text;
        auto hidden = say(++update_, boss, text);
        std::get<TextMessage>(hidden.what).from_chat = true;
        hear({hidden});
        EXPECT_THAT(api.in(chat).back().text, HasSubstr("Anonymous")) << text;
    }
    EXPECT_FALSE(value("telegram.roster"));
    EXPECT_GE(count("decide_refused"), 9 * 4);
}

TEST_F(AdminCommandsTest, AChatIsLetInAndTakenOutByItsId) {
    EXPECT_THAT(order("/accept" + std::to_string(ops)), HasSubstr("-100700 gets questions"));
    EXPECT_THAT(order("/accept " + std::to_string(ops)), HasSubstr("already"));
    raise("192.0.2.7");
    settle();
    EXPECT_EQ(api.in(ops).size(), 2U) << "that access is open, and the question";
    const auto list = order("/accepted");
    EXPECT_THAT(list, HasSubstr("-100700 /deny_m100700 /ban_m100700"));
    EXPECT_THAT(list, HasSubstr("500 /ban500"));
    EXPECT_THAT(order("/deny_m100700"), HasSubstr("gets nothing any more"));
    EXPECT_THAT(order("/deny-100700"), HasSubstr("gets nothing already"));
    EXPECT_THAT(order("/deny-5"), HasSubstr("not among"));
    EXPECT_THAT(order("/accepted"), Not(HasSubstr("-100700")));
    raise("192.0.2.8");
    settle();
    EXPECT_EQ(api.in(ops).size(), 2U);
    hear({joined(++update_, ops, "ops")});
    settle();
    EXPECT_THAT(api.in(boss).back().text, HasSubstr("New group: ops")) << "it may ask again";
    EXPECT_EQ(count("chat_allowed"), 1);
    EXPECT_EQ(count("chat_denied"), 1);
    EXPECT_THAT(order("/accepted"), HasSubstr("ops (-100700) /accept_m100700"));
    order("/accept_m100700");
    settle();
    EXPECT_THAT(api.in(boss).back().text, Not(HasSubstr("New group")));
    EXPECT_TRUE(chats->serves(ops));
}

TEST_F(AdminCommandsTest, ABannedGroupIsSilentBothWays) {
    order("/accept -100700");
    const auto id = raise("192.0.2.7");
    settle();
    const auto old_button = press(++update_, ana, 1, ops);
    const auto sent = api.in(ops).size();
    EXPECT_THAT(order("/ban -100700"), HasSubstr("banned: nothing goes there"));
    EXPECT_THAT(order("/accepted"), Not(HasSubstr("-100700"))) << "a ban takes it from the list";
    EXPECT_THAT(order("/banned"), HasSubstr("-100700 /unban_m100700"));
    auto old_press = old_button;
    old_press.id = ++update_;
    auto no_chat = old_button;
    no_chat.id = ++update_;
    std::get<Press>(no_chat.what).chat.reset();
    hear({old_press, no_chat});
    ASSERT_EQ(api.toasts.size(), 2U);
    EXPECT_EQ(api.toasts[0].text, "");
    EXPECT_EQ(api.toasts[1].text, "");
    for (const char* text : {"/start", "/cases", "/ping", "/help", "/block 1", "/accepted"})
        EXPECT_EQ(heard(boss, text, ops), "") << text;
    EXPECT_FALSE(find(id).decision);
    ASSERT_TRUE(office.answer(find(id), Response::allow));
    raise("192.0.2.8");
    settle();
    EXPECT_EQ(api.in(ops).size(), sent);
    EXPECT_THAT(api.in(ops).back().text, Not(HasSubstr("ana"))) << "no edits either";
    hear({joined(++update_, ops, "ops")});
    settle();
    EXPECT_THAT(api.in(boss).back().text, Not(HasSubstr("New group")));
    start();
    raise("192.0.2.9");
    settle();
    EXPECT_EQ(api.in(ops).size(), sent) << "after a restart too";
    EXPECT_THAT(order("/unban_m100700"), HasSubstr("not banned any more"));
    EXPECT_THAT(order("/unban_m100700"), HasSubstr("is not banned"));
    settle();
    EXPECT_EQ(api.in(ops).size(), sent) << "it is not let in by that";
    EXPECT_EQ(count("chat_banned"), 1);
    EXPECT_EQ(count("chat_unbanned"), 1);
}

TEST_F(AdminCommandsTest, ABannedPersonIsHeardNowhere) {
    settings.chats.push_back({{group, std::nullopt}, ""});
    start();
    const auto id = raise("192.0.2.7");
    settle();
    EXPECT_THAT(order("/ban77"), HasSubstr("ana (77) is banned"));
    hear({press(++update_, ana, 1, group), press(++update_, ana, 1, chat)});
    EXPECT_EQ(api.toasts.at(0).text, "");
    EXPECT_EQ(api.toasts.at(1).text, "");
    const auto number = std::to_string(id.value);
    EXPECT_EQ(heard(ana, "/block " + number, group), "");
    EXPECT_EQ(heard(ana, "/start", ana), "");
    EXPECT_EQ(heard(ana, "/code 123456", ana), "");
    EXPECT_EQ(heard(ana, "/ping", group), "");
    EXPECT_FALSE(find(id).decision);
    hear({joined(++update_, -4000, "hers", true, ana)});
    settle();
    EXPECT_THAT(api.in(boss).back().text, Not(HasSubstr("New group"))) << "nor what a banned person does";
    EXPECT_THAT(heard(80, "/cases", group), HasSubstr("192.0.2.7")) << "others of the group are";
    order("/unban77");
    EXPECT_THAT(heard(ana, "/block " + number, group), HasSubstr("Accepted"));
}

TEST_F(AdminCommandsTest, ABanOfAConfiguredChatCountsAndItsQuestionsComeBack) {
    raise("192.0.2.7");
    settle();
    EXPECT_EQ(api.in(chat).size(), 1U);
    EXPECT_THAT(order("/deny 500"), HasSubstr("stands in the hub's configuration"));
    EXPECT_THAT(order("/ban 500"), HasSubstr("banned"));
    const auto second = raise("192.0.2.8");
    settle();
    EXPECT_EQ(api.in(chat).size(), 1U);
    start();
    settle();
    EXPECT_EQ(api.in(chat).size(), 1U);
    EXPECT_THAT(order("/accept500"), HasSubstr("gets questions"));
    settle();
    EXPECT_EQ(api.in(chat).size(), 2U);
    EXPECT_EQ(find(second).state, CaseState::open);
    start();
    EXPECT_EQ(chats->chats().size(), 1U) << "once, although it is in both lists";
}

TEST_F(AdminCommandsTest, NobodyLosesTheLastDoor) {
    EXPECT_THAT(order("/ban90"), HasSubstr("is an administrator"));
    EXPECT_FALSE(value("telegram.roster"));
    // banned as a stranger, made an administrator later: the role counts
    order("/ban80");
    settings.people[3].role = Role::administrator;
    start();
    EXPECT_THAT(heard(80, "/banned", 80), HasSubstr("max (80) /unban80"));
    // a ban of the group in which it is typed is told where the administrator reads
    EXPECT_EQ(heard(boss, "/ban500", chat), "");
    EXPECT_THAT(api.in(boss).back().text, HasSubstr("500 is banned"));
}

TEST_F(AdminCommandsTest, AcceptStillAnswersCases) {
    const auto id = raise("192.0.2.7");
    const auto number = std::to_string(id.value);
    EXPECT_THAT(order("/accept " + number), HasSubstr('#' + number)) << "a case of this number";
    EXPECT_THAT(order("/accept"), HasSubstr("/accept 12"));
    EXPECT_THAT(order("/accept 4321"), HasSubstr("4321")) << "neither a case nor a chat that asks";
    EXPECT_FALSE(chats->serves(4321));
    hear({say(++update_, 4321, "/start", 4321)});
    EXPECT_THAT(order("/accept 4321"), HasSubstr("Name (4321) gets questions"));
    EXPECT_THAT(order("/accept" + number), HasSubstr(number + " gets questions")) << "glued: a chat";
    EXPECT_THAT(heard(ana, "/accept " + number, chat), HasSubstr("Refused")) << "for others as before";
}

TEST_F(AdminCommandsTest, LongListsAreCutWithTheirNumber) {
    for (int i = 1; i <= 200; ++i)
        order("/ban_m" + std::to_string(1'000'000'000'000 + i));
    const auto list = order("/banned");
    EXPECT_LE(list.size(), 4096U);
    EXPECT_THAT(list, ::testing::ContainsRegex("… and [0-9]+ more"));
    EXPECT_LT(value("telegram.roster")->size(), 60'000U);
}

TEST_F(AdminCommandsTest, DebugTellsHowTheBotFeels) {
    raise("192.0.2.7");
    settle();
    order("/ban -5");
    health->trouble("token", "says 123456789:AAF-abcdefghijklmnopqrstuvwxyz012345");
    const auto text = order("/debug");
    EXPECT_THAT(text, HasSubstr("Last message sent: 2026-11-22"));
    EXPECT_THAT(text, HasSubstr("Chats: 1, waiting: 0, banned: 1"));
    EXPECT_THAT(text, HasSubstr("Open cases: 1"));
    EXPECT_THAT(text, HasSubstr("token: says ***"));
    EXPECT_THAT(text, Not(HasSubstr("AAF-abc")));
    settings.chats.push_back({{group, std::nullopt}, ""});
    start();
    EXPECT_THAT(heard(boss, "/debug", group), HasSubstr("private chat only"));
}

TEST_F(AdminCommandsTest, PingShowsWhatIsConfiguredOrAWord) {
    EXPECT_EQ(heard(stranger, "/ping", chat), "pong") << "whoever is in a chat that is served";
    EXPECT_EQ(heard(stranger, "/ping", stranger), "");
    EXPECT_EQ(heard(boss, "/ping", -4000), "");
    settings.ping = "https://example.org/pong.gif";
    start();
    EXPECT_EQ(heard(boss, "/ping@garita_bot", boss), settings.ping);
    EXPECT_EQ(api.in(boss).back().media, Media::animation);
    api.refused_media = {Media::animation};
    EXPECT_EQ(heard(boss, "/ping", boss), settings.ping);
    EXPECT_EQ(api.in(boss).back().media, Media::sticker);
    api.refused_media = {Media::animation, Media::sticker};
    EXPECT_EQ(heard(boss, "/ping", boss), "pong");
}

TEST_F(AdminCommandsTest, HelpShowsEachWhatIsTheirs) {
    EXPECT_THAT(order("/help"), HasSubstr("/ban -100123"));
    EXPECT_THAT(heard(ana, "/help", chat), Not(HasSubstr("/ban")));
    EXPECT_THAT(heard(ana, "/help", chat), HasSubstr("/ping"));
}

}  // namespace
}  // namespace garita::telegram
