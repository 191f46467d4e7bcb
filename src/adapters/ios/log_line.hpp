#pragma once
// Log messages of the switch, which it may print into any output: "*Mar  1 00:00:00.000: %LINK-3-UPDOWN: …".

#include <string_view>

namespace garita::ios {

[[nodiscard]] bool is_log_line(std::string_view line);

}  // namespace garita::ios
