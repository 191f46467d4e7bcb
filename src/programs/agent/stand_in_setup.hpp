#pragma once
// The worker that stands in for the hub, put among the agent's other parts.

#include <functional>
#include <memory>

#include "adapters/hub_link/agent_workers.hpp"
#include "decide/stand_in.hpp"
#include "enforce/protection_source.hpp"
#include "enforce/rule_inbox.hpp"
#include "programs/agent/standing_book.hpp"
#include "runtime/config/agent_config.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

/// All of it outlives the worker.
struct StandInPlace {
    store::AgentStore& store;
    const hub_link::HubSync& sync;
    StandingBook& standing;
    enforce::ProtectionSource& protection;
    enforce::RuleInbox& rules;
    std::function<void()> wake_reconciler;
    runtime::Log log;
};

[[nodiscard]] std::unique_ptr<decide::StandIn> make_stand_in(const StandInPlace& place,
                                                             const runtime::AgentConfig& config);

}  // namespace garita::programs
