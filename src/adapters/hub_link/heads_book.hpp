#pragma once
// What agents have said they keep of this hub's audit trail. In memory, because whoever edits the store would
// edit it there too; the newest of each agent is in the store as well, for agents that are away.

#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "model/audit_proof.hpp"
#include "store/store.hpp"

namespace garita::hub_link {

/// Any thread.
class HeadsBook {
  public:
    /// What the agent said before the last restart, unless it has spoken since.
    void load(store::View& view, const std::string& agent);
    void note(const std::string& agent, const std::vector<AuditHead>& heads, Time now);
    /// Writes this agent's newest head.
    void save(store::Transaction& tx, const std::string& agent) const;
    [[nodiscard]] std::vector<AgentHeads> all() const;  ///< by agent

  private:
    static constexpr std::size_t most = 1024;  ///< heads of one agent
    mutable std::mutex mutex_;
    std::map<std::string, AgentHeads> agents_;
};

}  // namespace garita::hub_link
