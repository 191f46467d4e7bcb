// Telling that it is over: an edit alone wakes nobody.
#include <charconv>
#include <limits>

#include "adapters/telegram/sender.hpp"
#include "adapters/telegram/sent.hpp"
#include "decide/foreign_text.hpp"

namespace garita::telegram {

namespace {

constexpr std::size_t most_units = 1000;
/// Whatever becomes of the case, this is not told again.
constexpr auto told_for_ever = std::numeric_limits<std::int64_t>::max();

std::string lapse_text(const Case& about, const decide::Reader& reader) {
    const auto who = about.duty.taken ? decide::clean_line(about.duty.taken->by.name, 64) : std::string();
    return decide::clean_line("⏰ #" + std::to_string(about.id.value) + ' ' +
                                  decide::case_title(about, reader) + "\n" +
                                  reader.text("on_call.nobody_any_more", {{"who", who}}),
                              most_units);
}

/// When the acknowledgement ended whose end was told; 0: none was.
std::int64_t lapse_told(const Message& row) {
    const auto blank = row.external_id.find(' ');
    if (blank == std::string::npos) return 0;
    std::int64_t lapse = 0;
    std::from_chars(row.external_id.data() + blank + 1, row.external_id.data() + row.external_id.size(),
                    lapse);
    return lapse;
}

std::string end_text(const Case& about, const decide::Reader& reader) {
    const auto since = about.facts.find("over");
    const auto text = reader.text(
        "telegram.is_over", {{"id", std::to_string(about.id.value)},
                             {"title", decide::case_title(about, reader)},
                             {"time", since == about.facts.end() ? "" : decide::clean_line(since->second)}});
    return decide::clean_line(text, most_units);
}

}  // namespace

std::optional<ChatSettings> Sender::chat_of(const Message& message) const {
    for (auto& chat : chats_.chats())
        if (to_text(chat.place) == message.place) return std::move(chat);
    return std::nullopt;
}

bool Sender::may_come_now(const Message& message, const Case& about, Time now) const {
    const auto chat = chat_of(message);
    if (!chat || about.state != CaseState::open) return true;
    return decide::turn_of(about, chat->step, chat->quiet, now).kind == decide::Turn::Kind::now;
}

bool Sender::is_quiet(store::View& view, const Message& message, Time now) const {
    const auto chat = chat_of(message);
    if (!chat || !chat->quiet.cover(now)) return false;
    const auto about = view.find_case(message.case_id);
    return about && chat->quiet.hold(about->severity, now);
}

void Sender::note_lapse(store::Transaction& transaction, const Message& copy, const Case& about, bool is_edit,
                        Time now) {
    const auto lapse = decide::lapse_to_tell(about, now);
    if (!lapse || copy.channel != channel_name) return;
    Message row;
    for (auto& other : transaction.messages_of(about.id))
        if (other.channel == lapse_channel && other.place == copy.place) row = std::move(other);
    const bool under_way = row.id > 0 && row.external_id.empty();
    if (under_way || lapse_told(row) >= to_micros(*lapse)) return;
    row.case_id = about.id;
    row.channel = lapse_channel;
    row.place = copy.place;
    // a copy that is sent now says so itself
    row.external_id = is_edit ? std::string() : lapse_mark(0, about);
    row.shown_version = is_edit ? 0 : told_for_ever;
    row.attempts = 0;
    row.abandoned = false;
    row.next_try.reset();
    row.last_error.clear();
    if (row.id > 0)
        transaction.update_message(row);
    else
        (void)transaction.insert_message(row);
}

std::string lapse_mark(std::int64_t message, const Case& about) {
    const auto until = about.duty.taken ? to_micros(about.duty.taken->until) : 0;
    return std::to_string(message) + ' ' + std::to_string(until);
}

Result<void> Sender::tell_end(Message message, const Place& place, Time now) {
    auto current = read_current(message.case_id);
    if (!current) return tl::unexpected(std::move(current.error()));
    if (!*current) return abandon(std::move(message), "there is no such case");
    const bool is_lapse = message.channel == lapse_channel;
    if (is_lapse && !decide::lapse_to_tell((*current)->about, now)) {  // somebody has it again
        message.external_id = lapse_mark(0, (*current)->about);
        message.shown_version = told_for_ever;
        message.sending_since.reset();
        return save(message);
    }
    const bool may_be_twice = message.sending_since.has_value();
    const bool unsettled = message.sending_since && !message.next_try;
    if (unsettled && message.last_error == interrupted)
        return abandon(std::move(message), "interrupted twice while it was being sent");
    message.last_error = unsettled ? std::string(interrupted) : std::string();
    message.next_try.reset();
    begin_sending(message, now);
    Text text;
    auto begun = store_.write([&](store::Transaction& transaction) -> Result<void> {
        transaction.update_message(message);
        for (const auto& other : transaction.messages_of(message.case_id))
            if (other.channel == channel_name && other.place == message.place)
                text.answers = message_id(other);
        return {};
    });
    if (!begun) return begun;
    const auto reader = chats_.reader_of(place.chat, voice_);
    text.plain = is_lapse ? lapse_text((*current)->about, reader) : end_text((*current)->about, reader);
    if (may_be_twice) text.plain += "\n\n" + reader.text("telegram.end_twice");
    pace_.spoke(place.chat, Pace::Kind::question, now);
    const auto sent = api_.send(place, text, {});
    if (!sent &&
        sent.error().kind == ApiError::Kind::migrated) {  // the copy there is asked anew, and shows it
        if (auto given_up = abandon(std::move(message), "the chat has another id now"); !given_up)
            return given_up;
        return heed(place, sent.error(), now);
    }
    if (!sent) return failed(std::move(message), place, sent.error(), now);
    auto about = (*current)->about;
    about.version = told_for_ever;
    return succeeded(std::move(message), *sent, about, now);
}

}  // namespace garita::telegram
