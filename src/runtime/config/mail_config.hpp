#pragma once
// Mail as a way to reach people, as plain values.

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/alert.hpp"
#include "runtime/config/on_call_config.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime {

/// Who gets letters, and about what; empty lists match everything.
struct MailRecipientConfig {
    std::string address;
    std::string language;              ///< empty: the hub's
    std::string time_zone;             ///< empty: the hub's
    std::optional<Severity> severity;  ///< at least
    std::vector<std::string> kinds;
    std::vector<std::string> devices;
    std::optional<QuietHoursConfig> quiet{};
};

/// Links in letters to people, by which they answer.
struct MailLinksConfig {
    std::string url;  ///< without a slash at its end
    std::chrono::seconds valid{};
};

/// "https://garita.example.org/team/" without the last slash; http only for this machine itself. Nothing: it
/// is no such URL.
[[nodiscard]] std::optional<std::string> parse_links_url(std::string_view text);

struct MailConfig {
    enum class Security {
        starttls,  ///< begun in the clear, refused where the server cannot change to TLS
        tls,       ///< from the first byte
        none,
    };

    std::string server;  ///< name or address
    std::uint16_t port = 587;
    Security security = Security::starttls;
    std::string user;  ///< empty: a relay that wants no login
    Secret password;
    std::filesystem::path ca;  ///< PEM; empty: the system's authorities
    std::string pin;           ///< "sha256:…" of the server's key; empty: an authority has to vouch for it
    std::string from;
    std::chrono::seconds timeout{60};  ///< of one letter
    std::int64_t limit = 10;           ///< letters to one recipient within `per`
    std::chrono::seconds per = std::chrono::minutes{10};
    std::vector<MailRecipientConfig> to;
    std::optional<MailLinksConfig> links;
};

/// Where servers listen for it.
[[nodiscard]] constexpr std::uint16_t usual_mail_port(MailConfig::Security security) {
    switch (security) {
        case MailConfig::Security::tls:
            return 465;
        case MailConfig::Security::none:
            return 25;
        case MailConfig::Security::starttls:
            break;
    }
    return 587;
}

/// A host name of ASCII labels, or an IP address.
[[nodiscard]] bool is_mail_server(std::string_view text);

}  // namespace garita::runtime
