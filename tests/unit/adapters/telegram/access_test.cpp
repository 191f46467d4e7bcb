// /access, /approve, /kill and /report: who may, what is told, and in whose language.

#include <gmock/gmock.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/telegram/commands.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "decide/desk.hpp"
#include "support/access_office.hpp"

namespace garita::telegram {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::int64_t home = -600;

class AccessByTelegram : public testing::Test {
  protected:
    AccessByTelegram() {
        std::int64_t id = 100;
        for (auto& person : settings_.people)
            person.telegram_id = ++id;
        settings_.chats = {{{home, std::nullopt}, ""}};
        chats_.emplace(settings_);
        gatekeeper_.emplace(desk_, office_.store, *chats_, settings_, Voice{catalogue_, *zone_},
                            runtime::Log());
        commands_.emplace(*gatekeeper_, office_.store, *chats_, AccessDoor{&office_.desk, &office_.book});
    }
    std::string say(std::int64_t by, std::string text, std::int64_t in = home) {
        TextMessage message;
        message.chat = in;
        message.from = User{by, false, "Name", "", ""};
        message.is_private = in > 0;
        message.text = std::move(text);
        return commands_->answer(message, office_.now);
    }
    static constexpr std::int64_t ana = 101;    ///< approver, Spanish
    static constexpr std::int64_t boris = 102;  ///< approver, Russian
    static constexpr std::int64_t olga = 103;   ///< operator
    static constexpr std::int64_t vera = 104;   ///< viewer

    tests::AccessOffice office_;
    Settings settings_{{}, office_.people};
    catalogue::MessageCatalogue catalogue_;
    std::shared_ptr<const decide::TimeZone> zone_ = zoneinfo::find_zone("UTC").value();
    decide::DeskOptions options_;
    decide::Desk desk_{office_.store, options_};
    std::optional<ChatBook> chats_;
    std::optional<Gatekeeper> gatekeeper_;
    std::optional<Commands> commands_;
};

TEST_F(AccessByTelegram, AnApproverLetsADeviceInAndHearsOfItInTheirLanguage) {
    const auto told = say(ana, "/approve 00 11 22 33 44 55");
    EXPECT_EQ(told,
              catalogue_.text("es", "access.answer.accepted", office_.letters.facts_of(office_.request(1))));
    EXPECT_EQ(office_.request(1).channel, "telegram");
    EXPECT_EQ(office_.request(1).reply_to, "ana@example.org");
    EXPECT_THAT(say(boris, "/approve@garita_bot 0011.2233.4455"), HasSubstr("A1")) << "joined";
    EXPECT_EQ(office_.requests().size(), 1U);
}

TEST_F(AccessByTelegram, NobodyElseDoes) {
    EXPECT_EQ(say(olga, "/approve 0011.2233.4455"), catalogue_.text("en", "access.answer.not_approver", {}));
    EXPECT_EQ(say(vera, "/kill A1"), catalogue_.text("en", "access.answer.not_operator", {}));
    EXPECT_THAT(say(999, "/approve 0011.2233.4455"), HasSubstr("999"));
    EXPECT_THAT(say(999, "/access"), Not(HasSubstr("A1")));
    EXPECT_THAT(say(ana, "/approve 0011.2233.4455", -601), IsEmpty()) << "a chat that is not ours";
    EXPECT_TRUE(office_.requests().empty());
    EXPECT_THAT(office_.verbs(), ElementsAre("access_refused", "access_refused", "decide_refused"))
        << "a stranger's presses fill no log";
}

TEST_F(AccessByTelegram, OpenRequestsAreListedAndShown) {
    EXPECT_EQ(say(vera, "/access"), "No open request for access.");
    ASSERT_THAT(say(ana, "/approve 0011.2233.4455"), HasSubstr("A1"));
    ASSERT_THAT(say(ana, "/approve 0011.2233.4466"), HasSubstr("A2"));
    EXPECT_EQ(say(vera, "/access"),
              "Open requests for access:\nA2 · 00:11:22:33:44:66 · waiting for the device · ana\n"
              "A1 · 00:11:22:33:44:55 · waiting for the device · ana");
    EXPECT_EQ(say(vera, "/access a1"), "A1 · 00:11:22:33:44:55 · waiting for the device · ana");
    EXPECT_THAT(say(vera, "/access A9"), HasSubstr("A9"));
    EXPECT_THAT(say(vera, "/access soon"), HasSubstr("/access A17"));
}

TEST_F(AccessByTelegram, AnOperatorEndsARequestAndAsksForTheReport) {
    ASSERT_THAT(say(ana, "/approve 0011.2233.4455"), HasSubstr("A1"));
    EXPECT_THAT(say(olga, "/report"), HasSubstr("olga@example.org"));
    EXPECT_THAT(office_.told(), testing::Contains("olga@example.org: access.report"));
    EXPECT_THAT(say(olga, "/kill A1"), HasSubstr("A1"));
    EXPECT_EQ(office_.request(1).state, AccessState::killed);
    EXPECT_EQ(say(olga, "/kill A1"), catalogue_.text("en", "access.answer.over_killed",
                                                     office_.letters.facts_of(office_.request(1))));
    EXPECT_THAT(say(olga, "/kill"), HasSubstr("/kill A17"));
}

TEST_F(AccessByTelegram, WhatIsNoAddressIsToldSo) {
    EXPECT_THAT(say(ana, "/approve"), HasSubstr("/approve aabb.ccdd.eeff"));
    EXPECT_EQ(say(ana, "/approve the printer"), catalogue_.text("es", "access.answer.mac_none", {}));
    EXPECT_TRUE(office_.requests().empty());
}

TEST_F(AccessByTelegram, WithoutAccessTheseAreNoCommands) {
    EXPECT_THAT(say(vera, "/help"), HasSubstr("/approve"));
    commands_.emplace(*gatekeeper_, office_.store, *chats_);
    EXPECT_THAT(say(vera, "/help"), Not(HasSubstr("/approve")));
    EXPECT_EQ(say(ana, "/approve 0011.2233.4455", ana),
              catalogue_.text("es", "telegram.unknown_command", {}));
    EXPECT_TRUE(office_.requests().empty());
}

}  // namespace
}  // namespace garita::telegram
