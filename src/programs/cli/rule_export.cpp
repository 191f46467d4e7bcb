// garita rules export, garita rules history

#include <utility>

#include <fmt/format.h>

#include "programs/cli/device_rules.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/csv/csv.hpp"
#include "runtime/json/text.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

int export_rules(const CommandOptions& options, const DeviceRuleFilter& filter) {
    HubConnection hub(options.socket);
    std::string heading =
        options.json ? "" : "device,rule,params,value\n";  // not before the hub has answered
    const auto seen = each_device_rule(hub, filter, [&](const ShownDeviceRule& rule) {
        print(std::exchange(heading, ""));
        if (options.json) return print(json::serialize(to_json(rule)) + "\n");
        if (!rule.value) return;  // on its way out: the next import shall not bring it back
        print(fmt::format("{},{},{},{}\n", runtime::csv_field(rule.device), runtime::csv_field(rule.rule),
                          runtime::csv_field(rule.params), runtime::csv_field(*rule.value)));
    });
    if (!seen) return report_failure(seen.error());
    print(heading);
    return 0;
}

struct HistoryArguments {
    std::vector<std::string> words;
    std::size_t limit = 50;
};

int show_changes(const HubReply& reply) {
    const auto changes = read_rule_history(reply.body);
    if (!changes) return report_failure(changes.error());
    const auto now = runtime::system_now();
    Table table({"WHEN", "BY", "WHAT", "CHANGED", "COMMENT"});
    for (const auto& one : *changes)
        table.add({relative(one.at, now), one.by, one.what, std::to_string(one.changed), one.comment});
    print(table.empty() ? "No changes.\n" : table.text());
    return 0;
}

int show_versions(const HubReply& reply) {
    const auto versions = read_versions(reply.body);
    if (!versions) return report_failure(versions.error());
    const auto now = runtime::system_now();
    Table table({"SINCE", "VALUE", "BY", "COMMENT"});
    for (const auto& one : *versions)
        table.add({relative(one.since, now), one.value.value_or("(taken away)"), one.by, one.comment});
    print(table.empty() ? "Nothing was ever wanted of it, or longer ago than history is kept.\n"
                        : table.text());
    return 0;
}

int show_history(const CommandOptions& options, const HistoryArguments& arguments) {
    const auto& words = arguments.words;
    if (!words.empty() && words.size() < 3)
        return report_failure({ErrorCode::invalid,
                               "one rule is DEVICE RULE PARAMS, as: border1 inet_access 192.0.2.7",
                               Retry::no});
    auto target = fmt::format("/api/v1/devices/rules/history?limit={}", arguments.limit);
    if (!words.empty()) {
        std::string params;
        for (std::size_t i = 2; i < words.size(); ++i)
            params.append(params.empty() ? "" : " ").append(words[i]);
        target += fmt::format("&device={}&rule={}&params={}", percent_encode(words[0]),
                              percent_encode(words[1]), percent_encode(params));
    }
    HubConnection hub(options.socket);
    const auto reply = hub.get(target);
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    return words.empty() ? show_changes(*reply) : show_versions(*reply);
}

}  // namespace

void add_rule_export(CLI::App& rules, int& exit_code) {
    auto* const command = rules.add_subcommand("export", "print rules of devices as comma separated values");
    const auto options = add_common_options(*command);
    const auto filter = std::make_shared<DeviceRuleFilter>();
    command->add_option("-d,--device,DEVICE", filter->device, "only of this device");
    command->add_option("--rule", filter->rule, "only of this name");
    command->footer(
        "What is printed can be imported again. --json: one rule a line, with what is there now.");
    command->callback([options, filter, &exit_code] { exit_code = export_rules(*options, *filter); });
}

void add_rule_history(CLI::App& rules, int& exit_code) {
    auto* const command =
        rules.add_subcommand("history", "who wanted what of the rules of devices, and when");
    const auto options = add_common_options(*command);
    const auto arguments = std::make_shared<HistoryArguments>();
    command->add_option("RULE", arguments->words, "DEVICE RULE PARAMS; without it: all changes");
    command->add_option("-n,--limit", arguments->limit, "at most so many")
        ->check(CLI::Range(1, 10'000))
        ->capture_default_str();
    command->footer("Example: garita rules history border1 inet_access 192.0.2.7");
    command->callback([options, arguments, &exit_code] { exit_code = show_history(*options, *arguments); });
}

}  // namespace garita::programs
