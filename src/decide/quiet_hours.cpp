#include "decide/quiet_hours.hpp"

namespace garita::decide {

namespace {

using std::chrono::days;
using std::chrono::minutes;

constexpr days longest{8};

}  // namespace

bool QuietHours::cover(Time at) const {
    if (from == to) return false;
    const auto local = at + (offset ? Duration{offset(at)} : Duration{0});
    const auto day = std::chrono::floor<std::chrono::days>(local);
    const auto begins_on = [&](std::chrono::sys_days date) {
        return days.at(std::chrono::weekday{date}.iso_encoding() - 1);
    };
    const auto of_day = local - Time{day};
    if (from < to) return of_day >= from && of_day < to && begins_on(day);
    return (of_day >= from && begins_on(day)) || (of_day < to && begins_on(day - std::chrono::days{1}));
}

/// Minute by minute: whatever the zone's clock does meanwhile is in `cover`, and zones change at whole
/// minutes.
std::optional<Time> QuietHours::end_after(Time at) const {
    if (!cover(at)) return std::nullopt;
    auto end = std::chrono::floor<minutes>(at) + minutes{1};
    while (cover(end) && end < at + longest)
        end += minutes{1};
    return end;
}

}  // namespace garita::decide
