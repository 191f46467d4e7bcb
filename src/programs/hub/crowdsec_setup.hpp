#pragma once
// CrowdSec local APIs, as the hub's configuration says.

#include <memory>
#include <vector>

#include "adapters/crowdsec/poll.hpp"
#include "runtime/config/hub_config.hpp"

namespace garita::programs {

/// One a configured local API. Fails on a pin that is none. `store` outlives them.
[[nodiscard]] Result<std::vector<std::unique_ptr<crowdsec::Poll>>> make_crowdsec_polls(
    const runtime::HubConfig& config, store::Store& store);

}  // namespace garita::programs
