// Our channel against npm's telegram-test-api, a server that we did not write. It answers every poll at once.
#include <set>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "hub.hpp"
#include "peer.hpp"

namespace garita::telegram {
namespace {

using namespace std::chrono_literals;
using testing_support::eventually;

constexpr std::int64_t chat = 1001;
constexpr std::int64_t ana = 77;

class LaxServer : public ::testing::Test {
  protected:
    LaxServer() {
        settings.chats = {{{chat, std::nullopt}, "en"}};
        settings.people = {person("ana", ana)};
    }
    /// All that the bot has done, as the server keeps it.
    json::array history() {
        const auto answer = server.post("/getUpdatesHistory", {{"token", test_token}});
        const auto* result = answer.is_object() ? answer.as_object().if_contains("result") : nullptr;
        return result != nullptr && result->is_array() ? result->as_array() : json::array{};
    }
    /// The bot's messages in the chat, as they are now.
    std::vector<json::object> bot_messages() {
        std::vector<json::object> found;
        for (const auto& entry : history()) {
            const auto* message = entry.as_object().if_contains("message");
            if (message != nullptr && message->as_object().contains("chat_id"))
                found.push_back(message->as_object());
        }
        return found;
    }
    void press(const std::string& data, std::int64_t by, std::int64_t message) {
        server.post("/sendCallback",
                    {{"botToken", test_token},
                     {"from", {{"id", by}, {"first_name", "Ana"}, {"is_bot", false}}},
                     {"data", data},
                     {"message", {{"message_id", message}, {"chat", {{"id", chat}, {"type", "private"}}}}}});
    }
    Peer server{"lax.js"};
    Desk desk;
    Settings settings;
};

TEST_F(LaxServer, AQuestionIsSentPressedAnsweredAndEdited) {
    RunningChannel channel(desk, settings, server.base());
    const auto id = desk.raise_flood("192.0.2.7");
    ASSERT_TRUE(eventually([&] { return !bot_messages().empty(); }));
    const auto sent = bot_messages().front();
    EXPECT_THAT(std::string(sent.at("text").as_string()), ::testing::HasSubstr("192.0.2.7"));
    const auto& rows = sent.at("reply_markup").at("inline_keyboard").as_array();
    ASSERT_FALSE(rows.empty());
    const auto& block = rows.at(0).as_array().back().as_object();
    EXPECT_EQ(std::string(block.at("text").as_string()), "Block address");
    press(std::string(block.at("callback_data").as_string()), ana, 1);
    ASSERT_TRUE(eventually([&] { return desk.find(id).decision.has_value(); }));
    EXPECT_EQ(desk.find(id).decision->by.name, "ana");
    ASSERT_TRUE(eventually([&] {
        for (const auto& message : bot_messages())
            if (std::string(message.at("text").as_string()).find("decided by ana (telegram)") !=
                std::string::npos)
                return true;
        return false;
    }));
}

TEST_F(LaxServer, IsNotAskedThousandsOfTimesAlthoughItNeverWaits) {
    RunningChannel channel(desk, settings, server.base());
    const auto polls = [&] {
        const auto last = channel.health().last_poll;
        return last ? *last : Time{};
    };
    ASSERT_TRUE(eventually([&] { return polls() != Time{}; }));
    std::set<Time> seen;
    const auto end = runtime::system_now() + 3s;
    while (runtime::system_now() < end) {
        seen.insert(polls());
        std::this_thread::sleep_for(1ms);
    }
    EXPECT_GE(seen.size(), 2U);
    EXPECT_LE(seen.size(), 15U) << "more than five polls a second";
}

}  // namespace
}  // namespace garita::telegram
