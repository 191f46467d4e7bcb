#pragma once
// What is said to a UDP port so that the service which is usual there answers.

#include <string_view>

#include "model/port_set.hpp"

namespace garita::udp_scan {

/// The datagram for this attempt: a service that speaks several dialects is asked in another one each time.
/// Empty where nothing is known. Questions are small, change nothing, and ask for small answers.
[[nodiscard]] std::string_view payload_for(Port port, unsigned attempt);

}  // namespace garita::udp_scan
