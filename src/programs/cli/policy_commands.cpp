// garita policies, garita policies resume P, garita undo --policy P --since T

#include <fmt/format.h>

#include "programs/cli/command_options.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/text.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

std::string text_of(const boost::json::value& object, std::string_view member) {
    const auto* const value = object.as_object().if_contains(member);
    return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

std::int64_t number_of(const boost::json::value& object, std::string_view member) {
    const auto* const value = object.as_object().if_contains(member);
    return value != nullptr && value->is_int64() ? value->get_int64() : 0;
}

std::string bound_of(const boost::json::value& policy) {
    if (!policy.as_object().contains("at_most")) return "-";
    return fmt::format("{} in {}", number_of(policy, "at_most"),
                       format_span(std::chrono::seconds{number_of(policy, "per_seconds")}));
}

std::string state_of(const boost::json::value& policy, Time now) {
    const auto since = json::parse_iso8601(text_of(policy, "suspended_since"));
    if (!since) return text_of(policy, "mode");
    return fmt::format("SUSPENDED {}, observes; see case {}", relative(*since, now),
                       number_of(policy, "case_id"));
}

int list_policies(const CommandOptions& options) {
    HubConnection hub(options.socket);
    const auto reply = hub.get("/api/v1/policies");
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto now = runtime::system_now();
    Table table({"NO", "POLICY", "RESPONSE", "LATELY", "AT MOST", "STATE"});
    for (const auto& policy : reply->body.at("policies").as_array())
        table.add({std::to_string(number_of(policy, "number")), text_of(policy, "name"),
                   text_of(policy, "response"), std::to_string(number_of(policy, "done_lately")),
                   bound_of(policy), state_of(policy, now)});
    print(table.empty() ? "No policies: people are asked about everything.\n" : table.text());
    return 0;
}

int resume_policy(const CommandOptions& options, const std::string& policy) {
    HubConnection hub(options.socket);
    const auto reply = hub.post("/api/v1/policies/resume", json::Writer().text("policy", policy).finish());
    if (!reply) return report_failure(reply.error());
    print(options.json ? reply->text + "\n" : fmt::format("{} acts again\n", text_of(reply->body, "policy")));
    return 0;
}

struct UndoArguments {
    std::string policy;
    std::string since;
    bool dry_run = false;
};

int undo(const CommandOptions& options, const UndoArguments& arguments) {
    json::Writer body;
    body.text("policy", arguments.policy).value("dry_run", arguments.dry_run);
    if (const auto span = span_of(arguments.since))
        body.seconds("last", *span);
    else
        body.text("since", arguments.since);
    HubConnection hub(options.socket);
    const auto reply = hub.post("/api/v1/undo", body.finish());
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto& done = reply->body;
    print(fmt::format("{} since {}: {} blocks decided, {} rules {}\n", text_of(done, "policy"),
                      text_of(done, "since").substr(0, 19), number_of(done, "decisions"),
                      number_of(done, "unset"), arguments.dry_run ? "would be taken back" : "taken back"));
    if (const auto kept = number_of(done, "kept"); kept > 0)
        print(fmt::format("{} rules stay: people or another policy wanted them too\n", kept));
    if (const auto over = number_of(done, "over"); over > 0)
        print(fmt::format("{} rules were over already\n", over));
    if (const auto others = number_of(done, "other_effects"); others > 0)
        print(fmt::format("{} closed sessions and restarts cannot be taken back\n", others));
    return 0;
}

CLI::Validator since_check() {
    return {[](std::string& text) {
                return span_of(text) || json::parse_iso8601(text)
                           ? std::string()
                           : "'" + text +
                                 "' is neither a span such as 2h nor a time such as "
                                 "2026-11-22T08:00:00Z";
            },
            "SPAN or TIME"};
}

void add_policies(CLI::App& app, int& exit_code) {
    auto* const command =
        app.add_subcommand("policies", "what decides without being asked, and how it stands");
    const auto options = add_common_options(*command);
    auto* const resume = command->add_subcommand("resume", "let a suspended policy act again");
    const auto resume_options = add_common_options(*resume);
    const auto policy = std::make_shared<std::string>();
    resume->add_option("POLICY", *policy, "its name, or its number in the list")->required();
    resume->callback(
        [resume_options, policy, &exit_code] { exit_code = resume_policy(*resume_options, *policy); });
    command->callback([command, options, &exit_code] {
        if (command->get_subcommands().empty()) exit_code = list_policies(*options);
    });
}

void add_undo(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("undo", "take back the blocks that a policy has decided");
    const auto options = add_common_options(*command);
    const auto arguments = std::make_shared<UndoArguments>();
    command->add_option("--policy", arguments->policy, "its name, or its number in `garita policies`")
        ->required();
    command->add_option("--since", arguments->since, "2h, or 2026-11-22T08:00:00Z")
        ->required()
        ->check(since_check());
    command->add_flag("--dry-run", arguments->dry_run, "only count");
    command->footer(
        "What a person, too, has blocked stays. Example: garita undo --policy 'http_errors auto' --since 2h");
    command->callback([options, arguments, &exit_code] { exit_code = undo(*options, *arguments); });
}

}  // namespace

void add_policy_commands(CLI::App& app, int& exit_code) {
    add_policies(app, exit_code);
    add_undo(app, exit_code);
}

}  // namespace garita::programs
