#include "runtime/config/settings.hpp"

#include <algorithm>
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

/// The other channels stand behind Telegram, and behind them who is told when.
std::vector<Setting> with_channels(std::vector<Setting> all) {
    const auto is_policies = [](const Setting& row) { return row.path == "policies"; };
    for (const auto rows : {mail_settings(), sink_settings(), on_call_settings()})
        all.insert(std::find_if(all.begin(), all.end(), is_policies), rows.begin(), rows.end());
    return all;
}

/// An agent keeps rules of classes as a device of the hub's file does: the same rows, for the one device that
/// it is.
std::vector<Setting> with_rules(std::vector<Setting> all) {
    constexpr std::string_view of_a_device = "devices.*.";
    all.push_back({"rules", section, "", "", Need::optional, TakenUp::on_start, "",
                   "What this host keeps rules of for the hub, by name, and by which means: the hub sends "
                   "parameters and values only, and what is not named here is refused. The hub's file has "
                   "the same names under the device of this agent's name, with `connect: agent`. The ready "
                   "ones need no more than a backend."});
    all.push_back({"rules_log", section, "", "", Need::optional, TakenUp::on_start, "",
                   "A log of its own of what is done on this host for `rules`."});
    all.push_back(
        {"rules_log.file", path, "", "", Need::optional, TakenUp::on_start, "/var/log/garita-agent/rules.log",
         "Where it is written, from the start on: whoever rotates it copies and truncates it. Without it "
         "only what goes wrong is told, in the program's own log."});
    for (const Setting& row : hub_settings()) {
        if (row.path != "rules_log.level") continue;
        Setting own = row;
        own.taken_up = TakenUp::on_start;
        all.push_back(own);
    }
    for (const Setting& row : hub_settings()) {
        if (!row.path.starts_with("devices.*.rules.")) continue;
        Setting own = row;
        own.path.remove_prefix(of_a_device.size());
        own.taken_up = TakenUp::on_start;
        all.push_back(own);
    }
    return all;
}

/// Each product has a table of its own.
std::vector<Setting> with_sources(std::vector<Setting> all) {
    all.push_back({"sources", section, "", "", Need::optional, TakenUp::on_reload, "",
                   "Other systems whose alerts become cases here, and which carry out the answers."});
    for (const auto rows : {siem_settings(), alertmanager_settings(), crowdsec_settings()})
        all.insert(all.end(), rows.begin(), rows.end());
    return all;
}

std::vector<Setting> with_ports_and_access(std::vector<Setting> all) {
    for (const auto rows : {port_settings(), access_settings()})
        all.insert(all.end(), rows.begin(), rows.end());
    return all;
}

}  // namespace

std::span<const Setting> settings(FileKind kind) {
    static const std::vector<Setting> hub =
        with_sources(with_ports_and_access(with_channels(joined(hub_settings()))));
    static const std::vector<Setting> agent = with_rules(joined(agent_settings()));
    return kind == FileKind::hub ? hub : agent;
}

}  // namespace garita::runtime
