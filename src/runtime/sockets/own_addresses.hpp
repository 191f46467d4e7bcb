#pragma once
// Which addresses are this host's.

#include <unordered_set>

#include "model/ip.hpp"

namespace garita::runtime {

/// Of all interfaces, the loopback's too, as it is now. Empty where the kernel does not say.
[[nodiscard]] std::unordered_set<IpAddress> own_addresses();

}  // namespace garita::runtime
