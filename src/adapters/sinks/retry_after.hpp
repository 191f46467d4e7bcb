#pragma once
// The field Retry-After of an HTTP answer (RFC 9110, 10.2.3).

#include <optional>
#include <string_view>

#include "model/time.hpp"

namespace garita::sinks {

/// "120" or "Wed, 21 Oct 2026 07:28:00 GMT", as a span from now; nothing for all else. Never negative.
[[nodiscard]] std::optional<Duration> parse_retry_after(std::string_view text, Time now);

}  // namespace garita::sinks
