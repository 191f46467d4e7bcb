#pragma once
// Classes of rules that are kept by running programs (command, iptables, ipfw), in a process of their own:
// the enforcing part can start none, and stays so.

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <sys/types.h>

#include "adapters/enforcer_link/class_link.hpp"
#include "programs/agent/left_classes.hpp"
#include "programs/class_backends/rule_trace.hpp"
#include "runtime/config/agent_config.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

class ClassPrograms {
  public:
    /// Forks; there must be no other thread yet. What may be run is what this configuration says, as it is
    /// before a foreign byte was read, and for what it does not name any more. Null where there is neither.
    [[nodiscard]] static Result<std::unique_ptr<ClassPrograms>> start(const runtime::AgentConfig& config,
                                                                      const LeftClasses& left,
                                                                      const RuleTrace& trace,
                                                                      const runtime::Log& log);
    /// Closes the channel: the other process ends. What it did stays.
    ~ClassPrograms();
    ClassPrograms(const ClassPrograms&) = delete;
    ClassPrograms& operator=(const ClassPrograms&) = delete;

    /// Before anything else is asked.
    [[nodiscard]] Result<void> wait_until_ready();
    /// Null: it is not one of those. The error says why it cannot be kept. Lives as long as this.
    [[nodiscard]] Result<enforce::ClassBackend*> class_backend(const std::string& rules);
    /// In another child of this process: it is not its.
    void abandon();
    /// For shutdown: whatever call is running fails. A program that runs is not hindered.
    void interrupt();
    /// Whether it has ended. It becomes so with a SIGCHLD to this process.
    [[nodiscard]] bool lost();

  private:
    ClassPrograms(pid_t pid, enforcer_link::Channel channel, std::vector<std::string> names);
    [[noreturn]] static void be_the_programs(const runtime::AgentConfig& config, const LeftClasses& left,
                                             const RuleTrace& trace, const runtime::Log& log,
                                             enforcer_link::Channel channel);

    pid_t pid_;
    std::atomic<bool> lost_ = false;
    enforcer_link::Caller caller_;
    enforcer_link::ClassDirectory classes_;
};

}  // namespace garita::programs
