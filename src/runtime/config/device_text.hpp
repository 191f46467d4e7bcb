#pragma once
// The rules of one name on one device as a text of their own, for when the configuration does not name them
// any more.

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "runtime/config/device_config.hpp"

namespace garita::runtime {

/// One line.
[[nodiscard]] std::string device_text(const DeviceConfig& device, const DeviceClassConfig& rules);

/// The device with these rules alone. invalid: it is not what device_text of this version writes.
[[nodiscard]] Result<DeviceConfig> parse_device_text(std::string_view text);

}  // namespace garita::runtime
