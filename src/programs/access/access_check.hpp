#pragma once
// What is wrong with the switches of the hub's file and of its inventory.

#include <vector>

#include "model/result.hpp"
#include "runtime/config/access_config.hpp"
#include "runtime/config/document.hpp"

namespace garita::programs {

/// With the file and line of each, whichever file it is in. None of a file that is wrong otherwise.
[[nodiscard]] std::vector<runtime::Problem> access_problems(const runtime::Document& document);

/// What the settings alone cannot tell: ports that there are not. A line for each.
[[nodiscard]] Result<void> check_switches(const std::vector<runtime::SwitchConfig>& switches);

}  // namespace garita::programs
