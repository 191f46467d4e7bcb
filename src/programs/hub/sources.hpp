#pragma once
// Other systems whose alerts the hub takes: their workers, as one part of an office.

#include <memory>
#include <vector>

#include "adapters/alertmanager/silencer.hpp"
#include "adapters/crowdsec/bans.hpp"
#include "adapters/crowdsec/poll.hpp"
#include "adapters/rest_api/api.hpp"
#include "programs/hub/siems.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/http/router.hpp"
#include "runtime/worker/runner.hpp"

namespace garita::programs {

class Sources {
  public:
    /// Nothing runs yet. `store` outlives it.
    [[nodiscard]] static Result<std::unique_ptr<Sources>> make(const runtime::HubConfig& config,
                                                               store::Store& store);
    /// The parts outlive the router.
    static void add_routes(runtime::http::Router& router, const rest_api::ApiParts& parts,
                           const runtime::HubConfig& config);

    /// Starts the workers, which the group stops. Before the first heard().
    void open(runtime::WorkerGroup& workers);
    /// Wakes who waits for it. Not after the group was stopped.
    void heard(const store::Ring& ring);
    /// Any thread: ends calls that are under way.
    void cancel();

  private:
    Sources() = default;

    std::unique_ptr<Siems> siems_;
    std::vector<std::unique_ptr<alertmanager::Silencer>> silencers_;
    std::vector<std::unique_ptr<crowdsec::Poll>> crowdsec_polls_;
    std::vector<std::unique_ptr<crowdsec::Bans>> crowdsec_bans_;
    std::vector<runtime::WorkerThread*> wait_for_cases_;
    std::vector<runtime::WorkerThread*> wait_for_rules_;
};

}  // namespace garita::programs
