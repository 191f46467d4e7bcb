// garita rules list, garita rules set, garita rules unset; the others are in files of their own

#include <algorithm>

#include <fmt/format.h>

#include "programs/cli/command_options.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/device_rules.hpp"
#include "programs/cli/effects.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/model_json.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

constexpr std::size_t page = 10'000;
constexpr std::string_view set_path = "/api/v1/rules";
constexpr std::string_view unset_path = "/api/v1/rules/unset";

struct ListArguments {
    std::string device;
    std::string rule;
    std::string params;
    std::string state;
    std::size_t limit = 1000;
};

std::string state_of(const Rule& rule) {
    if (!rule.last_error.empty()) return "FAILED: " + rule.last_error;
    if (!rule.desired) return rule.settled() ? "over" : "being taken back";
    return rule.settled() ? "in force" : "on its way";
}

std::string target(const ListArguments& arguments, std::int64_t after, std::size_t limit) {
    return fmt::format("/api/v1/rules?after={}&limit={}&device={}&params={}", after, limit,
                       percent_encode(arguments.device), percent_encode(arguments.params));
}

/// All pages up to the limit.
Result<std::vector<Rule>> fetch_rules(HubConnection& hub, const ListArguments& arguments) {
    std::vector<Rule> all;
    std::int64_t after = 0;
    while (all.size() < arguments.limit) {
        const auto wanted = std::min(page, arguments.limit - all.size());
        const auto reply = hub.get(target(arguments, after, wanted));
        if (!reply) return tl::unexpected(reply.error());
        auto rules = read_rules(reply->body);
        if (!rules) return tl::unexpected(rules.error());
        all.insert(all.end(), std::make_move_iterator(rules->begin()), std::make_move_iterator(rules->end()));
        if (rules->size() < wanted) break;
        if (all.back().id.value <= after)
            return fail(ErrorCode::invalid, "the hub's answer: its pages of rules do not go on");
        after = all.back().id.value;
    }
    return all;
}

/// Rules of configured classes, as far as the limit leaves room. Their parameters can be read by their name
/// only.
Result<std::vector<ShownDeviceRule>> fetch_device_rules(HubConnection& hub, const ListArguments& arguments,
                                                        std::size_t room) {
    std::vector<ShownDeviceRule> all;
    if (room == 0 || arguments.rule == block_rule || (!arguments.params.empty() && arguments.rule.empty()))
        return all;
    const DeviceRuleFilter filter{arguments.device, arguments.rule, arguments.params, arguments.state, room};
    const auto seen =
        each_device_rule(hub, filter, [&](const ShownDeviceRule& rule) { all.push_back(rule); });
    if (!seen) return tl::unexpected(seen.error());
    return all;
}

int print_rules(const std::vector<Rule>& blocks, const std::vector<ShownDeviceRule>& rules) {
    const auto now = runtime::system_now();
    const auto end = [&](const std::optional<Time>& at) {
        return at ? relative(*at, now) : std::string("never");
    };
    Table table({"DEVICE", "RULE", "PARAMETERS", "ENDS", "BY", "STATE"});
    for (const auto& rule : blocks)
        table.add({rule.device, rule.name, rule.params, end(rule.expires_at), rule.author, state_of(rule)});
    for (const auto& rule : rules)
        table.add({rule.device, rule.rule, rule.params, end(rule.expires), rule.by, state_of(rule)});
    print(table.empty() ? "No rules.\n" : table.text());
    return 0;
}

int list_rules(const CommandOptions& options, const ListArguments& arguments) {
    HubConnection hub(options.socket);
    const bool with_blocks =
        (arguments.rule.empty() || arguments.rule == block_rule) && arguments.state.empty();
    const auto fetched = with_blocks ? fetch_rules(hub, arguments) : std::vector<Rule>();
    if (!fetched) return report_failure(fetched.error());
    const auto rules = fetch_device_rules(hub, arguments, arguments.limit - fetched->size());
    if (!rules) return report_failure(rules.error());
    if (options.json) {
        boost::json::array list;
        for (const auto& rule : *rules)
            list.push_back(to_json(rule));
        return print(json::serialize(json::Writer()
                                         .value("rules", json::to_json_list(*fetched))
                                         .value("device_rules", std::move(list))
                                         .finish()) +
                     "\n"),
               0;
    }
    print_rules(*fetched, *rules);
    if (fetched->size() + rules->size() == arguments.limit)
        print(fmt::format("\nOnly the first {}; more with --limit.\n", arguments.limit));
    return 0;
}

struct ChangeArguments {
    std::vector<std::string> words;
    std::string device;
    std::string lasts;
    std::string comment;
    std::string totp;
    bool until_unset = false;
};

/// "DEVICE block NETWORK…" or just "NETWORK…".
void split_words(ChangeArguments& arguments) {
    auto& words = arguments.words;
    if (words.size() < 3 || IpNetwork::parse(words[0]) || words[1] != block_rule) return;
    if (words[0] != "all") arguments.device = words[0];
    words.erase(words.begin(), words.begin() + 2);
    if (words.size() > 1 && words.back() == block_value) words.pop_back();
}

boost::json::value body_of(const ChangeArguments& arguments) {
    json::Writer body;
    body.value("networks", json::to_json(arguments.words)).text_if("comment", arguments.comment);
    if (!arguments.device.empty()) body.value("devices", json::to_json(std::vector{arguments.device}));
    if (!arguments.lasts.empty()) body.seconds_if("for", span_of(arguments.lasts));
    if (arguments.until_unset) body.value("until_unset", true);
    return body.finish();
}

