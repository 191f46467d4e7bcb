#include "programs/hub/hub.hpp"
#include "programs/process/process.hpp"

namespace garita::programs {

int run_hub(const std::filesystem::path& config_file, std::optional<runtime::LogFormat> log_format,
            Watch watch) {
    std::optional<runtime::Log> watching;
    if (watch == Watch::devices) {
        runtime::Log::Options options;
        options.level = runtime::LogLevel::debug;
        options.format = log_format.value_or(runtime::LogFormat::text);
        watching = runtime::Log::to_stderr(options);
    }
    const auto start = [&](const runtime::HubConfig& config, const runtime::Log& log) {
        auto hub = Hub::start(config, log, watching);
        if (hub)
            log.info("the hub is running", {{"version", version()},
                                            {"address", (*hub)->address()},
                                            {"pin", (*hub)->pin()},
                                            {"socket", config.socket.string()},
                                            {"agents", config.agents.size()}});
        return hub;
    };
    return run_program(config_file, log_format, runtime::load_hub_config, start);
}

}  // namespace garita::programs
