#pragma once
// What looking from agents stands on at the hub.

#include "adapters/hub_link/scan_desk.hpp"
#include "programs/ports/agent_eyes.hpp"
#include "store/store.hpp"

namespace garita::programs {

/// `store` outlives what is made of it.
[[nodiscard]] hub_link::ScanDesk::World scan_world(store::Store& store,
                                                   std::function<void(const std::string&)> wake);

/// For the hub's own looks. `desk` outlives what is found.
[[nodiscard]] FindVantage find_vantage(hub_link::ScanDesk& desk);

}  // namespace garita::programs
