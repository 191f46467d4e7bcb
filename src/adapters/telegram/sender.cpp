#include "adapters/telegram/sender.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/telegram/incident_list.hpp"
#include "adapters/telegram/sent.hpp"

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t stale_at_once = 500;
constexpr Duration idle = 60s;
constexpr Duration between_routine_edits = 5s;

std::optional<Time> read_back_at(store::View& view) {
    const auto value = view.value(back_at_key);
    if (!value) return std::nullopt;
    std::int64_t us = 0;
    std::from_chars(value->data(), value->data() + value->size(), us);
    return from_micros(us);
}

}  // namespace

Sender::Sender(BotApi& api, store::Store& store, ChatBook& chats, Health& health, Settings settings,
               Voice voice, runtime::Log log)
    : api_(api),
      store_(store),
      chats_(chats),
      health_(health),
      settings_(std::move(settings)),
      voice_(voice),
      log_(std::move(log)),
      digest_(settings_.flood_limit) {}

Result<void> Sender::open(Time now) {
    if (mint_) return {};
    if (auto loaded = chats_.load(store_, now); !loaded) return loaded;
    auto mint = TicketMint::open(store_);
    if (!mint) return tl::unexpected(std::move(mint.error()));
    mint_ = std::move(*mint);
    return {};
}

Result<Duration> Sender::step(Time now) {
    if (auto opened = open(now); !opened) return tl::unexpected(std::move(opened.error()));
    if (const auto pause = pace_.wait_all(now); pause > Duration{0}) return pause;
    chats_.catch_up();
    next_look_ = idle;
    if (next_retry_ && *next_retry_ > now)
        next_look_ = std::min(idle, *next_retry_ - now);
    else
        next_retry_.reset();
    auto outlook = look(now);
    if (!outlook) return tl::unexpected(std::move(outlook.error()));
    flood_ = std::any_of(outlook->crowds.begin(), outlook->crowds.end(),
                         [&](const Crowd& crowd) { return digest_.is_flood(crowd); });
    const auto try_tasks = [&](Pace::Kind kind) -> Result<bool> {
        for (const auto& task : outlook->tasks) {
            if (task.kind != kind) continue;
            auto done = waits_for_list(task.message) ? send_waiting_list(*outlook, task.place, now)
                                                     : work_on(task, now);
            if (!done || *done) return done;
        }
        return false;
    };
    for (const auto kind : {Pace::Kind::urgent_edit, Pace::Kind::question}) {
        auto done = try_tasks(kind);
        if (!done) return tl::unexpected(std::move(done.error()));
        if (*done) return Duration{0};
    }
    if (auto done = run_errands(now); !done || *done)
        return std::move(done).map([](bool) { return Duration{0}; });
    for (const auto& crowd : outlook->crowds) {
        auto done = introduce(crowd, now);
        if (!done) return tl::unexpected(std::move(done.error()));
        if (*done) return Duration{0};
    }
    auto done = try_tasks(Pace::Kind::routine_edit);
    if (!done) return tl::unexpected(std::move(done.error()));
    return *done ? Duration{0} : next_look_;
}

