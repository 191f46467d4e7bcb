#pragma once
// Names one store for ever, so that an agent notices when the hub came back with another (or an older) one.

#include <string>

#include "store/store.hpp"

namespace garita::hub_link {

/// Empty before ensure_store_identity.
[[nodiscard]] std::string store_identity(store::View& view);
/// Gives the store its name if it has none. Once at the hub's start.
[[nodiscard]] Result<void> ensure_store_identity(store::Store& store);

}  // namespace garita::hub_link
