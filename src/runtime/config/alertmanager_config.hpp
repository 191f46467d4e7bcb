#pragma once
// What a hub's file says of an Alertmanager that it silences alerts in, as plain values.

#include <chrono>
#include <string>

#include "runtime/secret/secret.hpp"

namespace garita::runtime {

struct AlertmanagerConfig {
    std::string url;  ///< without a slash at its end
    Secret token;     ///< empty: none
    std::string user;
    Secret password;
    std::string ca;   ///< file; empty: the system's authorities
    std::string pin;  ///< "sha256:…"; empty: an authority decides
    std::chrono::seconds mute_for = std::chrono::hours{24};
    std::chrono::seconds timeout{10};
};

}  // namespace garita::runtime
