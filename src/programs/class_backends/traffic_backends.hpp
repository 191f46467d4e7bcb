#pragma once
// Speeds of subscribers: from the configuration's words to what limits them in this machine's kernel.

#include "adapters/limiter/limiter_backend.hpp"
#include "adapters/tc/tc_backend.hpp"
#include "runtime/config/device_config.hpp"

namespace garita::programs {

/// The error names the setting.
[[nodiscard]] Result<limiter::Settings> limiter_settings(const runtime::DeviceClassConfig& config);
[[nodiscard]] Result<tc::Settings> tc_settings(const runtime::DeviceClassConfig& config);

}  // namespace garita::programs