Result<Sender::Outlook> Sender::look(Time now) {
    Outlook outlook;
    const auto chats = chats_.chats();
    auto read = store_.read([&](store::View& view) -> Result<void> {
        for (auto& message : view.stale_messages(channel_name, now, stale_at_once)) {
            const auto place = parse_place(message.place);
            const auto about = view.find_case(message.case_id);
            if (!place || !about) continue;
            const bool sent = !message.external_id.empty();
            if (!sent && !may_come_now(message, *about, now)) continue;
            const auto kind = !sent                             ? Pace::Kind::question
                              : about->state == CaseState::open ? Pace::Kind::routine_edit
                                                                : Pace::Kind::urgent_edit;
            const bool answered = !sent && about->state != CaseState::open;
            outlook.tasks.push_back({std::move(message), *place, kind, sent, answered});
        }
        for (const auto channel : {end_channel, lapse_channel})
            for (auto& message : view.stale_messages(channel, now, stale_at_once))
                if (const auto place = parse_place(message.place); place && !is_quiet(view, message, now))
                    outlook.tasks.push_back({std::move(message), *place, Pace::Kind::question, false});
        for (const auto& chat : chats)
            if (!chats_.is_gone(chat.place.chat)) outlook.crowds.push_back(digest_.look(view, chat, now));
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    for (const auto& crowd : outlook.crowds)
        if (crowd.next) next_look_ = std::min(next_look_, std::max<Duration>(*crowd.next - now, 1ms));
    return outlook;
}

bool Sender::may_go(std::int64_t chat, Pace::Kind kind, Time now) {
    const auto wait = pace_.wait(chat, kind, now);
    if (wait > Duration{0}) next_look_ = std::min(next_look_, wait);
    return wait <= Duration{0};
}

Result<bool> Sender::work_on(const Task& task, Time now) {
    const auto done = [](Result<void> result) -> Result<bool> {
        if (!result) return tl::unexpected(std::move(result.error()));
        return true;
    };
    if (chats_.is_shut(task.place.chat))
        return done(abandon(task.message, "the chat is banned, or no longer let in"));
    if (chats_.is_gone(task.place.chat)) return done(abandon(task.message, "the chat is gone"));
    if (const auto chat = chat_of(task.message); task.answered && chat && chat->step > 0)
        return done(abandon(task.message, "it was answered before it could be asked in this step's chat"));
    if (task.kind == Pace::Kind::routine_edit) {
        const auto last = routine_edit_.find(task.message.id);
        if (last != routine_edit_.end() && now < last->second + between_routine_edits &&
            now >= last->second) {
            next_look_ = std::min(next_look_, last->second + between_routine_edits - now);
            return false;
        }
    }
    if (!may_go(task.place.chat, task.kind, now)) return false;
    if (list_of(task.message)) return done(edit_list(task.message, task.place, task.kind, now));
    if (task.message.channel != channel_name) return done(tell_end(task.message, task.place, now));
    if (task.sent_before) return done(edit(task.message, task.place, task.kind, now));
    return done(send_again(task.message, task.place, now));
}

Result<bool> Sender::introduce(const Crowd& crowd, Time now) {
    const auto& place = crowd.chat.place;
    if (!crowd.incidents.empty() && may_go(place.chat, Pace::Kind::question, now)) {
        auto told = digest_.is_listed(crowd) ? begin_list(crowd, now)
                                             : send_first(crowd.incidents.front(), crowd.chat, now);
        if (!told) return tl::unexpected(std::move(told.error()));
        return true;
    }
    const bool flood = digest_.is_flood(crowd);
    if (flood || crowd.shown) {
        const auto rest = digest_.rest(crowd, now);
        next_look_ = std::min(next_look_, std::max(rest, Duration{1s}));
        const auto kind = crowd.shown ? Pace::Kind::routine_edit : Pace::Kind::question;
        if (rest <= Duration{0} && may_go(place.chat, kind, now)) {
            pace_.spoke(place.chat, kind, now);
            const auto text = digest_.text(crowd, chats_.reader_of(crowd.chat.place.chat, voice_));
            Reply<std::int64_t> shown = crowd.shown
                                            ? api_.edit(place.chat, crowd.shown->message, text, {}).map([&] {
                                                  return crowd.shown->message;
                                              })
                                            : api_.send(place, text, {});
            if (!shown && shown.error().kind != ApiError::Kind::message_gone) {
                if (auto heeded = heed(place, shown.error(), now); !heeded)
                    return tl::unexpected(std::move(heeded.error()));
                return true;
            }
            std::optional<Crowd::Shown> keep;
            if (shown && flood) keep = Crowd::Shown{*shown, crowd.cases.size(), now};
            if (auto kept = Digest::remember(store_, place, keep); !kept)
                return tl::unexpected(std::move(kept.error()));
            return true;
        }
        if (flood) return false;
    }
    if (crowd.cases.empty() || !may_go(place.chat, Pace::Kind::question, now)) return false;
    if (auto sent = send_first(crowd.cases.front(), crowd.chat, now); !sent)
        return tl::unexpected(std::move(sent.error()));
    return true;
}

Result<std::optional<Sender::Current>> Sender::read_current(CaseId id) {
    std::optional<Current> current;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        auto about = view.find_case(id);
        if (!about) return {};
        current.emplace();
        current->progress = view.progress(id);
        const auto back_at = read_back_at(view);
        if (back_at && about->opened_at < *back_at) current->notes.was_away_until = back_at;
        current->about = std::move(*about);
        return {};
    });
    if (!read) return tl::unexpected(std::move(read.error()));
    return current;
}

