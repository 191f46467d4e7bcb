#pragma once
// Local time, for texts that people read. Everything else is UTC.

#include <string>

#include "model/time.hpp"

namespace garita::decide {

class TimeZone {
  public:
    virtual ~TimeZone() = default;
    /// "2026-11-22 09:08:25", by the zone's clock.
    [[nodiscard]] virtual std::string date_and_time(Time at) const = 0;
    /// "MSK", "+05": how the zone calls itself at that time.
    [[nodiscard]] virtual std::string abbreviation(Time at) const = 0;
};

}  // namespace garita::decide
