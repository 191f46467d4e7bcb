#pragma once
// A server that letters are handed to or fetched from: where it is, how it is known, and who logs in.

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "runtime/secret/secret.hpp"
#include "runtime/tls/fingerprint.hpp"

namespace garita::runtime {

struct MailServer {
    enum class Security {
        tls,       ///< from the first byte
        starttls,  ///< nothing, no password either, is sent to a server that does not change to TLS
        none,      ///< for those who insist
    };
    std::string host;
    std::uint16_t port = 0;
    Security security = Security::tls;
    std::string user;
    Secret password;
    std::string ca_file;                        ///< PEM; empty: the system's authorities
    std::optional<tls::Fingerprint> pin;        ///< of the server's key; nobody has to vouch for it then
    std::chrono::milliseconds timeout{60'000};  ///< of one letter, or one operation
    std::chrono::milliseconds connect_timeout{15'000};
};

/// "mail.example.org:587", "[2001:db8::1]:993"
[[nodiscard]] std::string name_of(const MailServer& server);

}  // namespace garita::runtime
