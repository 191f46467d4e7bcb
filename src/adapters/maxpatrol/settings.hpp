#pragma once
// How one MaxPatrol SIEM 10 is reached, and as whom.

#include <chrono>
#include <optional>
#include <string>

#include "runtime/secret/secret.hpp"
#include "runtime/tls/fingerprint.hpp"

namespace garita::maxpatrol {

struct Settings {
    std::string name;       ///< "maxpatrol.soc"
    std::string url;        ///< "https://siem.example.org", without a slash at its end
    std::string login_url;  ///< "https://siem.example.org:3334"
    std::string link_url;   ///< what people open; usually the same as `url`

    // One of three ways to log in: a personal access token, a refresh token, or user and password.
    runtime::Secret access_token;
    runtime::Secret refresh_token;
    std::string user;
    runtime::Secret password;

    std::string client_id = "mpx";
    runtime::Secret client_secret;
    std::string scope = "authorization offline_access mpx.api ptkb.api";
    std::string response_type = "code id_token";
    std::string amr;  ///< "ldap" for accounts of a directory; empty: none is sent

    std::string ca;  ///< file in PEM; empty: the system's authorities
    std::optional<runtime::tls::Fingerprint> pin;
    std::string proxy;
    std::chrono::seconds timeout{30};  ///< of one request
};

}  // namespace garita::maxpatrol
