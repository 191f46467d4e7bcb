#pragma once
// `garita-agent enroll`: this host becomes an agent of a hub, by a one-time code.

#include <filesystem>
#include <optional>
#include <string>

#include "adapters/hub_link/enrolling.hpp"
#include "model/result.hpp"
#include "runtime/config/agent_config.hpp"

namespace garita::programs {

struct EnrolCommand {
    std::string hub;   ///< empty: of the configuration
    std::string code;  ///< "-": the first line of standard input
    std::filesystem::path config = "/etc/garita/agent.yml";
    std::filesystem::path state;  ///< empty: of the configuration, or the default
};

/// What the configuration says about enrolling; its code may be missing.
[[nodiscard]] Result<hub_link::EnrolmentTask> enrolment_task(const runtime::AgentConfig& config);

/// Returns the exit code: 0 enrolled, 1 the hub did not answer or a file cannot be written (try again), 2
/// wrong use or configuration, 3 the hub refuses, or is not the hub that gave the code.
int run_enroll(const EnrolCommand& command);

}  // namespace garita::programs
