#pragma once
// Alerts become cases: joined to the open case about the same thing, recorded where nobody need be asked, or
// a new question; under an automatic policy filed and decided in one transaction.

#include <cstddef>

#include "decide/clerk.hpp"
#include "decide/desk_options.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::decide {

class Filing final : public Worker {
  public:
    /// Store and options outlive it.
    Filing(store::Store& store, const DeskOptions& options);

    [[nodiscard]] std::string_view name() const override { return "desk filing"; }
    /// One bounded batch in one transaction, so that a flood of fifty thousand subjects delays answers by
    /// one batch at most. After a failure the batches are smaller, until one alert stands alone.
    Result<Duration> step(Time now) override;
    /// In a flood more alerts at once, and fewer commits between those that take alerts in.
    [[nodiscard]] Duration rest() const override;

  private:
    store::Store& store_;
    const DeskOptions& options_;
    FilingMemory memory_;
    std::size_t batch_;
    std::size_t filed_ = 0;  ///< by the last step
};

}  // namespace garita::decide
