// The agent of Garita: watches one host, and enforces there what the hub's people decided.

#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "programs/agent/agent.hpp"
#include "programs/agent/audit_heads.hpp"
#include "programs/process/process.hpp"

int main(int argc, char** argv) {
    CLI::App app("Garita's agent: watches this host, asks its hub, enforces the answer here.",
                 "garita-agent");
    app.set_version_flag("--version", std::string(garita::programs::version()));
    app.footer(
        "Exit codes: 0 stopped as asked, 1 could not start, 2 wrong use or configuration.\n"
        "Example: garita-agent --config /etc/garita/agent.yml");
    std::string config = "/etc/garita/agent.yml";
    bool json = false;
    app.add_option("-c,--config", config, "its configuration")->capture_default_str();
    app.add_flag("-j,--json-logs", json, "log JSON, one object a line, from the first line on");
    auto* const heads = app.add_subcommand(
        "audit-heads", "what this host has kept of the hub's audit trail, the newest first");
    std::size_t limit = 20;
    heads->add_option("-n,--limit", limit, "at most so many")->capture_default_str();
    heads->add_flag("-j,--json", json, "one JSON object a line, all of them");
    heads->footer(
        "Compare with what the hub shows: garita audit --export t.jsonl && "
        "garita audit verify --file t.jsonl --head SEQ:HASH");
    try {
        app.parse(argc, argv);
        if (heads->parsed())
            return garita::programs::print_audit_heads(
                config, limit,
                json ? garita::programs::HeadsFormat::json : garita::programs::HeadsFormat::lines);
        return garita::programs::run_agent(
            config, json ? std::optional(garita::runtime::LogFormat::json) : std::nullopt);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        fmt::print(stderr, "garita-agent: {}\n", error.what());
        return 1;
    }
}
