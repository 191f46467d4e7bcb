#pragma once
// `garita completion bash`: what a shell offers when somebody presses Tab.

#include <string>

namespace CLI {
class App;
}

namespace garita::programs {

/// Adds the command. It prints a script made of all commands and options that `app` has by then.
void add_completion_command(CLI::App& app);

/// The script for bash: every command below `app` (its options, their choices, files where files are meant).
[[nodiscard]] std::string bash_completion(const CLI::App& app);

}  // namespace garita::programs
