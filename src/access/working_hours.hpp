#pragma once
// When somebody is at work: deadlines count this time only.

#include <array>
#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <vector>

#include "model/time.hpp"

namespace garita::access {

/// A zone's clock, with its changes.
class LocalClock {
  public:
    virtual ~LocalClock() = default;
    /// East of Greenwich at that moment.
    [[nodiscard]] virtual std::chrono::seconds offset(Time at) const = 0;
};

struct WorkingHours {
    std::shared_ptr<const LocalClock> clock;  ///< nothing: UTC
    /// From Monday; minutes of the day, from the first to before the second. Empty: no work on that day. All
    /// days 0 to 1440: always at work.
    struct Span {
        std::chrono::minutes from{0};
        std::chrono::minutes to{1440};
    };
    std::array<std::vector<Span>, 7> days{
        {{Span{}}, {Span{}}, {Span{}}, {Span{}}, {Span{}}, {Span{}}, {Span{}}}};
    std::set<std::chrono::year_month_day> holidays;

    [[nodiscard]] bool holds(Time at) const;
    /// When so much working time will have passed; nothing: never within five years.
    [[nodiscard]] std::optional<Time> after(Time from, Duration work) const;
};

}  // namespace garita::access
