#include "adapters/telegram/incident_list.hpp"

#include <algorithm>
#include <charconv>

#include "adapters/telegram/question.hpp"
#include "adapters/telegram/settings.hpp"
#include "decide/foreign_text.hpp"
#include "decide/on_call.hpp"
#include "model/alert_kinds.hpp"
#include "model/incident.hpp"

namespace garita::telegram {

namespace {

constexpr std::string_view listed_prefix = "list ";
constexpr std::string_view tap_prefix = "case_";
constexpr std::size_t most_lines = 50;
constexpr std::size_t most_units = 3900;  ///< of the 4096, so that later words for a state still fit
constexpr std::size_t title_units = 120;

std::optional<std::int64_t> whole(std::string_view text) {
    std::int64_t number = 0;
    const auto* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (text.empty() || error != std::errc{} || stopped != end || number <= 0) return std::nullopt;
    return number;
}

std::string key_of(const Place& place, std::int64_t message) {
    return "telegram.list." + to_text(place) + '.' + std::to_string(message);
}

std::string line_of(const Case& about, const decide::Reader& reader) {
    std::string line = std::string(mark(about)) + '/' + tap_command(about.id) + ' ' +
                       std::string(decide::cut_utf16(decide::case_title(about, reader), title_units));
    const auto status = about.facts.find(incident_status_fact);
    if (status != about.facts.end() && parse_incident_status(status->second) &&
        status->second != to_text(IncidentStatus::fresh))
        line += " – " + reader.text("incident." + status->second);
    if (about.state == CaseState::open && decide::is_taken(about.duty))
        line += " – " + reader.text("on_call.taken_short",
                                    {{"who", decide::clean_line(about.duty.taken->by.name, 64)}});
    return line;
}

std::string head_of(const std::vector<Case>& cases, std::size_t count, const decide::Reader& reader) {
    const bool only_incidents =
        std::all_of(cases.begin(), cases.end(), [](const Case& about) { return is_at_source(about.kind); });
    return reader.text(only_incidents ? "telegram.incident_list" : "telegram.case_list",
                       {{"count", std::to_string(count)}});
}

}  // namespace

std::optional<std::int64_t> list_of(const Message& message) {
    const std::string_view text = message.external_id;
    return text.starts_with(listed_prefix) ? whole(text.substr(listed_prefix.size())) : std::nullopt;
}

std::string listed_in(std::int64_t message) {
    return std::string(listed_prefix) + std::to_string(message);
}

bool waits_for_list(const Message& message) {
    return message.external_id.empty() && message.last_error == to_be_listed;
}

std::size_t fit_in_list(const std::vector<Case>& cases, const decide::Reader& reader) {
    std::size_t used = decide::utf16_length(head_of(cases, most_lines, reader)) +
                       decide::utf16_length(reader.text("telegram.twice")) + 2;
    std::size_t count = 0;
    for (const auto& about : cases) {
        used += decide::utf16_length(line_of(about, reader)) + 1;
        if (count == most_lines || used > most_units) break;
        ++count;
    }
    return std::max<std::size_t>(count, 1);
}

Text list_text(const std::vector<Case>& cases, bool may_be_twice, const decide::Reader& reader) {
    Text text{head_of(cases, cases.size(), reader), 0};
    text.bold_units = decide::utf16_length(text.plain);
    for (const auto& about : cases)
        text.plain += '\n' + line_of(about, reader);
    if (may_be_twice) text.plain += "\n\n" + reader.text("telegram.twice");
    text.plain = std::string(decide::cut_utf16(text.plain, 4096));
    return text;
}

void keep_list(store::Transaction& transaction, const Place& place, std::int64_t message,
               const std::vector<Case>& cases) {
    std::string text;
    for (const auto& about : cases)
        text += (text.empty() ? "" : " ") + std::to_string(about.id.value);
    transaction.set_value(key_of(place, message), text);
}

std::vector<CaseId> kept_list(store::View& view, const Place& place, std::int64_t message) {
    const auto text = view.value(key_of(place, message)).value_or("");
    std::vector<CaseId> ids;
    std::string_view rest = text;
    while (!rest.empty()) {
        const auto word = rest.substr(0, rest.find(' '));
        if (const auto id = whole(word)) ids.push_back(CaseId{*id});
        rest.remove_prefix(std::min(rest.size(), word.size() + 1));
    }
    return ids;
}

std::string tap_command(CaseId id) {
    return std::string(tap_prefix) + std::to_string(id.value);
}

std::optional<CaseId> tapped_case(std::string_view command) {
    if (!command.starts_with(tap_prefix)) return std::nullopt;
    const auto id = whole(command.substr(tap_prefix.size()));
    return id ? std::optional(CaseId{*id}) : std::nullopt;
}

bool ask_by_itself(store::Transaction& transaction, CaseId id, const Place& place) {
    for (auto& message : transaction.messages_of(id)) {
        if (message.channel != channel_name || message.place != to_text(place) || !list_of(message)) continue;
        message.external_id.clear();
        message.shown_version = 0;
        message.attempts = 0;
        message.sending_since.reset();
        message.next_try.reset();
        message.last_error.clear();
        transaction.update_message(message);
        transaction.ring({store::Topic::messages, {}});
        return true;
    }
    return false;
}

}  // namespace garita::telegram
