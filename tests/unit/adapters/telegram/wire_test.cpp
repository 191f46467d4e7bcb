#include "adapters/telegram/wire.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace garita::telegram::wire {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using Kind = ApiError::Kind;

Answer refusal(int status, const std::string& body, std::string_view retry_after = "") {
    static std::string kept;
    kept = body;
    return {status, kept, retry_after};
}

TEST(Wire, ReadsAPress) {
    const auto updates = read_updates(
        {200,
         R"({"ok":true,"result":[{"update_id":7,"callback_query":{"id":"99","from":{"id":77,"is_bot":false,)"
         R"("first_name":"Ana","last_name":"B","username":"ana_b","language_code":"es"},"message":{"message_id":3,)"
         R"("date":0,"chat":{"id":-1001234567890123,"type":"supergroup"}},"data":"ticket"}}]})",
         ""});
    ASSERT_TRUE(updates);
    ASSERT_EQ(updates->size(), 1U);
    EXPECT_EQ(updates->at(0).id, 7);
    const auto& press = std::get<Press>(updates->at(0).what);
    EXPECT_EQ(press.id, "99");
    EXPECT_EQ(press.from.id, 77);
    EXPECT_EQ(press.from.name, "Ana B");
    EXPECT_EQ(press.from.language, "es");
    EXPECT_EQ(press.chat, -1001234567890123);
    EXPECT_EQ(press.data, "ticket");
}

TEST(Wire, ReadsMessagesAndMembership) {
    const auto updates = read_updates(
        {200,
         R"({"ok":true,"result":[{"update_id":1,"message":{"message_id":1,"date":1,"chat":{"id":-5,"type":"group"},)"
         R"("from":{"id":7},"sender_chat":{"id":-5},"message_thread_id":3,"text":"/cases"}},)"
         R"({"update_id":2,"message":{"message_id":2,"date":1,"chat":{"id":-5},"migrate_to_chat_id":-1009}},)"
         R"({"update_id":3,"my_chat_member":{"chat":{"id":-5,"title":"T"},"new_chat_member":{"status":"kicked"}}},)"
         R"({"update_id":4,"my_chat_member":{"chat":{"id":-5},"new_chat_member":{"status":"restricted","is_member":true}}}]})",
         ""});
    ASSERT_TRUE(updates);
    const auto& text = std::get<TextMessage>(updates->at(0).what);
    EXPECT_EQ(text.thread, 3);
    EXPECT_TRUE(text.from_chat);
    EXPECT_FALSE(text.is_private);
    EXPECT_EQ(std::get<TextMessage>(updates->at(1).what).migrate_to, -1009);
    EXPECT_FALSE(std::get<Membership>(updates->at(2).what).present);
    EXPECT_TRUE(std::get<Membership>(updates->at(3).what).present);
}

TEST(Wire, OneBrokenUpdateDoesNotHideTheOthers) {
    const auto updates = read_updates(
        {200,
         R"({"ok":true,"result":[7,{"no":1},{"update_id":5,"message":{"chat":"x"}},{"update_id":6,"poll":{}},)"
         R"({"update_id":7,"callback_query":{"id":5}},{"update_id":8,"message":{"chat":{"id":1}}}]})",
         ""});
    ASSERT_TRUE(updates);
    ASSERT_EQ(updates->size(), 4U);
    for (int i = 0; i < 3; ++i)
        EXPECT_TRUE(std::holds_alternative<std::monostate>(updates->at(i).what));
    EXPECT_TRUE(std::holds_alternative<TextMessage>(updates->at(3).what));
}

TEST(Wire, UnderstandsEveryRefusal) {
    const struct {
        int code;
        const char* text;
        Kind kind;
    } table[] = {
        {401, "Unauthorized", Kind::token_refused},
        {404, "Not Found", Kind::token_refused},
        {404, "Not Found: method not found", Kind::refused},
        {403, "Forbidden: bot was kicked from the supergroup chat", Kind::chat_gone},
        {403, "Forbidden: user is deactivated", Kind::chat_gone},
        {400, "Bad Request: chat not found", Kind::chat_gone},
        {400, "Bad Request: message to edit not found", Kind::message_gone},
        {400, "Bad Request: message is too long", Kind::refused},
        {409, "Conflict: terminated by other getUpdates request", Kind::conflict},
        {409, "Conflict: can't use getUpdates method while webhook is active", Kind::webhook_set},
        {500, "Internal Server Error: restart", Kind::transient},
        {502, "Bad Gateway", Kind::transient},
    };
    for (const auto& [code, text, kind] : table) {
        const auto sent = read_sent(refusal(code, R"({"ok":false,"error_code":)" + std::to_string(code) +
                                                      R"(,"description":")" + text + "\"}"));
        ASSERT_FALSE(sent) << text;
        EXPECT_EQ(sent.error().kind, kind) << text;
        EXPECT_EQ(sent.error().maybe_done, kind == Kind::transient) << text;
        EXPECT_THAT(sent.error().text, HasSubstr(text));
    }
}

TEST(Wire, FindsTheTimeToWaitInJsonOrHeader) {
    EXPECT_EQ(read_done(refusal(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":17}})"))
                  .error()
                  .retry_after,
              17s);
    EXPECT_EQ(read_done(refusal(429, R"({"ok":false,"error_code":429})", "9")).error().retry_after, 9s);
    const auto proxy = read_done(refusal(429, "<html>slow down", "5"));
    EXPECT_EQ(proxy.error().kind, Kind::slow_down);
    EXPECT_EQ(proxy.error().retry_after, 5s);
    for (const char* odd : {"-4", "0", "x"})
        EXPECT_EQ(read_done(refusal(429, R"({"ok":false,"error_code":429})", odd)).error().retry_after, 1s);
    EXPECT_EQ(
        read_done(refusal(429, R"({"ok":false,"error_code":429,"parameters":{"retry_after":99999999}})"))
            .error()
            .retry_after,
        1h);
}

