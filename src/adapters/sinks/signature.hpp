#pragma once
// Signatures as Standard Webhooks has them (www.standardwebhooks.com): who knows the secret can tell that a
// request is ours, whole and fresh.

#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::sinks {

/// The key of a secret: what "whsec_" stands before is base64, all else is the key as it is. Fails with
/// `invalid` where it is not base64.
[[nodiscard]] Result<runtime::Secret> signing_key(const runtime::Secret& secret);

/// The value of the header field webhook-signature: "v1," and base64 for each key, with spaces between.
[[nodiscard]] std::string signatures(const std::vector<runtime::Secret>& keys, std::string_view id,
                                     std::int64_t timestamp, std::string_view body);

}  // namespace garita::sinks
