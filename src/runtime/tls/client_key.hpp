#pragma once
// The agent's side of a certificate: its key, made where it is used and never sent, and the request for it.

#include <string>

#include "model/result.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime::tls {

/// A new EC P-256 key, as PEM.
[[nodiscard]] Result<Secret> make_client_key();
/// A request in PEM, signed by the key. `name` may be empty: whoever certifies decides on the name.
[[nodiscard]] Result<std::string> make_certificate_request(const Secret& key, const std::string& name);

}  // namespace garita::runtime::tls
