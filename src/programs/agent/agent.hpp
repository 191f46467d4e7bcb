#pragma once
// The agent's graph of objects: sensors, spool, reconciler, action runner, and the link to the hub.

#include <filesystem>
#include <memory>
#include <optional>

#include "model/result.hpp"
#include "runtime/config/agent_config.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

class Agent {
  public:
    /// Splits this process in two and gives its privileges up: once, and before any thread. `watching` is
    /// told all that is done here for rules.
    [[nodiscard]] static Result<std::unique_ptr<Agent>> start(const runtime::AgentConfig& config,
                                                              const runtime::Log& log,
                                                              const std::optional<runtime::Log>& watching);
    ~Agent();  ///< stops everything; takes its table out of the firewall unless the configuration says to
               ///< keep it
    /// Takes up the detectors; what the table of settings marks as taken up at a start stays as it
    /// is. On an error all stays as it was.
    [[nodiscard]] Result<void> reload(const runtime::AgentConfig& config);
    /// The enforcing part has ended: nothing can be done here any more. Blocks stay in force.
    [[nodiscard]] std::optional<Error> broken() const;
    Agent(const Agent&) = delete;
    Agent& operator=(const Agent&) = delete;

  private:
    class Parts;
    explicit Agent(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
    runtime::WrittenSettings in_force_;
};

/// `garita-agent --config FILE`: runs until SIGINT or SIGTERM. Returns the exit code. `log_format`: what the
/// command line asks for, before the configuration.
enum class AgentWatch {
    nothing,
    rules
};  ///< rules: all that is done for them on this host goes to standard error
int run_agent(const std::filesystem::path& config_file, std::optional<runtime::LogFormat> log_format,
              AgentWatch watch);

}  // namespace garita::programs
