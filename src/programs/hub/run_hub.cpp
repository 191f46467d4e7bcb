#include "programs/hub/hub.hpp"
#include "programs/process/process.hpp"

namespace garita::programs {

int run_hub(const std::filesystem::path& config_file, std::optional<runtime::LogFormat> log_format,
            Watch watch) {
    const auto watching = watch == Watch::devices ? std::optional(watching_log(log_format)) : std::nullopt;
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
