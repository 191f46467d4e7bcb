#pragma once
// What of the configured rules no backend can carry out, found without touching a device.

#include <vector>

#include "runtime/config/device_config.hpp"
#include "runtime/config/document.hpp"

namespace garita::programs {

/// invalid: its backend cannot carry these rules out; the text says what, and what it can.
[[nodiscard]] Result<void> can_carry_out(const runtime::DeviceConfig& device,
                                         const runtime::DeviceClassConfig& config);

/// Of all devices of a hub's file, which has to be fine so far; nothing of an agent's.
[[nodiscard]] std::vector<runtime::Problem> class_problems(const runtime::Document& document);

}  // namespace garita::programs
