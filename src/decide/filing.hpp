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
    /// The same within the transaction that brought the alerts, for a store that can do this
    /// (Store::before_commit): the steps then find only what is left. Not during another write.
    Result<void> file_with_cause(store::Transaction& transaction, Time now);
    /// In a flood more alerts at once, and fewer commits between those that take alerts in.
    [[nodiscard]] Duration rest() const override;

  private:
    store::Store& store_;
    const DeskOptions& options_;
    FilingMemory memory_;  ///< touched within writes only, of which there is one at a time
    std::size_t batch_;
    bool more_ = false;  ///< the last step left something

    std::size_t file_some(store::Transaction& transaction, const std::vector<ProtectedNetwork>& hub,
                          std::size_t limit, Time now);
};

}  // namespace garita::decide
