#pragma once
// Stands in for the hub on an agent while the hub is out of reach: alerts that wait are decided on by the
// standing policies, written down, and only then enforced.

#include <functional>
#include <optional>

#include "decide/standing.hpp"
#include "model/worker.hpp"

namespace garita::decide {

class StandIn final : public Worker {
  public:
    /// All of it outlives the worker.
    struct World {
        store::AgentStore& store;
        /// Since when the hub has not been reached; nothing: it is there.
        std::function<std::optional<Time>()> away_since;
        /// As the hub last gave it; nothing: this agent decides nothing by itself.
        std::function<std::optional<Standing>()> standing;
        /// Whether this host lets itself block the network: its own ceiling, and what it protects.
        std::function<bool(const IpNetwork&)> may_block;
        /// A decision is on disk: enforce it.
        std::function<void(const Alert&, const DecidedAlone&)> decided;
    };
    /// `patience`: how long the hub has to be away.
    StandIn(World world, Duration patience) : world_(std::move(world)), patience_(patience) {}

    [[nodiscard]] std::string_view name() const override { return "stand-in"; }
    /// To be woken by each new alert and by a new standing; the hub's absence it finds out by itself.
    Result<Duration> step(Time now) override;

  private:
    World world_;
    Duration patience_;
    AlertId looked_at_;  ///< those before have been decided on, or left to the hub
};

}  // namespace garita::decide
