#pragma once
// What a hub's file says of a CrowdSec local API that it takes alerts from, as plain values.

#include <chrono>
#include <string>

#include "runtime/secret/secret.hpp"

namespace garita::runtime {

struct CrowdsecConfig {
    std::string url;      ///< without a slash at its end
    std::string machine;  ///< name of the account
    Secret password;
    std::string ca;   ///< file; empty: the system's authorities
    std::string pin;  ///< "sha256:…"; empty: an authority decides
    std::chrono::seconds interval{10};
    std::chrono::seconds timeout{10};
    bool bans = false;  ///< blocks of the hub become decisions there
};

}  // namespace garita::runtime
