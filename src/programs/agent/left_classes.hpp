#pragma once
// Rules that this host kept and that its file does not name any more: what they left in the kernel, or by
// programs, is removed by the parts of the agent that could make it.

#include <filesystem>
#include <memory>
#include <vector>

#include "programs/class_backends/left_class.hpp"
#include "runtime/config/agent_config.hpp"
#include "runtime/descriptor/descriptor.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

/// Remembered in a folder beside the agent's own that belongs to whoever starts the agent. What stands there
/// is carried out with privileges: the main part, which reads foreign bytes, can neither write it nor holds
/// it open.
class LeftClasses {
  public:
    /// Before the agent splits, and before it gives up anything. Where nothing can be remembered that is
    /// logged, and nothing is removed.
    [[nodiscard]] static LeftClasses open(const runtime::AgentConfig& config, Time now,
                                          const runtime::Log& log);

    /// Those that are kept by programs, or by netlink alone.
    enum class By { programs, netlink };
    [[nodiscard]] std::vector<LeftClass> of(By by) const;
    /// For what a part has to be allowed.
    [[nodiscard]] const std::vector<LeftClass>& all() const { return left_; }

    /// In one of the agent's parts: begins to remove those, in a thread that ends when none is left.
    void begin_removal(By by, const runtime::Log& log, BackendTraces traces) const;

  private:
    std::vector<LeftClass> left_;
    std::shared_ptr<runtime::Descriptor> memory_ =
        std::make_shared<runtime::Descriptor>();  ///< to be added to
};

}  // namespace garita::programs
