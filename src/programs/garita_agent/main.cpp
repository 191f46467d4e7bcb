// The agent of Garita: watches one host, and enforces there what the hub's people decided.

#include <cstdio>
#include <exception>
#include <memory>
#include <optional>

#include <CLI/CLI.hpp>

#include "programs/agent/agent.hpp"
#include "programs/agent/audit_heads.hpp"
#include "programs/agent/enrol_command.hpp"
#include "programs/process/process.hpp"

namespace {

void add_enroll(CLI::App& app, std::optional<garita::programs::EnrolCommand>& asked) {
    auto* const command =
        app.add_subcommand("enroll", "make this host an agent of a hub, by a one-time code");
    const auto options = std::make_shared<garita::programs::EnrolCommand>();
    command->add_option("--hub", options->hub, "the hub's address, as https://hub.example:8443");
    command
        ->add_option("--code", options->code,
                     "what `garita enroll NAME` printed; - reads it from standard input")
        ->required();
    command->add_option("-c,--config", options->config, "the agent's configuration, if there is one")
        ->capture_default_str();
    command->add_option("--state", options->state, "the agent's folder, instead of the configuration's");
    command->footer(
        "Exit codes: 0 enrolled, 1 the hub did not answer (try again with the same code), 2 wrong use or\n"
        "configuration, 3 refused, or not the hub that gave the code.");
    command->callback([options, &asked] { asked = *options; });
}

int run(int argc, char** argv) {
    CLI::App app("Garita's agent: watches this host, asks its hub, enforces the answer here.",
                 "garita-agent");
    app.set_version_flag("--version", std::string(garita::programs::version()));
    app.footer(
        "Exit codes: 0 stopped as asked, 1 could not start, 2 wrong use or configuration.\n"
        "Example: garita-agent --config /etc/garita/agent.yml; to enrol: garita-agent enroll --help");
    std::string config = "/etc/garita/agent.yml";
    bool json = false;
    bool debug = false;
    app.add_option("-c,--config", config, "its configuration")->capture_default_str();
    app.add_flag("-j,--json-logs", json, "log JSON, one object a line, from the first line on");
    app.add_flag("-d,--debug", debug,
                 "in the foreground: print every command and batch sent for rules, with its result");
    auto* const heads = app.add_subcommand(
        "audit-heads", "what this host has kept of the hub's audit trail, the newest first");
    std::size_t limit = 20;
    heads->add_option("-n,--limit", limit, "at most so many")->capture_default_str();
    heads->add_flag("-j,--json", json, "one JSON object a line, all of them");
    heads->footer(
        "Compare with what the hub shows: garita audit --export t.jsonl && "
        "garita audit verify --file t.jsonl --head SEQ:HASH");
    std::optional<garita::programs::EnrolCommand> enroll;
    add_enroll(app, enroll);
    try {
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    if (enroll) return garita::programs::run_enroll(*enroll);
    if (heads->parsed())
        return garita::programs::print_audit_heads(
            config, limit, json ? garita::programs::HeadsFormat::json : garita::programs::HeadsFormat::lines);
    return garita::programs::run_agent(
        config, json ? std::optional(garita::runtime::LogFormat::json) : std::nullopt,
        debug ? garita::programs::AgentWatch::rules : garita::programs::AgentWatch::nothing);
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "garita-agent: %s\n", error.what());
        return 1;
    }
}
