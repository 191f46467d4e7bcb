#pragma once
// What both long-running programs do around their graph of objects: stop on a signal, read the configuration
// again on SIGHUP, log as told, know their version.

#include <csignal>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "model/result.hpp"
#include "model/time.hpp"
#include "runtime/config/common_config.hpp"
#include "runtime/config/written.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

/// "0.1.0"
[[nodiscard]] std::string_view version();

/// Waits for SIGINT, SIGTERM, SIGHUP or SIGCHLD. Make it before any thread, so that all inherit the mask.
class Signals {
  public:
    Signals();
    /// Returns the signal's number.
    [[nodiscard]] int wait() const;
    /// The same, or none when the time has passed.
    [[nodiscard]] std::optional<int> wait_for(Duration span) const;

  private:
    sigset_t signals_{};
};

/// The log until the configuration is read: in the form that the command line asks for, from the first line
/// on.
[[nodiscard]] runtime::Log early_log(std::optional<runtime::LogFormat> asked);
/// The log that the configuration asks for; the command line's form goes first.
[[nodiscard]] runtime::Log configured_log(const runtime::LogConfig& config,
                                          std::optional<runtime::LogFormat> asked);

/// For who watches in the foreground all that is sent to devices: everything, on standard error.
[[nodiscard]] runtime::Log watching_log(std::optional<runtime::LogFormat> asked);

/// A core of either program would hold secrets, so there is none. Other users' debuggers are kept off with
/// it.
void leave_no_core();
/// Keeps glibc's heaps small and few: both programs are to stay small beside what they watch.
void keep_memory_small();

/// Says that the program is ready, reloads on SIGHUP, returns when it is to stop: the exit code. A few
/// seconds after the start it gives back what only the start needed. `broken` is asked after each SIGCHLD,
/// and ends the program with 1 when it tells why.
[[nodiscard]] int serve(const Signals& signals, const runtime::Log& log, const std::function<void()>& reload,
                        const std::function<std::optional<Error>()>& broken);

/// Tells the log that the file was read again, and what of it waits for the next start.
void log_reload(const runtime::Log& log, const runtime::WrittenSettings& before,
                const runtime::WrittenSettings& after, const std::vector<std::string>& warnings);
/// What waits for a start is still as it was, and is told again until then.
[[nodiscard]] runtime::WrittenSettings in_force_after_reload(const runtime::WrittenSettings& before,
                                                             runtime::WrittenSettings after);
/// Tells the log that nothing of it was taken up, and why.
void log_refused_reload(const runtime::Log& log, const Error& error);

/// The whole life of a program.
///   load(file) → Result<Config>          with `log`, `warnings` and `written`
///   start(config, log) → Result<std::unique_ptr<Program>>, logs that it runs
///   program.broken() → std::optional<Error>: why it cannot go on, asked after each SIGCHLD; where it has
///   this program.reload(config) → Result<void>: takes up what can be taken up, or leaves all as it is
/// `log_format`: what the command line asks for, before the configuration. Returns the exit code: 0 stopped
/// as asked, 1 could not start or not go on, 2 wrong configuration.
template <typename Load, typename Start>
int run_program(const std::filesystem::path& file, std::optional<runtime::LogFormat> log_format, Load load,
                Start start) {
    leave_no_core();
    keep_memory_small();
    const Signals signals;  // before any thread: all of them inherit the mask
    auto config = load(file);
    if (!config) {
        early_log(log_format).error(config.error().text);
        return 2;
    }
    const auto log = configured_log(config->log, log_format);
    for (const auto& warning : config->warnings)
        log.warning(warning);
    const auto program = start(*config, log);
    if (!program) {
        log.error(program.error().text);
        return 1;
    }
    auto in_force = std::move(config->written);
    const auto broken = [&]() -> std::optional<Error> {
        if constexpr (requires { (*program)->broken(); }) return (*program)->broken();
        return std::nullopt;
    };
    const auto reload = [&] {
        const auto again = load(file);
        if (!again) return log_refused_reload(log, again.error());
        if (const auto done = (*program)->reload(*again); !done) return log_refused_reload(log, done.error());
        log.set_level(again->log.level);
        log_reload(log, in_force, again->written, again->warnings);
        in_force = in_force_after_reload(in_force, again->written);
    };
    return serve(signals, log, reload, broken);
}

}  // namespace garita::programs