TEST(Wire, FindsTheNewIdOfAMigratedGroup) {
    const auto sent = read_sent(
        refusal(400, R"({"ok":false,"error_code":400,"description":"Bad Request: group chat was upgraded",)"
                     R"("parameters":{"migrate_to_chat_id":-1002147483648123}})"));
    EXPECT_EQ(sent.error().kind, Kind::migrated);
    EXPECT_EQ(sent.error().migrate_to, -1002147483648123);
}

TEST(Wire, WhatIsAsGoodAsDoneIsDone) {
    EXPECT_TRUE(read_done({200, R"({"ok":true,"result":null})", ""}));
    EXPECT_TRUE(read_done({200, R"({"ok":true})", ""}));
    EXPECT_TRUE(
        read_done(refusal(400, R"({"ok":false,"error_code":400,"description":"Bad Request: message is )"
                               R"(not modified: specified new message content"})")));
    EXPECT_TRUE(
        read_done(refusal(400, R"({"ok":false,"error_code":400,"description":"Bad Request: query is too )"
                               R"(old and response timeout expired or query ID is invalid"})")));
}

TEST(Wire, WhatIsNotTheBotApiIsTransient) {
    for (const char* body : {"", "<html>", "{", "[]", "7", R"({"message":"API method not supported"})"}) {
        const auto sent = read_sent({500, body, ""});
        ASSERT_FALSE(sent);
        EXPECT_EQ(sent.error().kind, Kind::transient) << body;
    }
    EXPECT_FALSE(read_updates({200, R"({"ok":true,"result":{}})", ""}));
    EXPECT_FALSE(read_sent({200, R"({"ok":true,"result":{"message_id":"x"}})", ""}));
}

TEST(Wire, WritesWhatTelegramWants) {
    EXPECT_EQ(
        write_get_updates(7, 50s),
        R"({"offset":7,"timeout":50,"limit":100,"allowed_updates":["message","callback_query","my_chat_member"]})");
    EXPECT_EQ(
        write_send({-5, 3}, {"a \"b\"", 1}, {{{"Allow", "t1"}, {"Block", "t2"}}}),
        R"({"chat_id":-5,"message_thread_id":3,"text":"a \"b\"","link_preview_options":{"is_disabled":true},)"
        R"("entities":[{"type":"bold","offset":0,"length":1}],"reply_markup":{"inline_keyboard":)"
        R"([[{"text":"Allow","callback_data":"t1"},{"text":"Block","callback_data":"t2"}]]}})");
    EXPECT_THAT(write_send({5, {}}, {"over", 0, 9}, {}),
                HasSubstr(R"("reply_parameters":{"message_id":9,"allow_sending_without_reply":true})"));
    EXPECT_EQ(write_edit(5, 9, {"x", 0}, {}),
              R"({"chat_id":5,"message_id":9,"text":"x","link_preview_options":{"is_disabled":true},)"
              R"("reply_markup":{"inline_keyboard":[]}})");
    EXPECT_THAT(write_answer_press("1", "bad \xff byte"), HasSubstr("bad \uFFFD byte"));
    EXPECT_EQ(write_answer_press("1", ""), R"({"callback_query_id":"1"})");
    EXPECT_EQ(write_show({-5, 3}, Media::animation, "https://example.org/a.gif"),
              R"({"chat_id":-5,"message_thread_id":3,"animation":"https://example.org/a.gif"})");
    EXPECT_EQ(write_show({5, {}}, Media::sticker, "CAAC"), R"({"chat_id":5,"sticker":"CAAC"})");
}

TEST(Wire, KnowsInWhichStatusesTheBotIsThere) {
    const auto present = [](const std::string& member) {
        const auto body =
            R"({"ok":true,"result":[{"update_id":5,"my_chat_member":{"chat":{"id":-5,"title":"ops_team"},)"
            R"("from":{"id":77},"new_chat_member":)" +
            member + "}}]}";
        const auto updates = read_updates({200, body, ""});
        const auto* membership =
            updates && !updates->empty() ? std::get_if<Membership>(&updates->at(0).what) : nullptr;
        if (membership == nullptr) return std::string("nothing");
        EXPECT_EQ(membership->title, "ops_team");
        EXPECT_EQ(membership->by.id, 77);
        return std::string(membership->present ? "there" : "gone");
    };
    for (const char* there : {R"({"status":"creator"})", R"({"status":"administrator"})",
                              R"({"status":"member"})", R"({"status":"restricted","is_member":true})"})
        EXPECT_EQ(present(there), "there") << there;
    for (const char* gone : {R"({"status":"left"})", R"({"status":"kicked"})", R"({"status":"restricted"})",
                             R"({"status":"restricted","is_member":false})", R"({"status":7})", "{}"})
        EXPECT_EQ(present(gone), "gone") << gone;
    EXPECT_EQ(present("7"), "nothing");
}

TEST(Place, HasOneTextForm) {
    EXPECT_EQ(to_text(Place{-100123, std::nullopt}), "-100123");
    EXPECT_EQ(to_text(Place{-100123, 5}), "-100123/5");
    EXPECT_EQ(parse_place("-100123/5"), (Place{-100123, 5}));
    EXPECT_EQ(parse_place("77"), (Place{77, std::nullopt}));
    for (const char* wrong : {"", "x", "5/", "/5", "5/x", "5 ", "5/6/7"})
        EXPECT_FALSE(parse_place(wrong)) << wrong;
}

}  // namespace
}  // namespace garita::telegram::wire