/// What has become of the wide networks, which have a case of their own. False: no device blocks them.
bool tell_of_wide(HubConnection& hub, CaseId id) {
    const auto shown = wait_for_effects(hub, id.value, std::chrono::seconds(5));
    if (!shown) return report_failure(shown.error()), false;
    if (!can_be_confirmed(*shown)) {
        for (const auto& failure : shown->progress.failures)
            report_failure({ErrorCode::invalid, "the wide ones: " + failure, Retry::no});
        return shown->progress.failures.empty();
    }
    const bool in_force = shown->about.provisional->in_force_since.has_value();
    const auto left =
        std::chrono::ceil<std::chrono::seconds>(shown->about.provisional->until - runtime::system_now());
    print(
        fmt::format("The wide ones {} end in {}, unless confirmed from a new connection: garita confirm {}\n",
                    in_force ? "are in force and" : "are on their way and",
                    format_span(std::max(left, std::chrono::seconds{0})), id.value));
    return true;
}

int change_rules(const CommandOptions& options, ChangeArguments arguments, std::string_view path) {
    if (names_device_rule(arguments.words)) {
        const bool set = path == set_path;
        return change_device_rule(options, {std::move(arguments.words),
                                            set ? DeviceRuleWish::Verb::set : DeviceRuleWish::Verb::unset,
                                            arguments.lasts, arguments.comment});
    }
    split_words(arguments);
    HubConnection hub(options.socket);
    const auto reply = post_with_code(hub, path, body_of(arguments), arguments.totp);
    if (!reply) return report_failure(reply.error());
    const auto changes = read_changed_rules(reply->body);
    if (!changes) return report_failure(changes.error());
    bool done = changes->refused.empty();
    if (options.json) {
        print(reply->text + "\n");
    } else {
        print(fmt::format("{} changed, {} were so already\n", changes->changed, changes->unchanged));
        for (const auto& why : changes->refused)
            report_failure({ErrorCode::invalid, why, Retry::no});
        if (changes->confirm_case && !tell_of_wide(hub, *changes->confirm_case)) done = false;
    }
    return done ? 0 : 1;
}

void add_list(CLI::App& rules, int& exit_code) {
    auto* const command = rules.add_subcommand("list", "what is kept true on the devices");
    const auto options = add_common_options(*command);
    const auto arguments = std::make_shared<ListArguments>();
    command->add_option("-d,--device,DEVICE", arguments->device, "only of this device");
    command->add_option("--rule", arguments->rule, "only of this name, as block or inet_access");
    command->add_option("--params", arguments->params,
                        "only with these parameters, as 192.0.2.1; of other rules than blocks with --rule");
    command
        ->add_option("--state", arguments->state,
                     "only what is different from what is there, or refused by the device")
        ->check(CLI::IsMember({"different", "refused"}));
    command->add_option("-n,--limit", arguments->limit, "at most so many")
        ->check(CLI::PositiveNumber)
        ->capture_default_str();
    command->callback([options, arguments, &exit_code] { exit_code = list_rules(*options, *arguments); });
}

std::shared_ptr<ChangeArguments> add_change_options(CLI::App& command) {
    auto arguments = std::make_shared<ChangeArguments>();
    command
        .add_option("NETWORK", arguments->words,
                    "addresses or networks to block; or DEVICE RULE PARAMS, and to set it the VALUE")
        ->required();
    command.add_option("-d,--device", arguments->device, "only on this device; all of them otherwise");
    command.add_option("--comment", arguments->comment, "why, for the audit trail");
    return arguments;
}

void add_set(CLI::App& rules, int& exit_code) {
    auto* const command =
        rules.add_subcommand("set", "block addresses or networks, or set another rule of a device");
    const auto options = add_common_options(*command);
    const auto arguments = add_change_options(*command);
    auto* const lasts =
        command->add_option("--for", arguments->lasts, "how long: 90s, 15m, 24h, 7d")->check(span_check());
    command->add_option("--totp", arguments->totp,
                        "one-time code, where wide networks take one; asked for on a terminal");
    command->add_flag("--until-unset", arguments->until_unset, "without an end")->excludes(lasts);
    command->footer(
        "Examples: garita rules set 192.0.2.7 2001:db8::/64 --for 24h\n"
        "          garita rules set border1 inet_access 192.0.2.7 open");
    command->callback(
        [options, arguments, &exit_code] { exit_code = change_rules(*options, *arguments, set_path); });
}

void add_unset(CLI::App& rules, int& exit_code) {
    auto* const command = rules.add_subcommand("unset", "take blocks or other rules back");
    const auto options = add_common_options(*command);
    const auto arguments = add_change_options(*command);
    command->footer(
        "Examples: garita rules unset 192.0.2.7\n"
        "          garita rules unset border1 inet_access 192.0.2.7");
    command->callback(
        [options, arguments, &exit_code] { exit_code = change_rules(*options, *arguments, unset_path); });
}

}  // namespace

void add_rule_commands(CLI::App& app, int& exit_code) {
    auto* const rules = app.add_subcommand("rules", "what is kept true on the devices");
    rules->require_subcommand(1);
    add_list(*rules, exit_code);
    add_set(*rules, exit_code);
    add_unset(*rules, exit_code);
    add_rule_import(*rules, exit_code);
    add_rule_export(*rules, exit_code);
    add_rule_history(*rules, exit_code);
    add_rule_keeping_commands(*rules, exit_code);
}

}  // namespace garita::programs
