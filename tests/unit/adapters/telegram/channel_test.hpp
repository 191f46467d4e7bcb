#pragma once
// A desk, a store in memory, Telegram as a fake, and a clock that the test moves.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/catalogue/catalogue.hpp"
#include "adapters/telegram/poller.hpp"
#include "adapters/telegram/sender.hpp"
#include "adapters/zoneinfo/zone.hpp"
#include "fake_bot_api.hpp"
#include "fakes/memory_store.hpp"
#include "support/office.hpp"

namespace garita::telegram {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

inline constexpr std::int64_t chat = 500;
inline constexpr std::int64_t group = -600;
inline constexpr std::int64_t ana = 77;

class ChannelTest : public ::testing::Test {
  protected:
    ChannelTest() {
        settings.chats = {{{chat, std::nullopt}, ""}};
        add_person("ana", ana, Role::operator_);
        office.enrol("web1");
    }
    void add_person(std::string name, std::int64_t id, Role role) {
        Person person;
        person.name = std::move(name);
        person.role = role;
        person.telegram_id = id;
        settings.people.push_back(std::move(person));
    }
    /// As after a start of the hub: nothing but the store is left of the last run.
    void start() {
        poller.reset();
        sender.reset();
        gatekeeper.reset();
        chats.emplace(settings);
        health.emplace();
        const Voice voice{catalogue, *zone};
        gatekeeper.emplace(office.desk, store, *chats, settings, voice, runtime::Log());
        sender.emplace(api, store, *chats, *health, settings, voice, runtime::Log());
        poller.emplace(
            api, api, store, *chats, *health, *gatekeeper, settings, [this] { return office.now; },
            runtime::Log());
    }
    Duration send_once() { return step(*sender); }
    Duration poll_once() { return step(*poller); }
    Duration step(Worker& worker) {
        const auto wait = worker.step(office.now);
        EXPECT_TRUE(wait) << (wait ? "" : wait.error().text);
        return wait.value_or(Duration{0});
    }
    /// Steps the sender and lets the time pass that it asks for.
    void send_for(Duration span) {
        const auto end = office.now + span;
        while (office.now <= end)
            office.now += std::max<Duration>(send_once(), 1ms);
    }
    CaseId raise(const std::string& address) {
        office.file(tests::flood_alert(address));
        return office.last_case().id;
    }
    std::vector<Message> rows(CaseId id) {
        return office.look([&](store::View& v) { return v.messages_of(id); });
    }
    std::optional<std::string> value(std::string_view key) {
        return office.look([&](store::View& v) { return v.value(key); });
    }
    Case find(CaseId id) {
        return *office.look([&](store::View& v) { return v.find_case(id); });
    }
    static ApiError error(ApiError::Kind kind, std::string text = "fault") {
        return {kind, std::move(text), 30s, 0, kind == ApiError::Kind::transient};
    }
    /// One update: this person presses this button of the chat's last message.
    Update press(std::int64_t update, std::int64_t by, std::size_t button, std::int64_t in = chat) {
        const auto keyboard = api.in(in).back().keyboard;
        std::vector<Button> buttons;
        for (const auto& row : keyboard)
            buttons.insert(buttons.end(), row.begin(), row.end());
        Press pressed;
        pressed.id = "q" + std::to_string(update);
        pressed.from.id = by;
        pressed.chat = in;
        pressed.data = buttons.at(button).data;
        return {update, pressed};
    }
    Update say(std::int64_t update, std::int64_t by, std::string text, std::int64_t in = chat) {
        TextMessage message;
        message.chat = in;
        message.from = User{by, false, "Name", "", ""};
        message.is_private = in > 0;
        message.text = std::move(text);
        return {update, message};
    }
    /// The bot was put into a chat, or taken out.
    static Update joined(std::int64_t update, std::int64_t in, std::string title, bool present = true,
                         std::int64_t by = 900) {
        Membership membership{in, std::move(title), present, {}};
        membership.by.id = by;
        return {update, membership};
    }
    void hear(std::vector<Update> updates) {
        api.polls.emplace_back(std::move(updates));
        poll_once();
    }

    catalogue::MessageCatalogue catalogue;
    std::shared_ptr<const decide::TimeZone> zone = zoneinfo::find_zone("UTC").value();
    fakes::MemoryStore store;
    tests::Office office{store};
    FakeBotApi api;
    Settings settings;
    std::optional<ChatBook> chats;
    std::optional<Health> health;
    std::optional<Gatekeeper> gatekeeper;
    std::optional<Sender> sender;
    std::optional<Poller> poller;
};

}  // namespace garita::telegram
