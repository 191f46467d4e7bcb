#pragma once
// garita siem import

namespace CLI {
class App;
}

namespace garita::programs {

/// Sets the exit code when it runs: 0 done, 1 failed. Both must outlive the parsing.
void add_siem_command(CLI::App& app, int& exit_code);

}  // namespace garita::programs
