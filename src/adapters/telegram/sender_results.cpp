// What Telegram's answers mean for messages, chats and the pace.
#include <algorithm>

#include "adapters/telegram/sender.hpp"
#include "adapters/telegram/sent.hpp"
#include "runtime/outbox/back_off.hpp"

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;
using Kind = ApiError::Kind;

constexpr int most_refusals = 5;

/// 3 s, 6 s, 12 s … up to the limit.
Duration back_off(int failures, Duration limit) {
    return runtime::back_off(3s, failures, limit);
}

}  // namespace

Result<void> Sender::save(const Message& message) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        transaction.update_message(message);
        return {};
    });
}

Result<void> Sender::succeeded(Message message, std::int64_t external_id, const Case& about, Time now) {
    const bool is_edit = !message.external_id.empty();
    const bool shows_end = !message.external_id.empty() && about.facts.contains("over");
    failures_in_a_row_ = 0;
    health_.sent(now);
    health_.well("sending");
    message.external_id =
        message.channel == lapse_channel ? lapse_mark(external_id, about) : std::to_string(external_id);
    message.shown_version = about.version;
    message.attempts = 0;
    message.sending_since.reset();
    message.next_try.reset();
    message.last_error.clear();
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        transaction.update_message(message);
        note_lapse(transaction, message, about, is_edit, now);
        if (!shows_end) return {};
        for (const auto& other : transaction.messages_of(about.id))
            if (other.channel == end_channel && other.place == message.place) return {};
        Message end;
        end.case_id = about.id;
        end.channel = end_channel;
        end.place = message.place;
        (void)transaction.insert_message(end);
        return {};
    });
}

Message Sender::after_failure(Message message, const ApiError& error, Time now) {
    message.last_error = error.text;
    message.next_try = now;
    // what may have arrived by an earlier try stays in doubt, whatever became of this one
    if (!error.maybe_done && message.sending_since == now) message.sending_since.reset();
    switch (error.kind) {
        case Kind::migrated:
            break;  // the row moves with the chat, after this
        case Kind::chat_gone:
            message.abandoned = true;
            break;
        case Kind::slow_down:
            message.next_try = now + error.retry_after;
            break;
        case Kind::message_gone:
            // somebody deleted it, or the chat was turned into another one: the question is asked anew
            message.external_id.clear();
            message.shown_version = 0;
            break;
        case Kind::refused:
            message.next_try = now + back_off(4 + message.attempts, 1h);
            message.abandoned = ++message.attempts >= most_refusals;
            if (message.abandoned) report("chat " + message.place, "refuses messages: " + error.text);
            break;
        case Kind::token_refused:
        case Kind::conflict:
        case Kind::webhook_set:
        case Kind::transient:
            message.next_try = now + back_off(message.attempts, 1h);
            ++message.attempts;
            break;
    }
    return message;
}

Result<void> Sender::failed(Message message, const Place& place, const ApiError& error, Time now) {
    log_.warning("telegram did not take a message",
                 {{"case", message.case_id.value}, {"chat", message.place}, {"answer", error.text}});
    message = after_failure(std::move(message), error, now);
    if (!message.abandoned && *message.next_try > now)
        next_retry_ = std::min(next_retry_.value_or(*message.next_try), *message.next_try);
    if (auto saved = save(message); !saved) return saved;
    return heed(place, error, now);
}

Result<void> Sender::heed(const Place& place, const ApiError& error, Time now) {
    switch (error.kind) {
        case Kind::slow_down:
            pace_.pause_chat(place.chat, now + error.retry_after);
            break;
        case Kind::chat_gone:
            chats_.mark_gone(place.chat);
            report("chat " + to_text(place), "takes no messages any more: " + error.text);
            break;
        case Kind::migrated:
            if (chats_.is_configured(place.chat))
                report("chat " + to_text(place), "has become " + std::to_string(error.migrate_to) +
                                                     ": put this id into the configuration");
            return chats_.move(store_, place.chat, error.migrate_to);
        case Kind::token_refused:
            pace_.pause_all(now + 10min);
            report("token", "Telegram refuses the bot's token: " + error.text);
            break;
        case Kind::transient:
            pace_.pause_all(now + back_off(failures_in_a_row_++, 60s));
            if (failures_in_a_row_ > 3) report("sending", error.text);
            break;
        case Kind::conflict:
        case Kind::webhook_set:
        case Kind::message_gone:
        case Kind::refused:
            break;
    }
    return {};
}

Result<void> Sender::abandon(Message message, std::string why) {
    log_.warning("a telegram message is given up",
                 {{"case", message.case_id.value}, {"chat", message.place}, {"reason", why}});
    message.abandoned = true;
    message.last_error = std::move(why);
    return save(message);
}

void Sender::report(const std::string& about, const std::string& text) {
    if (health_.trouble(about, text))
        log_.error("telegram needs attention", {{"about", about}, {"what", text}});
}

}  // namespace garita::telegram
