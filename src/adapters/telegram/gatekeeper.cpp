#include "adapters/telegram/gatekeeper.hpp"

#include <algorithm>
#include <array>

#include "adapters/telegram/waiting_answer.hpp"
#include "decide/foreign_text.hpp"
#include "decide/outcome_text.hpp"

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t max_toast = 200;
constexpr Duration between_records = 1min;
constexpr Duration code_wait = 2min;
/// GroupAnonymousBot, Channel_Bot, and the account that shows service messages and forwards from channels.
constexpr std::array<std::int64_t, 3> nobodies = {1087968824, 136817688, 777000};

std::string toast(const std::string& text) {
    return std::string(decide::cut_utf16(text, max_toast));
}

std::string object_of(CaseId id) {
    return "case " + std::to_string(id.value);
}

std::string describe(const User& user) {
    auto text = "telegram user " + std::to_string(user.id);
    if (!user.username.empty()) text += " @" + user.username;
    if (!user.name.empty()) text += " (" + user.name + ")";
    return decide::clean_line(text);
}

}  // namespace

Gatekeeper::Gatekeeper(decide::Answering& answering, store::Store& store, const ChatBook& chats,
                       Settings settings, Voice voice, runtime::Log log)
    : answering_(answering),
      store_(store),
      chats_(chats),
      hub_language_(std::move(settings.language)),
      people_(std::move(settings.people)),
      voice_(voice),
      log_(std::move(log)) {}

std::optional<Person> Gatekeeper::find(const User& user) const {
    return is_nobody(user) ? std::nullopt : people_.by_telegram(user.id);
}

bool Gatekeeper::is_nobody(const User& user) {
    return user.is_bot || user.id <= 0 ||
           std::find(nobodies.begin(), nobodies.end(), user.id) != nobodies.end();
}

decide::Reader Gatekeeper::reader_for(const std::optional<Person>& person,
                                      std::optional<std::int64_t> chat) const {
    auto reader = chat ? chats_.reader_of(*chat, voice_) : voice_.reader(hub_language_);
    if (person && !person->language.empty()) reader.language = person->language;
    return reader;
}

bool Gatekeeper::is_unheard(const User& user, std::optional<std::int64_t> chat) const {
    return chats_.is_banned(user.id) || (chat && chats_.is_banned(*chat));
}

std::string Gatekeeper::press(const Press& press, Time now) {
    if (is_unheard(press.from, press.chat)) return {};
    const auto person = find(press.from);
    const auto reader = reader_for(person, press.chat);
    std::optional<ButtonTicket> ticket;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        ticket = view.find_ticket(press.data);
        return {};
    });
    if (!read) return toast(reader.text("telegram.not_stored"));
    const auto object = ticket ? object_of(ticket->case_id) : std::string("unknown button");
    if (is_nobody(press.from)) {
        record_refusal(press.from, object, "an anonymous administrator, channel or bot", now);
        return toast(reader.text("telegram.anonymous"));
    }
    if (!person) return unknown(press.from, object, reader, now);
    const auto place = ticket ? parse_place(ticket->place) : std::nullopt;
    if (place && chats_.is_banned(place->chat)) return {};  // of a message so old that it names no chat
    if (!place || ticket->channel != channel_name || (press.chat && *press.chat != place->chat)) {
        record_refusal(press.from, object, "the button is not one of ours, or was used in another chat", now);
        return toast(reader.text("telegram.bad_button"));
    }
    decide::AnswerRequest request;
    request.case_id = ticket->case_id;
    request.response = ticket->response;
    return toast(decide(*person, request, reader, now));
}

std::string Gatekeeper::typed(const TextMessage& message, CaseId about, Response response,
                              std::optional<Duration> lasts, Time now) {
    const auto person = message.from && !message.from_chat ? find(*message.from) : std::nullopt;
    if (!person) return stranger(message, object_of(about), now);
    const auto reader = reader_for(person, message.chat);
    decide::AnswerRequest request;
    request.case_id = about;
    request.response = response;
    request.lasts = lasts;
    return decide(*person, request, reader, now);
}

std::string Gatekeeper::stranger(const TextMessage& message, const std::string& object, Time now) {
    const User from = message.from.value_or(User{});
    const auto reader = reader_for(std::nullopt, message.chat);
    if (!message.from_chat && !is_nobody(from)) return unknown(from, object, reader, now);
    record_refusal(from, object, "an anonymous administrator, channel or bot", now);
    return reader.text("telegram.anonymous");
}

