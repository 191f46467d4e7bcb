#pragma once
// How the hub calls another system that is a source of alerts.

#include "runtime/http/client.hpp"
#include "runtime/tls/fingerprint.hpp"

namespace garita::programs {

/// Of a configured source: it has url, ca, pin and timeout. Fails on a pin that is none.
template <typename Source>
[[nodiscard]] Result<runtime::http::ClientOptions> source_client(const Source& source) {
    runtime::http::ClientOptions options;
    options.base_url = source.url;
    options.ca_file = source.ca;
    options.timeout = source.timeout;
    if (source.pin.empty()) return options;
    auto pin = runtime::tls::parse_fingerprint(source.pin);
    if (!pin) return tl::unexpected(pin.error());
    options.pin = *pin;
    return options;
}

}  // namespace garita::programs
