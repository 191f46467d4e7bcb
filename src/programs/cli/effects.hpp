#pragma once
// What has become of a decision on the devices.

#include <chrono>

#include "programs/cli/hub_connection.hpp"
#include "programs/cli/hub_documents.hpp"

namespace garita::programs {

/// Waits until every effect has its result, so that what is printed is what really happened; as it stands
/// when that takes too long.
[[nodiscard]] Result<ShownCase> wait_for_effects(HubConnection& hub, std::int64_t id,
                                                 std::chrono::milliseconds longest);

/// Whether its block waits for somebody to confirm it, and some device may have it in force.
[[nodiscard]] bool can_be_confirmed(const ShownCase& shown);

}  // namespace garita::programs
