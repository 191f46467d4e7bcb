#pragma once
// `garita check`: whether a configuration file is fine, and what can be written in one.

namespace CLI {
class App;
}

namespace garita::programs {

/// Adds the command. When it has run, exit_code is 0 for fine files and 2 for wrong ones; it has to outlive
/// the app.
void add_check_command(CLI::App& app, int& exit_code);

}  // namespace garita::programs
