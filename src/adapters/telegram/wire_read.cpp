#include <algorithm>
#include <charconv>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>

#include "adapters/telegram/wire.hpp"
#include "runtime/json/text.hpp"

namespace garita::telegram::wire {

namespace {

namespace json = boost::json;

constexpr std::int64_t longest_pause = 3600;  ///< seconds that a retry_after is believed

const json::object* member_object(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    return value == nullptr ? nullptr : value->if_object();
}

std::optional<std::int64_t> member_integer(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    if (value == nullptr) return std::nullopt;
    if (const auto* number = value->if_int64()) return *number;
    return std::nullopt;
}

std::string member_text(const json::object& object, std::string_view name, std::size_t limit) {
    const auto* value = object.if_contains(name);
    const auto* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : std::string(text->data(), std::min(text->size(), limit));
}

bool member_true(const json::object& object, std::string_view name) {
    const auto* value = object.if_contains(name);
    const auto* flag = value == nullptr ? nullptr : value->if_bool();
    return flag != nullptr && *flag;
}

bool has_word(std::string_view text, std::string_view word) {
    return text.find(word) != text.npos;
}

ApiError transient(std::string text) {
    return {ApiError::Kind::transient, std::move(text), {}, 0, true};
}

std::chrono::seconds pause_of(const json::object* parameters, std::string_view header) {
    std::int64_t seconds = 0;
    if (const auto given = parameters == nullptr ? std::nullopt : member_integer(*parameters, "retry_after"))
        seconds = *given;
    else
        std::from_chars(header.data(), header.data() + header.size(), seconds);
    return std::chrono::seconds{std::clamp<std::int64_t>(seconds, 1, longest_pause)};
}

ApiError::Kind kind_of(std::int64_t code, std::string_view text) {
    using Kind = ApiError::Kind;
    if (code == 401) return Kind::token_refused;
    if (code == 404) return has_word(text, "method") ? Kind::refused : Kind::token_refused;
    if (code == 403) return Kind::chat_gone;
    if (code == 409) return has_word(text, "webhook") ? Kind::webhook_set : Kind::conflict;
    if (code == 429) return Kind::slow_down;
    if (code == 400) {
        if (has_word(text, "chat not found") || has_word(text, "group chat was deleted") ||
            has_word(text, "PEER_ID_INVALID"))
            return Kind::chat_gone;
        if (has_word(text, "message to edit not found") || has_word(text, "message can't be edited") ||
            has_word(text, "MESSAGE_ID_INVALID"))
            return Kind::message_gone;
    }
    return code >= 400 && code < 500 ? Kind::refused : Kind::transient;
}

ApiError understand(const Answer& answer, const json::object& body) {
    ApiError error;
    const auto code = member_integer(body, "error_code").value_or(answer.status);
    error.text = member_text(body, "description", 500);
    error.kind = kind_of(code, error.text);
    const auto* parameters = member_object(body, "parameters");
    if (const auto moved =
            parameters == nullptr ? std::nullopt : member_integer(*parameters, "migrate_to_chat_id")) {
        error.kind = ApiError::Kind::migrated;
        error.migrate_to = *moved;
    }
    if (error.kind == ApiError::Kind::slow_down) error.retry_after = pause_of(parameters, answer.retry_after);
    error.maybe_done = error.kind == ApiError::Kind::transient;
    error.text = std::to_string(code) + ' ' + error.text;
    return error;
}

/// The `result` of a good answer; null where there is none.
Reply<json::value> result_of(const Answer& answer) {
    auto body = runtime::json::parse(answer.body, "Telegram's answer");
    auto* object = body ? body->if_object() : nullptr;
    if (object == nullptr || !object->contains("ok")) {
        auto error = transient("HTTP " + std::to_string(answer.status) + ", not an answer of the Bot API");
        if (answer.status == 429) {
            error.kind = ApiError::Kind::slow_down;
            error.maybe_done = false;
            error.retry_after = pause_of(nullptr, answer.retry_after);
        }
        return tl::unexpected(std::move(error));
    }
    if (!member_true(*object, "ok")) return tl::unexpected(understand(answer, *object));
    const auto result = object->find("result");
    return result == object->end() ? json::value() : std::move(result->value());
}

User read_user(const json::object& from) {
    User user;
    user.id = member_integer(from, "id").value_or(0);
    user.is_bot = member_true(from, "is_bot");
    user.name = member_text(from, "first_name", 256);
    if (const auto last = member_text(from, "last_name", 256); !last.empty()) user.name += ' ' + last;
    user.username = member_text(from, "username", 64);
    user.language = member_text(from, "language_code", 16);
    return user;
}

std::optional<TextMessage> read_message(const json::object& from_wire) {
    const auto* chat = member_object(from_wire, "chat");
    const auto chat_id = chat == nullptr ? std::nullopt : member_integer(*chat, "id");
    if (!chat_id) return std::nullopt;
    TextMessage message;
    message.id = member_integer(from_wire, "message_id").value_or(0);
    message.chat = *chat_id;
    message.is_private = member_text(*chat, "type", 16) == "private";
    message.title = member_text(*chat, "title", 256);
    message.thread = member_integer(from_wire, "message_thread_id");
    if (const auto* from = member_object(from_wire, "from")) message.from = read_user(*from);
    message.from_chat = from_wire.contains("sender_chat");
    message.text = member_text(from_wire, "text", 16384);
    message.migrate_to = member_integer(from_wire, "migrate_to_chat_id");
    return message;
}

std::optional<Press> read_press(const json::object& from_wire) {
    const auto* from = member_object(from_wire, "from");
    Press press;
    press.id = member_text(from_wire, "id", 64);
    if (from == nullptr || press.id.empty()) return std::nullopt;
    press.from = read_user(*from);
    press.data = member_text(from_wire, "data", 64);
    if (const auto* message = member_object(from_wire, "message"))
        if (const auto* chat = member_object(*message, "chat")) press.chat = member_integer(*chat, "id");
    return press;
}

std::optional<Membership> read_membership(const json::object& from_wire) {
    const auto* chat = member_object(from_wire, "chat");
    const auto* now = member_object(from_wire, "new_chat_member");
    const auto chat_id = chat == nullptr ? std::nullopt : member_integer(*chat, "id");
    if (!chat_id || now == nullptr) return std::nullopt;
    const auto status = member_text(*now, "status", 32);
    const bool present = status == "member" || status == "administrator" || status == "creator" ||
                         (status == "restricted" && member_true(*now, "is_member"));
    Membership membership{*chat_id, member_text(*chat, "title", 256), present, {}};
    if (const auto* from = member_object(from_wire, "from")) membership.by = read_user(*from);
    return membership;
}

std::optional<Update> read_update(const json::value& value) {
    const auto* object = value.if_object();
    const auto id = object == nullptr ? std::nullopt : member_integer(*object, "update_id");
    if (!id) return std::nullopt;
    Update update{*id, {}};
    if (const auto* wire = member_object(*object, "callback_query")) {
        if (auto press = read_press(*wire)) update.what = std::move(*press);
    } else if (const auto* text = member_object(*object, "message")) {
        if (auto message = read_message(*text)) update.what = std::move(*message);
    } else if (const auto* member = member_object(*object, "my_chat_member")) {
        if (auto membership = read_membership(*member)) update.what = std::move(*membership);
    }
    return update;
}

}  // namespace

Reply<std::vector<Update>> read_updates(const Answer& answer) {
    auto result = result_of(answer);
    if (!result) return tl::unexpected(std::move(result.error()));
    const auto* list = result->if_array();
    if (list == nullptr) return tl::unexpected(transient("getUpdates: the result is not a list"));
    std::vector<Update> updates;
    updates.reserve(std::min<std::size_t>(list->size(), 100));
    for (const auto& value : *list)
        if (auto update = read_update(value)) updates.push_back(std::move(*update));
    return updates;
}

Reply<std::int64_t> read_sent(const Answer& answer) {
    auto result = result_of(answer);
    if (!result) return tl::unexpected(std::move(result.error()));
    const auto* message = result->if_object();
    const auto id = message == nullptr ? std::nullopt : member_integer(*message, "message_id");
    if (!id) return tl::unexpected(transient("sendMessage: the result has no message_id"));
    return *id;
}

Reply<void> read_done(const Answer& answer) {
    auto result = result_of(answer);
    if (result) return {};
    const auto& text = result.error().text;
    if (has_word(text, "message is not modified") || has_word(text, "query is too old") ||
        has_word(text, "query ID is invalid"))
        return {};
    return tl::unexpected(std::move(result.error()));
}

}  // namespace garita::telegram::wire
