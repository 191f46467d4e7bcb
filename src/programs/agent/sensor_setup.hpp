#pragma once
// Which sensors the configuration asks for. A new detector is one function here.

#include <memory>
#include <vector>

#include "adapters/linux_host/cpu_times.hpp"
#include "detect/process_table.hpp"
#include "detect/sensor.hpp"
#include "runtime/config/agent_config.hpp"

namespace garita::programs {

/// What detectors look at, besides logs. Outlives the sensors.
struct Surroundings {
    detect::ProcessTable& processes;
    linux_host::CpuSource processor{};
};

/// The spool outlives the sensors; it tells where each log was read to.
[[nodiscard]] Result<std::vector<std::unique_ptr<detect::Sensor>>> make_sensors(
    const runtime::AgentConfig& config, Surroundings& surroundings, detect::AlertSpool& spool, Time now);

}  // namespace garita::programs
