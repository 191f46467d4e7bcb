// Lists of incidents: sent, and brought up to date.
#include <algorithm>

#include "adapters/telegram/incident_list.hpp"
#include "adapters/telegram/sender.hpp"
#include "adapters/telegram/sent.hpp"

namespace garita::telegram {

/// Makes the rows of a new list; they are sent by send_list, now or after whatever comes between.
Result<void> Sender::begin_list(const Crowd& crowd, Time now) {
    const auto reader = chats_.reader_of(crowd.chat.place.chat, voice_);
    const auto count = std::min(fit_in_list(crowd.incidents, reader), crowd.incidents.size());
    const auto place = to_text(crowd.chat.place);
    std::vector<Listed> list;
    auto begun = store_.write([&](store::Transaction& transaction) -> Result<void> {
        list.clear();
        for (std::size_t i = 0; i < count; ++i) {
            const auto& about = crowd.incidents[i];
            Message message;
            message.case_id = about.id;
            message.channel = channel_name;
            message.place = place;
            message.last_error = to_be_listed;
            message.sending_since = now;
            const auto there = transaction.messages_of(about.id);
            const bool taken = std::any_of(there.begin(), there.end(), [&](const Message& other) {
                return other.channel == channel_name && other.place == place;
            });
            if (taken) continue;
            message.id = transaction.insert_message(message);
            list.push_back({std::move(message), about});
        }
        return {};
    });
    if (!begun || list.empty()) return begun;
    return send_list(std::move(list), crowd.chat.place, false, now);
}

Result<void> Sender::send_list(std::vector<Listed> list, const Place& place, bool may_be_twice, Time now) {
    const auto reader = chats_.reader_of(place.chat, voice_);
    std::vector<Case> cases;
    for (const auto& one : list)
        cases.push_back(one.about);
    pace_.spoke(place.chat, Pace::Kind::question, now);
    const auto sent = api_.send(place, list_text(cases, may_be_twice, reader), {});
    if (!sent) return list_failed(std::move(list), place, sent.error(), now);
    failures_in_a_row_ = 0;
    health_.sent(now);
    health_.well("sending");
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (auto& [message, about] : list) {
            message.external_id = listed_in(*sent);
            message.shown_version = about.version;
            message.attempts = 0;
            message.sending_since.reset();
            message.next_try.reset();
            message.last_error = to_be_listed;  // in the group's new place too, should it move
            transaction.update_message(message);
        }
        keep_list(transaction, place, *sent, cases);
        return {};
    });
}

/// The rows of the place that wait for a list, as those before left them: a crash, or a refusal.
Result<bool> Sender::send_waiting_list(const Outlook& outlook, const Place& place, Time now) {
    if (!may_go(place.chat, Pace::Kind::question, now)) return false;
    std::vector<Listed> list;
    bool may_be_twice = false;
    std::vector<Case> cases;
    const auto reader = chats_.reader_of(place.chat, voice_);
    for (const auto& task : outlook.tasks) {
        if (task.place != place || !waits_for_list(task.message)) continue;
        auto current = read_current(task.message.case_id);
        if (!current) return tl::unexpected(std::move(current.error()));
        if (!*current) continue;
        cases.push_back((*current)->about);
        if (fit_in_list(cases, reader) < cases.size()) break;
        may_be_twice = may_be_twice || task.message.sending_since.has_value();
        list.push_back({task.message, cases.back()});
    }
    if (list.empty()) return false;
    auto begun = store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (auto& one : list) {
            begin_sending(one.message, now);
            one.message.next_try.reset();
            transaction.update_message(one.message);
        }
        return {};
    });
    if (!begun) return tl::unexpected(std::move(begun.error()));
    if (auto sent = send_list(std::move(list), place, may_be_twice, now); !sent)
        return tl::unexpected(std::move(sent.error()));
    return true;
}

Result<void> Sender::list_failed(std::vector<Listed> list, const Place& place, const ApiError& error,
                                 Time now) {
    log_.warning("telegram did not take a list of incidents",
                 {{"chat", to_text(place)},
                  {"count", static_cast<std::int64_t>(list.size())},
                  {"answer", error.text}});
    auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (auto& [message, about] : list) {
            message = after_failure(std::move(message), error, now);
            message.last_error = to_be_listed;
            transaction.update_message(message);
        }
        return {};
    });
    if (!written) return written;
    const auto& next = list.front().message.next_try;
    if (!list.front().message.abandoned && next && *next > now)
        next_retry_ = std::min(next_retry_.value_or(*next), *next);
    return heed(place, error, now);
}

Result<void> Sender::edit_list(const Message& message, const Place& place, Pace::Kind kind, Time now) {
    const auto id = list_of(message).value_or(0);
    std::vector<Listed> list;
    auto read = store_.read([&](store::View& view) -> Result<void> {
        list.clear();
        for (const auto one : kept_list(view, place, id)) {
            auto about = view.find_case(one);
            if (!about) continue;
            for (auto& row : view.messages_of(one))
                if (row.channel == channel_name && row.place == message.place)
                    list.push_back({std::move(row), *about});
        }
        return {};
    });
    if (!read) return read;
    const auto reader = chats_.reader_of(place.chat, voice_);
    std::vector<Case> cases;
    for (const auto& one : list)
        cases.push_back(one.about);
    pace_.spoke(place.chat, kind, now);
    const auto edited = api_.edit(place.chat, id, list_text(cases, false, reader), {});
    // a list that somebody has deleted is not sent again: its incidents were told
    const bool settled = edited || edited.error().kind == ApiError::Kind::message_gone ||
                         edited.error().kind == ApiError::Kind::refused;
    if (!settled) return heed(place, edited.error(), now);
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        for (auto& [row, about] : list) {
            if (list_of(row) != id) continue;  // asked by itself meanwhile
            row.shown_version = about.version;
            transaction.update_message(row);
            note_lapse(transaction, row, about, true, now);
        }
        return {};
    });
}

}  // namespace garita::telegram
