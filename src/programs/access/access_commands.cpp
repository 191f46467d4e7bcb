#include "programs/access/access_commands.hpp"

#include <CLI/CLI.hpp>

namespace garita::programs {

void add_access_commands(CLI::App& app, int& exit_code) {
    auto* const access = app.add_subcommand("access", "new devices at switch ports");
    access->require_subcommand(1);
    add_access_requests(*access, exit_code);
    add_access_import(*access, exit_code);
    add_access_parse(*access, exit_code);
}

}  // namespace garita::programs
