#pragma once
// The URL of a webhook. Its path and query are often a secret of their own (Slack, Discord, Teams), so no
// error shows them.

#include <cstdint>
#include <string>
#include <string_view>

#include "model/result.hpp"

namespace garita::runtime {

/// What may be sent readable by everybody on the way.
enum class Plain : std::uint8_t { loopback, anywhere };

struct WebhookUrl {
    std::string origin;  ///< "https://user:password@ntfy.example.org:8443"
    std::string host;    ///< without the brackets of an IPv6 address
    std::string target;  ///< path and query, begins with '/'
    std::string user;    ///< "user:password", as in the origin; empty: none
};

/// Fails with `invalid`: no URL, plain http to elsewhere, or a place that is never called
/// (model/forbidden_target.hpp).
[[nodiscard]] Result<WebhookUrl> parse_webhook_url(std::string_view text, Plain plain);

}  // namespace garita::runtime
