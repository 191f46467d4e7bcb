#include "programs/garita/replay_command.hpp"

#include <chrono>
#include <cstdio>
#include <memory>
#include <random>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "detect/replay.hpp"
#include "programs/garita/replay_options.hpp"
#include "programs/garita/replay_output.hpp"

namespace garita::programs {
namespace {

/// What the subcommands share.
struct Common {
    std::vector<std::string> files;
    ReplayForm form;
};

/// Keys come from attackers: the order of the table must not be theirs to choose.
std::uint64_t fresh_seed() {
    std::random_device device;
    return (static_cast<std::uint64_t>(device()) << 32) ^ device();
}

void add_common(CLI::App& command, Common& common) {
    command.add_option("FILE", common.files, "Logs, oldest first, plain or gzip; - is standard input")
        ->required()
        ->type_name("");
    command.add_flag_callback(
        "--json", [&common] { common.form = ReplayForm::json; }, "One JSON object instead of a table");
}

template <typename Report>
int finish(const Result<Report>& report, const Common& common) {
    clear_progress();
    if (!report) {
        fmt::print(stderr, "garita replay: {}\n", report.error().text);
        return 1;
    }
    print(stdout, common.form, *report);
    return std::fflush(stdout) == 0 ? 0 : 1;
}

void add_http_errors(CLI::App& replay, int& exit_code) {
    struct State : Common {
        detect::ReplayHttpErrors options;
    };
    const auto state = std::make_shared<State>();
    auto& options = state->options;
    options.source.statuses = *detect::StatusSet::parse("404");
    options.limits.seed = fresh_seed();
    auto* command =
        replay.add_subcommand("http_errors", "Addresses that collected HTTP errors in web server logs");
    command->footer(
        "Example:\n  garita replay http_errors --status 404 --threshold 50 --window 60s "
        "/var/log/nginx/access.log.1 /var/log/nginx/access.log");
    add_common(*command, *state);
    add_status(*command, options.source.statuses);
    add_log_format(*command, options.source.format);
    add_trusted_proxies(*command, options.source.proxies);
    add_window(*command, options.limits, options.threshold, options.prefixes);
    command->callback([state, &exit_code] {
        exit_code =
            finish(detect::replay_http_errors(state->files, state->options, progress_to_terminal()), *state);
    });
}

detect::EventTime now() {
    return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

void add_log_patterns(CLI::App& replay, int& exit_code) {
    struct State : Common {
        detect::ReplayLogPatterns options;
    };
    const auto state = std::make_shared<State>();
    auto& options = state->options;
    options.limits.seed = fresh_seed();
    auto* command =
        replay.add_subcommand("log_patterns", "Addresses that collected lines of a kind, as failed logins");
    command->footer(
        "Examples:\n  garita replay log_patterns --filter sshd /var/log/auth.log.1 /var/log/auth.log\n"
        "  garita replay log_patterns --pattern 'login failed from (?P<address>\\S+)$' --threshold 10 "
        "app.log");
    add_common(*command, *state);
    add_filter(*command, options.filter);
    add_window(*command, options.limits, options.threshold, options.prefixes);
    command->callback([state, &exit_code] {
        if (state->options.filter.name.empty())
            throw CLI::RequiredError("--filter (sshd is shipped) or --pattern");
        state->options.zone = detect::system_zone();
        state->options.now = now();
        exit_code =
            finish(detect::replay_log_patterns(state->files, state->options, progress_to_terminal()), *state);
    });
}

void add_ssh_sessions(CLI::App& replay, int& exit_code) {
    const auto state = std::make_shared<Common>();
    auto* command = replay.add_subcommand("ssh_sessions", "Who logged in over SSH, from where and how");
    command->footer(
        "Example:\n  garita replay ssh_sessions /var/log/auth.log.1 /var/log/auth.log\n"
        "  journalctl -u ssh -o short-iso | garita replay ssh_sessions -");
    add_common(*command, *state);
    command->callback([state, &exit_code] {
        const detect::ReplaySshSessions options{detect::system_zone(), now()};
        exit_code =
            finish(detect::replay_ssh_sessions(state->files, options, progress_to_terminal()), *state);
    });
}

}  // namespace

void add_replay_commands(CLI::App& app, int& exit_code) {
    auto* replay = app.add_subcommand("replay", "What a detector would have said about old logs");
    replay->require_subcommand(1);
    add_http_errors(*replay, exit_code);
    add_log_patterns(*replay, exit_code);
    add_ssh_sessions(*replay, exit_code);
}

}  // namespace garita::programs
