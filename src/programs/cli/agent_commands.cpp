// garita enroll, garita agents, garita agents revoke

#include <fmt/format.h>

#include "programs/cli/command_options.hpp"
#include "programs/cli/commands.hpp"
#include "programs/cli/terminal.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/json/reader.hpp"
#include "runtime/json/text.hpp"
#include "runtime/json/writer.hpp"

namespace garita::programs {
namespace json = runtime::json;
namespace {

std::string text_of(const boost::json::value& value, std::string_view member) {
    const auto* const found = value.is_object() ? value.get_object().if_contains(member) : nullptr;
    return found != nullptr && found->is_string() ? std::string(found->get_string()) : std::string();
}

std::optional<Time> time_of(const boost::json::value& value, std::string_view member) {
    return json::parse_iso8601(text_of(value, member));
}

int enroll(const CommandOptions& options, const std::string& name, const std::string& valid) {
    HubConnection hub(options.socket);
    json::Writer body;
    body.text("name", name).seconds_if("valid", span_of(valid));
    const auto reply = hub.post("/api/v1/agents/codes", body.finish());
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    print(fmt::format("On {}, as root, within {}, once:\n\n  {}\n", name, valid,
                      text_of(reply->body, "command")));
    return 0;
}

std::string certificate_cell(const boost::json::value& agent, Time now) {
    const auto* const certificate = agent.get_object().if_contains("certificate");
    if (certificate == nullptr) return "-";
    const auto ends = time_of(*certificate, "expires_at");
    return ends ? to_iso8601(*ends).substr(0, 10) + " (" + relative(*ends, now) + ")" : "-";
}

int list(const CommandOptions& options) {
    HubConnection hub(options.socket);
    const auto reply = hub.get("/api/v1/agents");
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    const auto now = runtime::system_now();
    Table table({"AGENT", "VERSION", "STATE", "LAST SEEN", "CERTIFICATE UNTIL", "CODE UNTIL"});
    for (const auto& agent : reply->body.at("agents").as_array()) {
        const auto seen = time_of(agent, "last_seen");
        const auto code = time_of(agent, "code_until");
        const auto version = text_of(agent, "version");
        table.add({text_of(agent, "name"), version.empty() ? "-" : version, text_of(agent, "state"),
                   seen ? relative(*seen, now) : "never", certificate_cell(agent, now),
                   code ? relative(*code, now) : "-"});
    }
    print(table.empty() ? "No agents yet: `garita enroll NAME` lets one in.\n" : table.text());
    return 0;
}

int revoke(const CommandOptions& options, const std::string& name) {
    HubConnection hub(options.socket);
    const auto reply = hub.post("/api/v1/agents/" + percent_encode(name) + "/revoke", boost::json::object());
    if (!reply) return report_failure(reply.error());
    if (options.json) return print(reply->text + "\n"), 0;
    print(fmt::format(
        "{} is shut out. What it blocks stays on that host until it ends or its agent is removed;\n"
        "`garita enroll {}` lets it in again.\n",
        name, name));
    return 0;
}

void add_enroll(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("enroll", "a one-time code that makes another host an agent");
    const auto options = add_common_options(*command);
    const auto name = std::make_shared<std::string>();
    const auto valid = std::make_shared<std::string>("15m");
    command->add_option("NAME", *name, "what the host is called from then on")->required();
    command->add_option("--valid", *valid, "how long the code may be used: 90s, 15m, 24h, at most 30d")
        ->check(span_check())
        ->capture_default_str();
    command->footer(
        "Needs an administrator. A new code for a name ends the one before it.\n"
        "Example: garita enroll web1 --valid 1h");
    command->callback([options, name, valid, &exit_code] { exit_code = enroll(*options, *name, *valid); });
}

void add_agents(CLI::App& app, int& exit_code) {
    auto* const command = app.add_subcommand("agents", "who speaks for which host, and until when");
    const auto options = add_common_options(*command);
    auto* const shut_out = command->add_subcommand("revoke", "shut an agent out at once");
    const auto revoke_options = add_common_options(*shut_out);
    const auto name = std::make_shared<std::string>();
    shut_out->add_option("NAME", *name, "the agent")->required();
    shut_out->footer("Needs an administrator. Its connections end within a second, and nobody waits for it.");
    shut_out->callback([revoke_options, name, &exit_code] { exit_code = revoke(*revoke_options, *name); });
    command->callback([command, options, &exit_code] {
        if (command->get_subcommands().empty()) exit_code = list(*options);
    });
}

}  // namespace

void add_agent_commands(CLI::App& app, int& exit_code) {
    add_enroll(app, exit_code);
    add_agents(app, exit_code);
}

}  // namespace garita::programs
