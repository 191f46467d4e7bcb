#pragma once
// The one-time code as people copy it: "ge1." and 68 characters. It names the hub's key too, so that the new
// agent speaks to no other hub, and a mistyped one is noticed before anything is sent.

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "runtime/secret/secret.hpp"
#include "runtime/tls/fingerprint.hpp"

namespace garita::hub_link {

struct EnrolmentTicket {
    runtime::Secret secret;         ///< base64url of 16 random bytes: what the hub is told
    runtime::tls::Fingerprint hub;  ///< its key
};

/// A fresh one for this hub.
[[nodiscard]] EnrolmentTicket make_ticket(const runtime::tls::Fingerprint& hub);
[[nodiscard]] std::string to_text(const EnrolmentTicket& ticket);
/// Whether the text claims to be such a code; others are codes of a configuration.
[[nodiscard]] bool looks_like_ticket(std::string_view text);
[[nodiscard]] Result<EnrolmentTicket> parse_ticket(std::string_view text);

/// What the hub keeps of a ticket's secret.
[[nodiscard]] std::string hash_of(std::string_view secret);

/// Letters, digits, '.', '_' and '-', beginning with a letter or digit, at most 64: what may stand in a
/// certificate, a log line and a command without a second thought.
[[nodiscard]] bool is_device_name(std::string_view name);

}  // namespace garita::hub_link
