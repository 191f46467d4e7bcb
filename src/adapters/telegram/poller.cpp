#include "adapters/telegram/poller.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/telegram/sender.hpp"

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;
using Kind = ApiError::Kind;

constexpr std::string_view offset_key = "telegram.offset";
constexpr std::string_view last_poll_key = "telegram.last_poll";
constexpr std::size_t ids_remembered = 1000;
/// A smaller id than expected by more than this: Telegram began to count anew (after a week of silence).
constexpr std::int64_t recount = 100'000;
constexpr Duration at_once = 250ms;
constexpr Duration presses_live = 120s;  ///< 150 s, less what the clocks may differ
constexpr Duration conflict_patience = 60s;
constexpr std::size_t most_refreshed = 500;

std::optional<std::int64_t> number_value(store::View& view, std::string_view key) {
    const auto value = view.value(key);
    std::int64_t number = 0;
    if (!value || std::from_chars(value->data(), value->data() + value->size(), number).ec != std::errc{})
        return std::nullopt;
    return number;
}

}  // namespace

Poller::Poller(BotApi& polls, BotApi& answers, store::Store& store, ChatBook& chats, Health& health,
               Gatekeeper& gatekeeper, Settings settings, Clock clock, runtime::Log log, AccessDoor access)
    : polls_(polls),
      answers_(answers),
      store_(store),
      chats_(chats),
      health_(health),
      gatekeeper_(gatekeeper),
      admission_(chats, gatekeeper, store, settings, log),
      commands_(gatekeeper, store, chats, access, AdminDoor{&admission_, &health, log}),
      settings_(std::move(settings)),
      clock_(std::move(clock)),
      log_(std::move(log)) {}

Result<void> Poller::open() {
    if (opened_) return {};
    if (auto loaded = chats_.load(store_, clock_()); !loaded) return loaded;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        offset_ = number_value(view, offset_key).value_or(0);
        if (const auto us = number_value(view, last_poll_key)) last_poll_ = from_micros(*us);
        return {};
    });
    opened_ = read.has_value();
    return read;
}

Result<Duration> Poller::step(Time now) {
    if (auto opened = open(); !opened) return tl::unexpected(std::move(opened.error()));
    // the first poll after a failure does not wait: it is to tell soon that Telegram is there again
    const auto wait = confident_ ? std::clamp(settings_.poll_timeout, 0s, 50s) : 0s;
    const auto updates = polls_.updates(offset_, wait);
    const Time answered = clock_();
    confident_ = updates.has_value();
    if (!updates) return failed(updates.error(), answered);
    if (auto back = came_back(now, answered); !back) return tl::unexpected(std::move(back.error()));
    if (auto taken = take(*updates, answered); !taken) return tl::unexpected(std::move(taken.error()));
    // after the presses: nobody's answer waits for the disk to note that there was a poll
    if (auto kept = keep_last_poll(now); !kept) return tl::unexpected(std::move(kept.error()));
    succeeded(answered);
    return rest_after(*updates, wait, answered - now);
}

void Poller::succeeded(Time now) {
    health_.polled(now);
    for (const auto* about : {"polling", "token"})
        health_.well(about);
    failures_in_a_row_ = 0;
    conflict_since_.reset();
}

Duration Poller::rest_after(const std::vector<Update>& updates, std::chrono::seconds wait, Duration took) {
    if (!updates.empty() || took >= at_once) empty_at_once_ = 0;
    if (!updates.empty() || took >= at_once || wait == 0s) return Duration{0};
    // a server or proxy that does not wait must not be asked thousands of times a second
    empty_at_once_ = std::min(empty_at_once_ + 1, 3);
    return at_once * (std::int64_t{1} << (empty_at_once_ - 1)) - std::max(took, Duration{0});
}

Duration Poller::failed(const ApiError& error, Time now) {
    switch (error.kind) {
        case Kind::token_refused:
            complain("token", "Telegram refuses the bot's token: " + error.text);
            return 10min;
        case Kind::slow_down:
            return error.retry_after;
        case Kind::webhook_set:
            log_.warning("telegram delivers to a webhook; taking it away", {{"answer", error.text}});
            if (const auto deleted = answers_.delete_webhook(); !deleted)
                complain("polling",
                         "a webhook is set for the bot and cannot be removed: " + deleted.error().text);
            return 3s;
        case Kind::conflict:
            // our own last poll may still hang there after a restart
            if (!conflict_since_) conflict_since_ = now;
            if (now - *conflict_since_ > conflict_patience)
                complain("polling",
                         "another program uses the bot's token; each bot can serve one only: " + error.text);
            return 3s;
        default:
            break;
    }
    const Duration pause = std::min<Duration>(30s, 1s * (std::int64_t{1} << std::min(failures_in_a_row_, 5)));
    if (++failures_in_a_row_ == 3) complain("polling", error.text);
    return pause;
}

Result<void> Poller::came_back(Time asked, Time now) {
    const bool away = last_poll_ && asked - *last_poll_ > presses_live;
    last_poll_ = asked;
    if (!away) return {};
    log_.warning("telegram was out of reach: open questions are renewed, presses may be lost");
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        set_last_poll(transaction);
        transaction.set_value(back_at_key, std::to_string(to_micros(now)));
        store::CaseQuery query;
        query.states = {CaseState::open};
        query.limit = most_refreshed;
        for (const auto& about : transaction.cases(query))
            transaction.touch_case(about.id, now);
        transaction.ring({store::Topic::cases, {}});
        return {};
    });
}

Result<void> Poller::keep_last_poll(Time asked) {
    if (asked - last_poll_kept_ < 10s && asked >= last_poll_kept_) return {};
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        set_last_poll(transaction);
        return {};
    });
}

