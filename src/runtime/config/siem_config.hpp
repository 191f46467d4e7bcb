#pragma once
// SIEMs whose incidents come to people's hands, as plain values.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "model/time.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime {

struct MaxPatrolConfig {
    std::string name;
    std::string url;        ///< without a slash at its end
    std::string login_url;  ///< likewise; from `url` where it is not given
    std::string link_url;   ///< likewise
    std::string user;
    Secret password;
    Secret refresh_token;
    Secret access_token;
    std::string client_id = "mpx";
    Secret client_secret;
    std::string scope = "authorization offline_access mpx.api ptkb.api";
    std::string response_type = "code id_token";
    std::string amr;           ///< "ldap" for an account of a directory
    std::filesystem::path ca;  ///< PEM; empty: the system's authorities
    std::string pin;           ///< "sha256:…"; empty: an authority has to vouch for it
    std::string proxy;         ///< empty: none
    std::chrono::seconds timeout{30};
    std::chrono::seconds interval{5};
    std::chrono::seconds first_look = std::chrono::hours{24};
    std::optional<Time> begin;  ///< instead of `first_look`
    std::chrono::seconds look_back = std::chrono::hours{1};
    std::int64_t max_events = 5;
};

}  // namespace garita::runtime
