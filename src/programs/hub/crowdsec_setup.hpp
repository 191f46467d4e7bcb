#pragma once
// CrowdSec local APIs, as the hub's configuration says.

#include <memory>
#include <vector>

#include "adapters/crowdsec/bans.hpp"
#include "adapters/crowdsec/poll.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::programs {

/// One a configured local API. Fails on a pin that is none. `store` outlives them.
[[nodiscard]] Result<std::vector<std::unique_ptr<crowdsec::Poll>>> make_crowdsec_polls(
    const runtime::HubConfig& config, store::Store& store);

/// One a local API that enforces the hub's blocks; devices of the others give and get nothing from now on.
[[nodiscard]] Result<std::vector<std::unique_ptr<crowdsec::Bans>>> make_crowdsec_bans(
    const runtime::HubConfig& config, store::Store& store);

}  // namespace garita::programs
