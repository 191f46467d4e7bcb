#include "adapters/telegram/debug_report.hpp"

#include <algorithm>

#include "decide/foreign_text.hpp"
#include "runtime/log/credentials.hpp"

namespace garita::telegram {

namespace {

constexpr std::size_t log_lines_shown = 10;
constexpr std::size_t line_units = 300;
constexpr std::size_t troubles_shown = 5;
constexpr std::size_t cases_counted = 1000;

std::string time_or_never(const std::optional<Time>& at, const decide::Reader& reader) {
    return at ? reader.time(*at) : reader.text("telegram.debug_never");
}

std::string count_cases(store::Store& store) {
    std::size_t open = 0;
    const auto read = store.read([&](store::View& view) -> Result<void> {
        store::CaseQuery query;
        query.states = {CaseState::open};
        query.limit = cases_counted;
        open = view.cases(query).size();
        return {};
    });
    if (!read) return "?";
    return std::to_string(open) + (open == cases_counted ? "+" : "");
}

}  // namespace

std::string debug_report(const DebugSources& from, DebugLines lines, const decide::Reader& reader) {
    const auto health = from.health == nullptr ? Health::Snapshot{} : from.health->snapshot();
    const auto roster = from.chats->roster();
    auto text = reader.text("telegram.debug", {{"poll", time_or_never(health.last_poll, reader)},
                                               {"sent", time_or_never(health.last_sent, reader)},
                                               {"chats", std::to_string(from.chats->chats().size())},
                                               {"waiting", std::to_string(roster.count(Standing::waiting))},
                                               {"banned", std::to_string(roster.count(Standing::banned))},
                                               {"cases", count_cases(*from.store)}});
    text += '\n' + reader.text(health.troubles.empty() ? "telegram.debug_well" : "telegram.debug_troubles");
    for (std::size_t i = 0; i < std::min(troubles_shown, health.troubles.size()); ++i)
        text += "\n· " + decide::clean_line(runtime::hide_credentials(health.troubles[i]), line_units);
    if (lines == DebugLines::hidden) return text + '\n' + reader.text("telegram.debug_private");
    const auto recent = from.log->recent(log_lines_shown);
    if (!recent.empty()) text += "\n" + reader.text("telegram.debug_log");
    for (const auto& line : recent)
        text += '\n' + decide::clean_line(runtime::hide_credentials(line), line_units);
    return std::string(decide::cut_utf16(text, 4096));
}

}  // namespace garita::telegram
