#pragma once
// A second look before lines of the log go to another place: secrets are not written there, and registered
// ones are hidden (log.hpp); this hides what only looks like one.

#include <string>
#include <string_view>

namespace garita::runtime {

/// Bot tokens (digits, a colon, 20 or more characters of base64) and whatever stands behind "Authorization:",
/// "Bearer" or a name such as "password=" become ***.
[[nodiscard]] std::string hide_credentials(std::string_view line);

}  // namespace garita::runtime
