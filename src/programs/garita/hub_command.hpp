#pragma once
// garita hub --config FILE: the hub itself.

namespace CLI {
class App;
}

namespace garita::programs {

/// Runs until a signal; sets `exit_code`: 0 stopped as asked, 1 could not start, 2 the configuration is
/// wrong.
void add_hub_command(CLI::App& app, int& exit_code);

}  // namespace garita::programs
