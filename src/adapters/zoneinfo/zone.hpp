#pragma once
// The system's time zone data behind decide::TimeZone.

#include <memory>
#include <string>
#include <string_view>

#include "decide/time_zone.hpp"
#include "model/result.hpp"

namespace garita::zoneinfo {

/// "Europe/Madrid", "UTC"; fails with `not_found` for a name that this system does not know.
[[nodiscard]] Result<std::shared_ptr<const decide::TimeZone>> find_zone(std::string_view name);

/// Of the terminal: $TZ where it names one, the system's otherwise, UTC where that is unknown.
[[nodiscard]] std::shared_ptr<const decide::TimeZone> local_zone();

}  // namespace garita::zoneinfo
