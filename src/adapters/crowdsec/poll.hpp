#pragma once
// The worker of one CrowdSec local API: asks for new alerts.

#include <chrono>
#include <string>

#include "adapters/crowdsec/lapi.hpp"
#include "adapters/crowdsec/wire.hpp"
#include "model/worker.hpp"
#include "store/store.hpp"

namespace garita::crowdsec {

/// Takes up what was told since the last poll, and some time before that again: the store knows alerts that
/// it has. The place is kept in the store, together with what came of it. At the very first start only what
/// is told from then on counts.
class Poll final : public Worker {
  public:
    /// The store outlives it.
    Poll(LapiSettings lapi, Duration interval, store::Store& store);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;
    /// Any thread: ends a call that is under way.
    void cancel() { lapi_.cancel(); }

  private:
    [[nodiscard]] Result<Time> place(Time now);
    [[nodiscard]] Result<void> keep(const std::vector<Alert>& alerts, Time now);

    Lapi lapi_;
    Duration interval_;
    std::string name_;
    std::string place_key_;
    store::Store& store_;
};

}  // namespace garita::crowdsec
