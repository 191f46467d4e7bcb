#pragma once
// Ends rules of configured classes whose time is over, and takes away what is gone and old.

#include <optional>

#include "model/worker.hpp"
#include "store/device_rules.hpp"

namespace garita::decide {

class RuleUpkeep final : public Worker {
  public:
    /// `history`: how long it is kept; nothing: for ever. The store outlives it.
    RuleUpkeep(store::DeviceRules& rules, std::optional<Duration> history)
        : rules_(rules), history_(history) {}

    [[nodiscard]] std::string_view name() const override { return "rule upkeep"; }
    Result<Duration> step(Time now) override;
    /// Many changes wake it; few of them have an end.
    [[nodiscard]] Duration rest() const override { return std::chrono::milliseconds{200}; }

  private:
    store::DeviceRules& rules_;
    std::optional<Duration> history_;
    std::optional<Time> pruned_at_;
};

}  // namespace garita::decide
