// The hub and command line of Garita.

#include <exception>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "programs/garita/check_command.hpp"
#include "programs/garita/replay_command.hpp"

int main(int argc, char** argv) {
    CLI::App app("Garita: detect, decide, enforce", "garita");
    app.require_subcommand(1);
    int exit_code = 0;
    try {
        garita::programs::add_check_command(app, exit_code);
        garita::programs::add_replay_commands(app, exit_code);
        app.parse(argc, argv);
    } catch (const CLI::ParseError& error) {
        return app.exit(error) == 0 ? 0 : 2;
    } catch (const std::exception& error) {
        fmt::print(stderr, "garita: {}\n", error.what());
        return 1;
    }
    return exit_code;
}
