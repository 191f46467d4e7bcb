#pragma once
// Spans of time as people write them, the way back from format_span of model/time.hpp.

#include <chrono>
#include <optional>
#include <string_view>

namespace garita {

/// "90s", "15m", "24h", "7d", "1h30m": each unit at most once, the larger first; at most a million days. No
/// bare numbers, no blanks.
[[nodiscard]] std::optional<std::chrono::seconds> parse_span(std::string_view text);

}  // namespace garita
