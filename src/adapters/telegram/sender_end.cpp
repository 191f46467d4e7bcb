// Telling that it is over: an edit alone wakes nobody.
#include <limits>

#include "adapters/telegram/sender.hpp"
#include "adapters/telegram/sent.hpp"
#include "decide/foreign_text.hpp"

namespace garita::telegram {

namespace {

constexpr std::size_t most_units = 1000;
/// Whatever becomes of the case, this is not told again.
constexpr auto told_for_ever = std::numeric_limits<std::int64_t>::max();

std::string end_text(const Case& about, const decide::Reader& reader) {
    const auto since = about.facts.find("over");
    const auto text = reader.text(
        "telegram.is_over", {{"id", std::to_string(about.id.value)},
                             {"title", decide::case_title(about, reader)},
                             {"time", since == about.facts.end() ? "" : decide::clean_line(since->second)}});
    return decide::clean_line(text, most_units);
}

}  // namespace

Result<void> Sender::tell_end(Message message, const Place& place, Time now) {
    auto current = read_current(message.case_id);
    if (!current) return tl::unexpected(std::move(current.error()));
    if (!*current) return abandon(std::move(message), "there is no such case");
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
    const auto reader = voice_.reader(chats_.language_of(place.chat));
    text.plain = end_text((*current)->about, reader);
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
