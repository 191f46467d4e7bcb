#pragma once
// Time is UTC with microseconds; zones exist only where a person reads or writes.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace garita {

using Duration = std::chrono::microseconds;
using Time = std::chrono::sys_time<Duration>;

/// Microseconds since 1970, as stores and wires carry a time.
[[nodiscard]] constexpr std::int64_t to_micros(Time t) {
    return t.time_since_epoch().count();
}
[[nodiscard]] constexpr Time from_micros(std::int64_t us) {
    return Time{Duration{us}};
}

/// "2026-11-22T06:08:25.123456Z"
[[nodiscard]] std::string to_iso8601(Time t);
/// What to_iso8601 writes, with or without decimals; nothing where it is anything else.
[[nodiscard]] std::optional<Time> parse_utc(std::string_view text);

/// "90s", "15m", "24h", "7d", "1h30m": as people write a span in settings and on the command line.
[[nodiscard]] std::string format_span(std::chrono::seconds span);

}  // namespace garita
