#pragma once
// The part of the agent that acts on this host, behind the host's own limits: the firewall, other people's
// connections and processes, restarts. All that needs privileges is in here.

#include <memory>

#include "adapters/enforcer_link/class_link.hpp"
#include "adapters/linux_host/connection_cutter.hpp"
#include "adapters/linux_host/host_control.hpp"
#include "adapters/linux_host/local_network.hpp"
#include "adapters/linux_host/process_table.hpp"
#include "adapters/nftables/nftables_backend.hpp"
#include "enforce/guarded_backend.hpp"
#include "enforce/guarded_host.hpp"
#include "programs/class_backends/class_backends.hpp"
#include "programs/class_backends/rule_trace.hpp"
#include "runtime/config/agent_config.hpp"

namespace garita::programs {

[[nodiscard]] enforce::Ceiling ceiling_of(const runtime::AllowConfig& config);

class EnforcingPart {
  public:
    /// Its limits come from this configuration alone.
    [[nodiscard]] static Result<std::unique_ptr<EnforcingPart>> open(const runtime::AgentConfig& config,
                                                                     const RuleTrace& trace);

    /// Null: this agent only watches.
    [[nodiscard]] enforce::RuleBackend* rules() { return guarded_firewall_.get(); }
    [[nodiscard]] enforce::HostControl& host() { return guarded_host_; }
    /// For the detectors.
    [[nodiscard]] detect::ProcessTable& processes() { return processes_; }
    /// Another view of the same, for the worker that tells the hub who is logged in.
    [[nodiscard]] detect::ProcessTable& logins() { return logins_; }
    /// Classes of rules, in the order of the configuration.
    [[nodiscard]] const std::vector<enforcer_link::ServedClass>& classes() const { return classes_; }

  private:
    EnforcingPart(const runtime::AgentConfig& config, const RuleTrace& trace);
    void open_classes();

    linux_host::LocalNetworks local_;
    enforce::HostProtection protection_;
    linux_host::ConnectionCutter cutter_;
    linux_host::HostControl host_;
    enforce::GuardedHost guarded_host_;
    linux_host::ProcessTable processes_;
    linux_host::ProcessTable logins_;
    std::unique_ptr<nftables::NftablesBackend> firewall_;
    std::unique_ptr<enforce::GuardedBackend> guarded_firewall_;
    runtime::DeviceConfig device_;  ///< this host
    ClassBackends backends_;
    std::vector<enforcer_link::ServedClass> classes_;
};

}  // namespace garita::programs
