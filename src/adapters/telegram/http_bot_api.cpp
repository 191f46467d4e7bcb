#include "adapters/telegram/http_bot_api.hpp"

#include <algorithm>

#include "adapters/telegram/wire.hpp"

namespace garita::telegram {

namespace {

using runtime::http::ClientResponse;

runtime::http::ClientOptions client_options(const BotApiOptions& options) {
    runtime::http::ClientOptions client;
    client.base_url = options.api_base;
    client.proxy = options.proxy;
    client.timeout = options.timeout;
    client.redact = {std::string(options.token.reveal())};
    return client;
}

wire::Answer answer_of(const ClientResponse& response) {
    return {response.status, response.body, response.headers.find("Retry-After").value_or("")};
}

/// Only where there was no connection it is certain that nothing was sent.
bool was_sent(const Error& error) {
    for (const auto* sure : {"connect", "resolve"})
        if (error.text.find(sure) != std::string::npos) return false;
    return true;
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

}  // namespace

Result<void> check_token(const runtime::Secret& token) {
    const auto text = token.reveal();
    const auto colon = text.find(':');
    const auto digits = text.substr(0, colon);
    const bool good =
        colon != text.npos && text.size() <= 80 && !digits.empty() && digits.front() != '0' &&
        std::all_of(digits.begin(), digits.end(), is_digit) && colon + 1 < text.size() &&
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(colon) + 1, text.end(), [](char c) {
            return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '-';
        });
    if (good) return {};
    return fail(ErrorCode::invalid,
                "telegram.token is not a bot token; @BotFather gives one that looks like 123456789:AAF…");
}

HttpBotApi::HttpBotApi(BotApiOptions options)
    : options_(std::move(options)), client_(client_options(options_)) {}

Reply<ClientResponse> HttpBotApi::call(std::string_view method, std::string_view body,
                                       std::chrono::milliseconds timeout) {
    const std::string target = "/bot" + std::string(options_.token.reveal()) + '/' + std::string(method);
    auto response = client_.send(runtime::http::Method::post, target, {{"Content-Type", "application/json"}},
                                 body, timeout);
    if (!response) {
        const bool sent = was_sent(response.error());
        return tl::unexpected(
            ApiError{ApiError::Kind::transient, std::move(response.error().text), {}, 0, sent});
    }
    return std::move(*response);
}

Reply<std::vector<Update>> HttpBotApi::updates(std::int64_t offset, std::chrono::seconds wait) {
    // a path that died silently must not hang the poll for ever
    const auto timeout = wait + std::chrono::seconds{10};
    return call("getUpdates", wire::write_get_updates(offset, wait), timeout)
        .and_then([](const ClientResponse& response) { return wire::read_updates(answer_of(response)); });
}

Reply<std::int64_t> HttpBotApi::send(const Place& place, const Text& text, const Keyboard& keyboard) {
    const auto attempt = [&](const Text& shown) {
        return call("sendMessage", wire::write_send(place, shown, keyboard))
            .and_then([](const ClientResponse& response) { return wire::read_sent(answer_of(response)); });
    };
    auto sent = attempt(text);
    // decoration is never a reason to lose an alert
    if (!sent && sent.error().kind == ApiError::Kind::refused && text.bold_units > 0)
        return attempt({text.plain, 0});
    return sent;
}

Reply<std::int64_t> HttpBotApi::show(const Place& place, Media media, std::string_view what) {
    return call(media == Media::sticker ? "sendSticker" : "sendAnimation",
                wire::write_show(place, media, what))
        .and_then([](const ClientResponse& response) { return wire::read_sent(answer_of(response)); });
}

Reply<void> HttpBotApi::edit(std::int64_t chat, std::int64_t message, const Text& text,
                             const Keyboard& keyboard) {
    const auto attempt = [&](const Text& shown) {
        return call("editMessageText", wire::write_edit(chat, message, shown, keyboard))
            .and_then([](const ClientResponse& response) { return wire::read_done(answer_of(response)); });
    };
    auto edited = attempt(text);
    if (!edited && edited.error().kind == ApiError::Kind::refused && text.bold_units > 0)
        return attempt({text.plain, 0});
    return edited;
}

Reply<void> HttpBotApi::answer_press(std::string_view press, std::string_view text) {
    return call("answerCallbackQuery", wire::write_answer_press(press, text))
        .and_then([](const ClientResponse& response) { return wire::read_done(answer_of(response)); });
}

Reply<void> HttpBotApi::remove(std::int64_t chat, std::int64_t message) {
    return call("deleteMessage", wire::write_remove(chat, message))
        .and_then([](const ClientResponse& response) { return wire::read_done(answer_of(response)); });
}

Reply<void> HttpBotApi::delete_webhook() {
    return call("deleteWebhook", R"({"drop_pending_updates":false})")
        .and_then([](const ClientResponse& response) { return wire::read_done(answer_of(response)); });
}

}  // namespace garita::telegram
