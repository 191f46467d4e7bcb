#pragma once
// Who a line of a log says it is from. Switches and relays write headers in many ways.

#include <string_view>

namespace garita::access {

struct EventHeader {
    std::string_view relayed;    ///< RFC 3164 or 5424
    std::string_view origin_id;  ///< Cisco's `logging origin-id`
};

/// Everything before the '%' of Cisco's message.
[[nodiscard]] EventHeader read_event_header(std::string_view text);

}  // namespace garita::access
