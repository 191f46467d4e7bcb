#pragma once
// What all connections to one SIEM have in common: whom to trust, which way, how long.

#include <string>

#include "adapters/maxpatrol/settings.hpp"
#include "runtime/http/client.hpp"

namespace garita::maxpatrol {

/// `most` bytes of an answer.
[[nodiscard]] inline runtime::http::ClientOptions connection_to(const std::string& url,
                                                                const Settings& settings, std::size_t most) {
    runtime::http::ClientOptions options;
    options.base_url = url;
    options.timeout = settings.timeout;
    options.ca_file = settings.ca;
    options.pin = settings.pin;
    options.proxy = settings.proxy;
    options.max_response = most;
    return options;
}

}  // namespace garita::maxpatrol
