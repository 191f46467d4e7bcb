#pragma once
// The system's time zone data behind access::LocalClock.

#include <memory>
#include <string_view>

#include "access/working_hours.hpp"
#include "model/result.hpp"

namespace garita::zoneinfo {

/// "Europe/Madrid", "UTC"; fails with `not_found` for a name that this system does not know.
[[nodiscard]] Result<std::shared_ptr<const access::LocalClock>> find_clock(std::string_view name);

}  // namespace garita::zoneinfo
