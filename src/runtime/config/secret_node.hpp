#pragma once
// A secret as it stands in the tree.

#include "runtime/config/settings.hpp"
#include "runtime/secret/secret_source.hpp"

namespace garita::runtime {

/// Where a checked node says its secret is.
[[nodiscard]] SecretSource secret_source(const Node& node);

[[nodiscard]] bool long_enough(const Setting& setting, const Secret& secret);

}  // namespace garita::runtime
