#pragma once
// The agent's watch over the hub's audit trail: keeps what the hub says is its newest row, and raises an
// alert when the hub later says something that cannot be true beside it.

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/alert.hpp"
#include "store/agent_store.hpp"

namespace garita::hub_link {

class AuditWatch {
  public:
    using Raise = std::function<Result<void>(const Alert&)>;  ///< the alert is durable when it returns
    /// The store outlives it. One thread at a time.
    AuditWatch(store::AgentStore& store, std::string device, Raise raise);

    /// What the hub says now. A contradiction is an alert of kind `audit_broken`; what was kept before stays,
    /// and what the hub says from now on is kept beside it.
    [[nodiscard]] Result<void> take(const std::string& store_id, const AuditHead& told, Time now);

    enum class Extent {
        newest,     ///< one
        selection,  ///< the last ones and some of all times before
    };
    /// What this agent has kept of that store's trail, oldest first.
    [[nodiscard]] Result<std::vector<AuditHead>> kept(const std::string& store_id, Extent extent);

  private:
    [[nodiscard]] Result<void> load();

    store::AgentStore& store_;
    std::string device_;
    Raise raise_;
    bool loaded_ = false;
    std::optional<store::HeldHead> newest_;
};

}  // namespace garita::hub_link
