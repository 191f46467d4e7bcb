#pragma once
// The worker of one CrowdSec local API: asks for new alerts.

#include <chrono>
#include <optional>
#include <string>

#include "adapters/crowdsec/wire.hpp"
#include "model/worker.hpp"
#include "runtime/http/client.hpp"
#include "runtime/secret/secret.hpp"
#include "store/store.hpp"

namespace garita::crowdsec {

struct PollSettings {
    std::string name;  ///< as in the configuration
    runtime::http::ClientOptions server;
    std::string machine;
    runtime::Secret password;
    Duration interval = std::chrono::seconds{10};
};

/// Takes up what was told since the last poll, and some time before that again: the store knows alerts that
/// it has. The place is kept in the store, together with what came of it. At the very first start only what
/// is told from then on counts.
class Poll final : public Worker {
  public:
    /// The store outlives it.
    Poll(PollSettings settings, store::Store& store);

    [[nodiscard]] std::string_view name() const override { return name_; }
    Result<Duration> step(Time now) override;
    /// Any thread: ends a call that is under way.
    void cancel() { client_.cancel(); }

  private:
    [[nodiscard]] Result<Time> place(Time now);
    [[nodiscard]] Result<void> log_in();
    [[nodiscard]] Result<std::string> fetch(Duration since);
    [[nodiscard]] Result<void> keep(const std::vector<Alert>& alerts, Time now);

    PollSettings settings_;
    std::string name_;
    std::string place_key_;
    store::Store& store_;
    runtime::http::Client client_;
    std::string token_;  ///< of an hour or so; empty: not logged in
};

}  // namespace garita::crowdsec
