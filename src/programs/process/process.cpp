#include "programs/process/process.hpp"

#include <malloc.h>

namespace garita::programs {

std::string_view version() { return GARITA_VERSION; }

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

}  // namespace garita::programs
