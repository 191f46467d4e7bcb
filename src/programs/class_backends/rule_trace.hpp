#pragma once
// What is sent to devices, told to a log file of its own and to whoever watches the hub in the foreground.

#include <memory>
#include <optional>
#include <vector>

#include "programs/class_backends/class_backends.hpp"
#include "runtime/config/device_config.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

class RuleTrace {
  public:
    /// `watching`: is told everything. The error names the file that cannot be written.
    [[nodiscard]] static Result<RuleTrace> open(const runtime::RulesLogConfig& config,
                                                const std::optional<runtime::Log>& watching);

    /// For the backends of one device; empty where nobody listens.
    [[nodiscard]] BackendTraces of(const std::string& device) const;

  private:
    std::vector<runtime::Log> logs_;
};

}  // namespace garita::programs
