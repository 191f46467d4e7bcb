// The hub and command line of Garita.

#include <algorithm>
#include <cstdio>
#include <exception>
#include <string>
#include <utility>
#include <vector>

#include <CLI/CLI.hpp>

#include "programs/access/access_commands.hpp"
#include "programs/cli/commands.hpp"
#include "programs/garita/check_command.hpp"
#include "programs/garita/completion_command.hpp"
#include "programs/garita/hub_command.hpp"
#include "programs/garita/mail_command.hpp"
#include "programs/garita/replay_command.hpp"
#include "programs/garita/webhook_command.hpp"
#include "programs/process/process.hpp"
#include "programs/scan/scan_command.hpp"
#include "programs/siem_import/siem_command.hpp"

namespace {

int run(int argc, char** argv) {
    CLI::App app(
        "Garita: detects what happens at the gates of a network, asks a person, enforces the answer.",
        "garita");
    app.require_subcommand(1);
    app.set_version_flag("--version", std::string(garita::programs::version()));
    app.footer("Exit codes: 0 done, 1 failed, 2 wrong use. `garita COMMAND --help` tells more.");
    int exit_code = 0;
    garita::programs::add_hub_command(app, exit_code);
    garita::programs::add_check_command(app, exit_code);
    garita::programs::add_status_commands(app, exit_code);
    garita::programs::add_audit_commands(app, exit_code);
    garita::programs::add_agent_commands(app, exit_code);
    garita::programs::add_case_commands(app, exit_code);
    garita::programs::add_rule_commands(app, exit_code);
    garita::programs::add_policy_commands(app, exit_code);
    garita::programs::add_port_commands(app, exit_code);
    garita::programs::add_people_commands(app, exit_code);
    garita::programs::add_mail_command(app, exit_code);
    garita::programs::add_webhook_command(app, exit_code);
    garita::programs::add_replay_commands(app, exit_code);
    garita::programs::add_scan_command(app, exit_code);
    garita::programs::add_access_commands(app, exit_code);
    garita::programs::add_siem_command(app, exit_code);
    garita::programs::add_completion_command(app);
    try {
        auto words = garita::programs::scan_spelling({argv + 1, argv + argc});
        std::reverse(words.begin(), words.end());  // as CLI11 takes them
        app.parse(std::move(words));
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    }
    return exit_code;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {
        std::fprintf(stderr, "garita: %s\n", error.what());
        return 1;
    }
}
