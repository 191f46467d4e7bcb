#pragma once
// Ports as administrators list them.

#include <string_view>
#include <vector>

#include "access/port_name.hpp"
#include "model/result.hpp"

namespace garita::access {

/// "Gi1/0/24", "Te1/1/1-4", "Fa0/1 - 24": a range counts the last number, up to 1000 ports. invalid: it is no
/// port, or goes backwards.
[[nodiscard]] Result<std::vector<PortName>> parse_port_range(std::string_view text);

}  // namespace garita::access
