#include "runtime/config/settings.hpp"

#include <array>
#include <vector>

#include "runtime/config/setting_tables.hpp"

namespace garita::runtime {

namespace {

using enum ValueType;

/// Both programs have a log.
constexpr auto log_table = std::to_array<Setting>({
    {"log", section, "", "", Need::optional, TakenUp::on_start, "",
     "What the program writes to standard error."},
    {"log.level", choice, "debug|info|warning|error", "info", Need::optional, TakenUp::on_reload, "",
     "The least important messages that are written."},
    {"log.format", choice, "text|json", "text", Need::optional, TakenUp::on_start, "",
     "text for people, json for programs: one object a line. The option -j means json from the very first "
     "line."},
});

std::vector<Setting> joined(std::span<const Setting> rows) {
    std::vector<Setting> all(rows.begin(), rows.end());
    // after the program's own section, which comes first in every file
    auto place = all.begin() + 1;
    while (place != all.end() && place->path.starts_with(all.front().path) &&
           place->path.substr(all.front().path.size()).starts_with('.'))
        ++place;
    all.insert(place, log_table.begin(), log_table.end());
    return all;
}

}  // namespace

std::span<const Setting> settings(FileKind kind) {
    static const std::vector<Setting> hub = joined(hub_settings());
    static const std::vector<Setting> agent = joined(agent_settings());
    return kind == FileKind::hub ? hub : agent;
}

}  // namespace garita::runtime
