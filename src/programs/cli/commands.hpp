#pragma once
// The commands that speak to a running hub. Each sets the exit code when it runs: 0 done, 1 failed; wrong use
// (2) is found while the command line is parsed. `app` and `exit_code` must outlive the parsing.

namespace CLI {
class App;
}

namespace garita::programs {

void add_agent_commands(CLI::App& app, int& exit_code);   ///< enroll, agents
void add_case_commands(CLI::App& app, int& exit_code);    ///< cases, case, decide, confirm
void add_policy_commands(CLI::App& app, int& exit_code);  ///< policies, undo
void add_rule_commands(CLI::App& app, int& exit_code);    ///< rules list, set, unset, import, export, history
/// rules plan, drift, rebuild; `rules` is the command that they belong to.
void add_rule_keeping_commands(CLI::App& rules, int& exit_code);
void add_people_commands(CLI::App& app, int& exit_code);  ///< people totp; needs no hub
void add_port_commands(CLI::App& app, int& exit_code);    ///< ports status, accept, mute, history, scan …
void add_status_commands(CLI::App& app, int& exit_code);  ///< status
void add_audit_commands(CLI::App& app, int& exit_code);   ///< audit, audit verify

}  // namespace garita::programs
