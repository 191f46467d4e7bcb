#pragma once
// What the configuration of a class says beyond its settings.

#include <initializer_list>
#include <string>
#include <string_view>

#include "model/result.hpp"
#include "runtime/config/device_config.hpp"

namespace garita::programs {

/// Empty: it is not said.
[[nodiscard]] inline std::string option(const runtime::DeviceClassConfig& config, std::string_view name) {
    const auto found = config.options.find(name);
    return found == config.options.end() ? std::string() : found->second;
}

[[nodiscard]] inline tl::unexpected<Error> refuse(const runtime::DeviceClassConfig& config,
                                                  const std::string& why) {
    return fail(ErrorCode::invalid, "rules " + config.name() + ": " + why);
}

/// Refuses options other than these and those of every backend.
[[nodiscard]] Result<void> only_known(const runtime::DeviceClassConfig& config,
                                      std::initializer_list<std::string_view> known);

}  // namespace garita::programs