void Poller::set_last_poll(store::Transaction& transaction) {
    if (!last_poll_) return;
    transaction.set_value(last_poll_key, std::to_string(to_micros(*last_poll_)));
    last_poll_kept_ = *last_poll_;
}

bool Poller::seen_before(std::int64_t id) const {
    if (std::find(recent_.begin(), recent_.end(), id) != recent_.end()) return true;
    return id < offset_ && offset_ - id < recount;
}

Result<void> Poller::take(const std::vector<Update>& updates, Time now) {
    if (updates.empty()) return {};
    std::vector<Toast> toasts;
    std::optional<std::int64_t> last;
    for (const auto& update : updates) {
        last = std::max(last.value_or(update.id), update.id);
        if (seen_before(update.id)) continue;
        take_one(update, toasts, now);
        recent_.push_back(update.id);
        if (recent_.size() > ids_remembered) recent_.pop_front();
    }
    offset_ = *last + 1;
    auto kept = store_.write([&](store::Transaction& transaction) -> Result<void> {
        transaction.set_value(offset_key, std::to_string(offset_));
        set_last_poll(transaction);
        return {};
    });
    // all decisions stand before the first person is told: a hundred presses wait for the store only
    for (const auto& note : gatekeeper_.take_notes())
        if (const auto told = answers_.send({note.chat, std::nullopt}, {note.text, 0}, {}); !told)
            log_.warning("a person could not be written to", {{"answer", told.error().text}});
    for (const auto& toast : toasts)
        if (const auto told = answers_.answer_press(toast.press, toast.text); !told)
            log_.warning("a press could not be answered", {{"answer", told.error().text}});
    return kept;
}

void Poller::take_one(const Update& update, std::vector<Toast>& toasts, Time now) {
    if (const auto* press = std::get_if<Press>(&update.what)) {
        auto told = admission_.press(*press, now);
        toasts.push_back({press->id, told ? std::move(*told) : gatekeeper_.press(*press, now)});
    } else if (const auto* message = std::get_if<TextMessage>(&update.what)) {
        take_message(*message, now);
    } else if (const auto* membership = std::get_if<Membership>(&update.what)) {
        take_membership(*membership, now);
    }
}

void Poller::take_message(const TextMessage& message, Time now) {
    if (take_move(message)) return;
    const User from = message.from.value_or(User{});
    if (gatekeeper_.is_unheard(from, message.chat)) return;
    if (chats_.is_gone(message.chat) && chats_.serves(message.chat)) come_back(message.chat, now);
    if (commands_.is_ping(message)) return pong(message);
    const auto text = commands_.answer(message, now);
    forget_code(message);
    if (text.empty()) return;
    Place place{message.chat, message.thread};
    // who bans the chat in which he writes is told elsewhere
    if (chats_.is_banned(message.chat)) place = {from.id, std::nullopt};
    if (const auto sent = answers_.send(place, {text, 0}, {}); !sent)
        log_.warning("a command could not be answered",
                     {{"chat", message.chat}, {"answer", sent.error().text}});
}

bool Poller::take_move(const TextMessage& message) {
    if (!message.migrate_to) return false;
    const bool configured = chats_.is_configured(message.chat);
    if (!configured && !chats_.guest(message.chat)) return false;
    if (configured)
        complain("chat " + std::to_string(message.chat), "has become " + std::to_string(*message.migrate_to) +
                                                             ": put this id into the configuration");
    if (const auto moved = chats_.move(store_, message.chat, *message.migrate_to); !moved)
        log_.error("a chat's move could not be stored", {{"error", moved.error().text}});
    return true;
}

void Poller::pong(const TextMessage& message) {
    const Place place{message.chat, message.thread};
    if (!settings_.ping.empty())
        for (const auto media : {Media::animation, Media::sticker}) {
            const auto shown = answers_.show(place, media, settings_.ping);
            if (shown) return;
            if (shown.error().kind == ApiError::Kind::refused) continue;
            log_.warning("a ping could not be answered", {{"answer", shown.error().text}});
            return;
        }
    if (const auto sent = answers_.send(place, {commands_.pong(message), 0}, {}); !sent)
        log_.warning("a ping could not be answered", {{"answer", sent.error().text}});
}

/// A code must not stand in a chat longer than it is needed, although it is used up.
void Poller::forget_code(const TextMessage& message) {
    const auto command = parse_command(message.text);
    if (!command || command->name != "code" || message.id == 0) return;
    if (const auto removed = answers_.remove(message.chat, message.id); !removed)
        log_.warning("a message with a code could not be deleted", {{"answer", removed.error().text}});
}

void Poller::take_membership(const Membership& membership, Time now) {
    const auto chat = "chat " + std::to_string(membership.chat);
    if (chats_.is_banned(membership.chat)) return;
    if (!chats_.serves(membership.chat)) {
        log_.info(membership.present ? "the bot was put into a chat that gets nothing"
                                     : "the bot left a chat that got nothing",
                  {{"chat", membership.chat}, {"title", membership.title}});
        admission_.membership(membership, now);
    } else if (membership.present) {
        come_back(membership.chat, now);
    } else {
        chats_.mark_gone(membership.chat);
        complain(chat, "has thrown the bot out");
    }
}

void Poller::come_back(std::int64_t chat, Time now) {
    if (const auto back = chats_.bring_back(store_, chat, now); !back)
        log_.error("questions could not be brought back into a chat",
                   {{"chat", chat}, {"error", back.error().text}});
    health_.well("chat " + std::to_string(chat));
    log_.info("the bot is in a chat again", {{"chat", chat}});
}

void Poller::complain(const std::string& about, const std::string& text) {
    if (health_.trouble(about, text))
        log_.error("telegram needs attention", {{"about", about}, {"what", text}});
}

}  // namespace garita::telegram