Result<void> Sender::send_first(const Case& about, const ChatSettings& chat, Time now) {
    Message message;
    message.case_id = about.id;
    message.channel = channel_name;
    message.place = to_text(chat.place);
    message.sending_since = now;
    auto begun = store_.write([&](store::Transaction& transaction) -> Result<void> {
        message.id = 0;
        for (const auto& other : transaction.messages_of(about.id))
            if (other.channel == channel_name && other.place == message.place) return {};
        message.id = transaction.insert_message(message);
        keep_tickets(transaction, about, chat.place, *mint_, settings_.taking, now);
        return {};
    });
    if (!begun || message.id == 0) return begun;  // another hub was faster
    return send(std::move(message), chat.place, {about, {}, {}}, now);
}

Result<void> Sender::send_again(Message message, const Place& place, Time now) {
    auto current = read_current(message.case_id);
    if (!current) return tl::unexpected(std::move(current.error()));
    const bool lives =
        *current && ((*current)->about.state == CaseState::decided || has_buttons((*current)->about));
    if (!lives) return abandon(std::move(message), "the case was over before the message was sent");
    // the last run ended between the send and its result
    const bool unsettled = message.sending_since && !message.next_try;
    if (unsettled && message.last_error == interrupted)
        return abandon(std::move(message), "interrupted twice while it was being sent");
    (*current)->notes.was_away_until.reset();  // a new message has no lost presses
    (*current)->notes.may_be_twice = message.sending_since.has_value();
    message.last_error = unsettled ? std::string(interrupted) : std::string();
    message.next_try.reset();
    begin_sending(message, now);
    auto begun = store_.write([&](store::Transaction& transaction) -> Result<void> {
        transaction.update_message(message);
        keep_tickets(transaction, (*current)->about, place, *mint_, settings_.taking, now);
        return {};
    });
    if (!begun) return begun;
    return send(std::move(message), place, **current, now);
}

Result<void> Sender::send(Message message, const Place& place, const Current& current, Time now) {
    const auto reader = chats_.reader_of(place.chat, voice_);
    pace_.spoke(place.chat, Pace::Kind::question, now);
    const auto sent = api_.send(place, question_text(current.about, current.progress, current.notes, reader),
                                question_keyboard(current.about, place, *mint_, settings_.taking, reader));
    if (!sent) return failed(std::move(message), place, sent.error(), now);
    return succeeded(std::move(message), *sent, current.about, now);
}

Result<void> Sender::edit(Message message, const Place& place, Pace::Kind kind, Time now) {
    auto current = read_current(message.case_id);
    if (!current) return tl::unexpected(std::move(current.error()));
    if (!*current) return abandon(std::move(message), "there is no such case");
    const auto& about = (*current)->about;
    const auto reader = chats_.reader_of(place.chat, voice_);
    pace_.spoke(place.chat, kind, now);
    if (kind == Pace::Kind::routine_edit) {
        if (routine_edit_.size() > 10'000) routine_edit_.clear();
        routine_edit_[message.id] = now;
    } else {
        routine_edit_.erase(message.id);
    }
    const auto id = message_id(message);
    if (about.state != CaseState::open && has_buttons(about)) {  // these buttons are newer than the message
        auto kept = store_.write([&](store::Transaction& transaction) -> Result<void> {
            keep_tickets(transaction, about, place, *mint_, settings_.taking, now);
            return {};
        });
        if (!kept) return kept;
    }
    const auto edited =
        api_.edit(place.chat, id, question_text(about, (*current)->progress, (*current)->notes, reader),
                  question_keyboard(about, place, *mint_, settings_.taking, reader));
    if (!edited) return failed(std::move(message), place, edited.error(), now);
    return succeeded(std::move(message), id, about, now);
}

}  // namespace garita::telegram
