#pragma once
// garita access …: requests to let new devices in, and reading what switches say.

namespace CLI {
class App;
}

namespace garita::programs {

/// Adds `access` with its subcommands. A subcommand that runs sets `exit_code`: 0 done, 1 failed, 2 wrong
/// use. `app` and `exit_code` must outlive the parsing.
void add_access_commands(CLI::App& app, int& exit_code);

/// access list, show, approve, kill, report, status, retry; `access` is the command that they belong to.
void add_access_requests(CLI::App& access, int& exit_code);
/// access import; needs no hub.
void add_access_import(CLI::App& access, int& exit_code);
/// access parse; `access` is the command that it belongs to.
void add_access_parse(CLI::App& access, int& exit_code);

}  // namespace garita::programs
