#pragma once
// garita replay …: what a detector would have said about old logs.

namespace CLI {
class App;
}

namespace garita::programs {

/// Adds `replay` with its subcommands. A subcommand that runs sets `exit_code`: 0 done, 1 failed; 2 (wrong
/// use) is CLI11's, thrown as a parse error. `app` and `exit_code` must outlive the parsing.
void add_replay_commands(CLI::App& app, int& exit_code);

}  // namespace garita::programs
