#pragma once
// garita scan TARGET…: which ports answer, at once; from here without a hub, or from an agent through it.

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace garita::programs {

/// Sets `exit_code` when it runs: 0 all is judged, 1 something is not known or the scan was stopped; 2 (wrong
/// use) is thrown as a parse error. `app` and `exit_code` must outlive the parsing.
void add_scan_command(CLI::App& app, int& exit_code);

/// The words of a command line, with what people are used to from nmap put as this command has it: -iL.
[[nodiscard]] std::vector<std::string> scan_spelling(std::vector<std::string> words);

}  // namespace garita::programs
