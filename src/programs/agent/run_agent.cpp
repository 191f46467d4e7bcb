#include "programs/agent/agent.hpp"
#include "programs/process/process.hpp"

namespace garita::programs {

int run_agent(const std::filesystem::path& config_file, std::optional<runtime::LogFormat> log_format,
              AgentWatch watch) {
    const auto watching = watch == AgentWatch::rules ? std::optional(watching_log(log_format)) : std::nullopt;
    const auto start = [&](const runtime::AgentConfig& config, const runtime::Log& log) {
        auto agent = Agent::start(config, log, watching);
        if (agent)
            log.info("the agent is running",
                     {{"version", version()}, {"name", config.name}, {"hub", config.hub}});
        return agent;
    };
    return run_program(config_file, log_format, runtime::load_agent_config, start);
}

}  // namespace garita::programs
