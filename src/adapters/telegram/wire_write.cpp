#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "adapters/telegram/wire.hpp"
#include "runtime/json/text.hpp"

namespace garita::telegram::wire {

namespace {

namespace json = boost::json;

constexpr std::size_t max_text_bytes = 4 * 4096;

json::string text_of(std::string_view text) {
    return runtime::json::to_json_text(text, max_text_bytes);
}

json::object markup(const Keyboard& keyboard) {
    json::array rows;
    for (const auto& buttons : keyboard) {
        json::array row;
        for (const auto& button : buttons)
            row.push_back({{"text", text_of(button.label)}, {"callback_data", text_of(button.data)}});
        rows.push_back(std::move(row));
    }
    return {{"inline_keyboard", std::move(rows)}};
}

/// No parse_mode: foreign text can never become mark-up. What is bold is told by position.
void add_text(json::object& request, const Text& text) {
    request["text"] = text_of(text.plain);
    request["link_preview_options"] = json::object{{"is_disabled", true}};
    if (text.bold_units > 0)
        request["entities"] = {{{"type", "bold"}, {"offset", 0}, {"length", text.bold_units}}};
}

}  // namespace

std::string write_get_updates(std::int64_t offset, std::chrono::seconds wait) {
    // allowed_updates is remembered by the server: always say it, an earlier program may have said less
    return runtime::json::serialize(
        json::object{{"offset", offset},
                     {"timeout", wait.count()},
                     {"limit", 100},
                     {"allowed_updates", {"message", "callback_query", "my_chat_member"}}});
}

std::string write_send(const Place& place, const Text& text, const Keyboard& keyboard) {
    json::object request{{"chat_id", place.chat}};
    if (place.thread) request["message_thread_id"] = *place.thread;
    add_text(request, text);
    if (!keyboard.empty()) request["reply_markup"] = markup(keyboard);
    if (text.answers != 0)
        request["reply_parameters"] =
            json::object{{"message_id", text.answers}, {"allow_sending_without_reply", true}};
    return runtime::json::serialize(request);
}

std::string write_show(const Place& place, Media media, std::string_view what) {
    json::object request{{"chat_id", place.chat}};
    if (place.thread) request["message_thread_id"] = *place.thread;
    request[media == Media::sticker ? "sticker" : "animation"] = text_of(what);
    return runtime::json::serialize(request);
}

std::string write_edit(std::int64_t chat, std::int64_t message, const Text& text, const Keyboard& keyboard) {
    json::object request{{"chat_id", chat}, {"message_id", message}};
    add_text(request, text);
    request["reply_markup"] = markup(keyboard);
    return runtime::json::serialize(request);
}

std::string write_remove(std::int64_t chat, std::int64_t message) {
    return runtime::json::serialize(json::object{{"chat_id", chat}, {"message_id", message}});
}

std::string write_answer_press(std::string_view press, std::string_view text) {
    json::object request{{"callback_query_id", text_of(press)}};
    if (!text.empty()) request["text"] = text_of(text);
    return runtime::json::serialize(request);
}

}  // namespace garita::telegram::wire
