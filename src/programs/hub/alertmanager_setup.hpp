#pragma once
// Alertmanagers, as the hub's configuration says: where their notifications come in, and who makes silences.

#include <memory>
#include <vector>

#include "adapters/alertmanager/silencer.hpp"
#include "adapters/rest_api/api.hpp"
#include "runtime/config/hub_config.hpp"
#include "runtime/http/router.hpp"

namespace garita::programs {

/// POST /api/v1/sources/alertmanager, with `?source=NAME` where the configuration has several. The parts
/// outlive the router.
void add_alertmanager_route(runtime::http::Router& router, const rest_api::ApiParts& parts,
                            const runtime::HubConfig& config);

/// One a configured Alertmanager. Fails on a pin that is none. `store` outlives them.
[[nodiscard]] Result<std::vector<std::unique_ptr<alertmanager::Silencer>>> make_silencers(
    const runtime::HubConfig& config, store::Store& store);

}  // namespace garita::programs
