#pragma once
// The agent's enforcing part in a process of its own, with the few privileges that it takes; and this side's
// way to it.

#include <atomic>
#include <memory>

#include <sys/types.h>

#include "adapters/enforcer_link/class_link.hpp"
#include "programs/agent/class_programs.hpp"
#include "runtime/config/agent_config.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

class EnforcerProcess {
  public:
    /// Forks; there must be no other thread yet. The new process has its limits from this configuration, as
    /// it is before a foreign byte was read. `watching` is told all that is sent to the host's kernel and
    /// programs for rules.
    [[nodiscard]] static Result<std::unique_ptr<EnforcerProcess>> start(
        const runtime::AgentConfig& config, const runtime::Log& log,
        const std::optional<runtime::Log>& watching = std::nullopt);
    /// An error is why it could not begin to serve. Before anything else is asked.
    [[nodiscard]] Result<void> wait_until_ready();
    /// Closes the channels: the other process ends. Blocks stay in the kernel.
    ~EnforcerProcess();
    EnforcerProcess(const EnforcerProcess&) = delete;
    EnforcerProcess& operator=(const EnforcerProcess&) = delete;

    /// Null: this agent only watches.
    [[nodiscard]] enforce::RuleBackend* rules() { return has_firewall_ ? &rules_ : nullptr; }
    [[nodiscard]] enforce::HostControl& host() { return host_; }
    /// For the detectors.
    [[nodiscard]] detect::ProcessTable& processes() { return processes_; }
    /// The same for the worker that tells the hub who is logged in.
    [[nodiscard]] detect::ProcessTable& logins() { return logins_; }
    /// Of a class of rules that the configuration names, here or in the part that runs programs. The error
    /// says why it cannot be kept. Lives as long as this.
    [[nodiscard]] Result<enforce::ClassBackend*> class_backend(const std::string& rules);

    /// For shutdown: a call for rules of classes that may take long fails.
    void interrupt();

    [[nodiscard]] pid_t pid() const { return pid_; }
    /// Whether it has ended, or makes no sense any more. It becomes so with a SIGCHLD to this process.
    [[nodiscard]] bool lost();

  private:
    /// A channel for each that calls from a thread of its own: a restart that takes logind long delays no
    /// block.
    struct Ends {
        enforcer_link::Channel rules;
        enforcer_link::Channel host;
        enforcer_link::Channel processes;
        enforcer_link::Channel logins;
        enforcer_link::Channel classes;
    };
    EnforcerProcess(pid_t pid, Ends ends, std::vector<std::string> classes);
    [[nodiscard]] static Result<std::pair<Ends, Ends>> make_ends();
    void lose();
    [[noreturn]] static void be_the_enforcer(const runtime::AgentConfig& config, const LeftClasses& left,
                                             const RuleTrace& trace, const runtime::Log& log, Ends ends);

    pid_t pid_;
    std::atomic<bool> lost_ = false;
    bool has_firewall_ = false;
    enforcer_link::Caller rules_caller_;
    enforcer_link::Caller host_caller_;
    enforcer_link::Caller processes_caller_;
    enforcer_link::Caller logins_caller_;
    enforcer_link::Caller classes_caller_;
    enforcer_link::RuleClient rules_{rules_caller_};
    enforcer_link::HostClient host_{host_caller_};
    enforcer_link::ProcessClient processes_{processes_caller_};
    enforcer_link::ProcessClient logins_{logins_caller_};
    enforcer_link::ClassDirectory classes_;
    std::unique_ptr<ClassPrograms> programs_;  ///< none: no class needs any
};

}  // namespace garita::programs
