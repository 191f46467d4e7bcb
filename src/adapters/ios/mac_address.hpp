#pragma once
// MAC addresses as Cisco writes them.

#include <string>

#include "model/rule_class.hpp"

namespace garita::ios {

/// "aabb.ccdd.eeff".
[[nodiscard]] std::string dotted(const MacAddress& mac);

}  // namespace garita::ios
