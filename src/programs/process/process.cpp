#include "programs/process/process.hpp"

#include <ctime>
#include <malloc.h>

#include <fmt/format.h>
#include <sys/prctl.h>
#include <systemd/sd-daemon.h>

#include "runtime/memory/footprint.hpp"

namespace garita::programs {
namespace {

/// By then an agent has spoken with its hub for the first time, which touches most of what TLS is made of.
constexpr Duration start_is_over = std::chrono::seconds{5};

void give_back_memory() {
    malloc_trim(0);
    runtime::give_back_clean_pages();
}

/// systemd waits for the second message when it was asked to reload (Type=notify-reload).
void reload_between_notices(const std::function<void()>& reload) {
    timespec now{};
    clock_gettime(CLOCK_MONOTONIC, &now);
    const auto micros = static_cast<std::int64_t>(now.tv_sec) * 1'000'000 + now.tv_nsec / 1000;
    sd_notify(0, fmt::format("RELOADING=1\nMONOTONIC_USEC={}", micros).c_str());
    reload();
    sd_notify(0, "READY=1");
}

}  // namespace

std::string_view version() {
    return GARITA_VERSION;
}

Signals::Signals() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    sigaddset(&signals_, SIGHUP);
    sigaddset(&signals_, SIGCHLD);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int Signals::wait() const {
    int signal = 0;
    while (sigwait(&signals_, &signal) != 0) {
    }
    return signal;
}

std::optional<int> Signals::wait_for(Duration span) const {
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(span);
    const auto rest = std::chrono::duration_cast<std::chrono::nanoseconds>(span - seconds);
    const timespec timeout{seconds.count(), static_cast<long>(rest.count())};
    const int signal = sigtimedwait(&signals_, nullptr, &timeout);
    if (signal > 0) return signal;
    return std::nullopt;
}

runtime::Log early_log(std::optional<runtime::LogFormat> asked) {
    runtime::Log::Options options;
    options.format = asked.value_or(runtime::LogFormat::text);
    return runtime::Log::to_stderr(options);
}

runtime::Log configured_log(const runtime::LogConfig& config, std::optional<runtime::LogFormat> asked) {
    runtime::Log::Options options;
    options.level = config.level;
    options.format = asked.value_or(config.format);
    return runtime::Log::to_stderr(options);
}

runtime::Log watching_log(std::optional<runtime::LogFormat> asked) {
    runtime::Log::Options options;
    options.level = runtime::LogLevel::debug;
    options.format = asked.value_or(runtime::LogFormat::text);
    return runtime::Log::to_stderr(options);
}

void leave_no_core() {
    prctl(PR_SET_DUMPABLE, 0);
}

void keep_memory_small() {
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_TRIM_THRESHOLD, 256 * 1024);
}

int serve(const Signals& signals, const runtime::Log& log, const std::function<void()>& reload,
          const std::function<std::optional<Error>()>& broken) {
    sd_notify(0, "READY=1");
    int signal = signals.wait_for(start_is_over).value_or(0);
    for (;; signal = 0) {
        if (signal == 0) {
            give_back_memory();
            signal = signals.wait();
        }
        if (signal == SIGHUP) {
            reload_between_notices(reload);
        } else if (signal != SIGCHLD) {
            break;
        } else if (const auto why = broken()) {
            log.error(why->text);
            sd_notify(0, "STOPPING=1");
            return 1;
        }
    }
    log.info("stopping", {{"signal", signal}});
    sd_notify(0, "STOPPING=1");
    return 0;
}

void log_reload(const runtime::Log& log, const runtime::WrittenSettings& before,
                const runtime::WrittenSettings& after, const std::vector<std::string>& warnings) {
    for (const auto& warning : warnings)
        log.warning(warning);
    const auto changed = runtime::changed_settings(before, after, runtime::TakenUp::on_reload);
    log.info("the configuration was read again", {{"changed", fmt::format("{}", fmt::join(changed, ", "))}});
    const auto waiting = runtime::changed_settings(before, after, runtime::TakenUp::on_start);
    if (!waiting.empty())
        log.warning("these changed settings wait for the next start",
                    {{"settings", fmt::format("{}", fmt::join(waiting, ", "))}});
}

runtime::WrittenSettings in_force_after_reload(const runtime::WrittenSettings& before,
                                               runtime::WrittenSettings after) {
    std::erase_if(after, [](const auto& row) { return row.second.taken_up == runtime::TakenUp::on_start; });
    for (const auto& [path, setting] : before)
        if (setting.taken_up == runtime::TakenUp::on_start) after.emplace(path, setting);
    return after;
}

void log_refused_reload(const runtime::Log& log, const Error& error) {
    log.error("the configuration was not taken up: the settings before it stay in force",
              {{"error", error.text}});
}

}  // namespace garita::programs