std::string Gatekeeper::decide(const Person& person, const decide::AnswerRequest& request,
                               const decide::Reader& reader, Time now) {
    auto complete = request;
    complete.by = decide::actor_of(person, channel_name);
    complete.connected_at = now;  // whoever is heard now is not cut off
    const auto outcome = answering_.answer_or_refuse(complete, now);
    if (!outcome) {
        auto text = decide::refused_text(outcome.error(), reader);
        if (!text.empty()) return text;
        log_.error("an answer could not be stored", {{"case", request.case_id.value},
                                                     {"person", person.name},
                                                     {"error", outcome.error().error.text}});
        return reader.text("telegram.not_stored");
    }
    if (outcome->kind == decide::AnswerOutcome::Kind::code_wanted)
        return ask_for_code(person, request, reader, now);
    return decide::outcome_text(*outcome, request.response, reader);
}

std::string Gatekeeper::ask_for_code(const Person& person, const decide::AnswerRequest& request,
                                     const decide::Reader& reader, Time now) {
    const auto user = person.telegram_id.value_or(0);
    const WaitingAnswer waiting{request.case_id, request.response, request.lasts, now + code_wait};
    const auto kept = store_.write([&](store::Transaction& transaction) -> Result<void> {
        transaction.set_value(waiting_key(user), to_text(waiting));
        return {};
    });
    if (!kept) return reader.text("telegram.not_stored");
    const auto in_private = reader_for(person, std::nullopt);
    notes_.push_back({user, in_private.text("telegram.code_ask",
                                            {{"id", std::to_string(request.case_id.value)},
                                             {"response", response_label(request.response, in_private)},
                                             {"time", in_private.time(waiting.until)}})});
    return reader.text("telegram.code_wanted");
}

std::string Gatekeeper::code(const TextMessage& message, std::string_view code, Time now) {
    const User from = message.from.value_or(User{});
    const auto person = find(from);
    const auto reader = reader_for(person, message.chat);
    if (message.from_chat || !person) return unknown(from, "one-time code", reader, now);
    if (!message.is_private) return reader.text("telegram.code_private");
    std::optional<WaitingAnswer> waiting;
    const auto read = store_.read([&](store::View& view) -> Result<void> {
        waiting = parse_waiting(view.value(waiting_key(from.id)).value_or(""));
        return {};
    });
    if (!read) return reader.text("telegram.not_stored");
    if (!waiting || now >= waiting->until) return reader.text("telegram.code_none");
    decide::AnswerRequest request;
    request.case_id = waiting->about;
    request.response = waiting->response;
    request.lasts = waiting->lasts;
    request.code = code.empty() ? "-" : std::string(code);
    return '#' + std::to_string(waiting->about.value) + ' ' + decide(*person, request, reader, now);
}

std::string Gatekeeper::unknown(const User& user, const std::string& object, const decide::Reader& reader,
                                Time now) {
    record_refusal(user, object, "not one of the configured people", now);
    return toast(reader.text("telegram.unknown_person", {{"id", std::to_string(user.id)}}));
}

void Gatekeeper::record_refusal(const User& user, const std::string& object, const std::string& why,
                                Time now) {
    if (recorded_.size() > 1000)
        std::erase_if(recorded_, [&](const auto& r) { return r.second + between_records <= now; });
    if (recorded_.size() > 10'000) return;  // somebody presses with many accounts: the log has enough
    auto& last = recorded_[{user.id, object}];
    if (last != Time{} && now < last + between_records && now >= last) return;
    last = now;
    log_.warning("an answer from telegram was refused",
                 {{"who", describe(user)}, {"object", object}, {"reason", why}});
    const auto stored = store_.write([&](store::Transaction& transaction) -> Result<void> {
        AuditEntry entry;
        entry.at = now;
        entry.actor = {Actor::Kind::person, describe(user), std::string(channel_name), Role::viewer};
        entry.verb = "decide_refused";
        entry.object = object;
        entry.detail = why;
        transaction.add_audit(entry);
        return {};
    });
    if (!stored) log_.error("a refusal could not be recorded", {{"error", stored.error().text}});
}

}  // namespace garita::telegram
