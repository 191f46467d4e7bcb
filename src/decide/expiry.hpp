#pragma once
// Ends what has run out: rules, actions that were not begun in time, and rows that are over and old.

#include <optional>

#include "decide/desk_options.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::decide {

class Expiry final : public Worker {
  public:
    Expiry(store::Store& store, const DeskOptions& options) : store_(store), options_(options) {}

    [[nodiscard]] std::string_view name() const override { return "desk expiry"; }
    Result<Duration> step(Time now) override;
    /// A hundred thousand new rules wake it for each commit.
    [[nodiscard]] Duration rest() const override { return std::chrono::milliseconds{20}; }

  private:
    store::Store& store_;
    const DeskOptions& options_;
    std::optional<Time> pruned_at_;

    /// Returns whether there may be more to do at once.
    [[nodiscard]] Result<bool> end_what_ran_out(Time now);
    [[nodiscard]] Result<bool> prune(Time now);
};

}  // namespace garita::decide
