#include "programs/process/process.hpp"

#include <malloc.h>

#include "runtime/memory/footprint.hpp"

namespace garita::programs {
namespace {

/// By then an agent has spoken with its hub for the first time, which touches most of what TLS is made of.
constexpr Duration start_is_over = std::chrono::seconds{5};

}  // namespace

std::string_view version() {
    return GARITA_VERSION;
}

StopSignal::StopSignal() {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, nullptr);
    std::signal(SIGPIPE, SIG_IGN);
}

int StopSignal::wait() const {
    int signal = 0;
    while (sigwait(&signals_, &signal) != 0) {
    }
    return signal;
}

std::optional<int> StopSignal::wait_for(Duration span) const {
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

void keep_memory_small() {
    mallopt(M_ARENA_MAX, 2);
    mallopt(M_TRIM_THRESHOLD, 256 * 1024);
}

int wait_with_little_memory(const StopSignal& stop) {
    if (const auto signal = stop.wait_for(start_is_over)) return *signal;
    malloc_trim(0);
    runtime::give_back_clean_pages();
    return stop.wait();
}

}  // namespace garita::programs
