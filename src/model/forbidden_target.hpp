#pragma once
// Where no message may ever be sent, whatever a configuration or a name server says.

#include "model/ip.hpp"

namespace garita {

/// Link-local addresses (169.254.0.0/16, fe80::/10) and those at which clouds hand a machine its own keys. A
/// program that calls an address for somebody else must not be talked into calling these.
[[nodiscard]] bool is_forbidden_target(const IpAddress& address);

}  // namespace garita
