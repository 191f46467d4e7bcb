#pragma once
// What is wrong with the specification of open ports, in the hub's file and in the files that it names.

#include <vector>

#include "runtime/config/document.hpp"

namespace garita::programs {

/// With the file and line of each, whichever file it is in. None of a file that is wrong otherwise.
[[nodiscard]] std::vector<runtime::Problem> port_problems(const runtime::Document& document);

}  // namespace garita::programs
