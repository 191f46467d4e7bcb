#pragma once
// Access for new devices as the hub's file and the files of the inventory have it, as plain values.

#include <array>
#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/ip.hpp"
#include "model/port_specification.hpp"
#include "model/result.hpp"
#include "runtime/config/document.hpp"
#include "runtime/config/section.hpp"
#include "runtime/secret/secret.hpp"

namespace garita::runtime {

/// The mailbox that approvals come to.
struct AccessMailboxConfig {
    enum class Protocol { imap, pop3 };
    enum class Security {
        tls,       ///< from the first byte
        starttls,  ///< refused where the server cannot change to TLS
        none,
    };
    /// What becomes of a letter whose effect is stored.
    enum class After { mark, remove };

    std::string server;
    Protocol protocol = Protocol::imap;
    Security security = Security::tls;
    std::uint16_t port = 993;
    std::string user;
    Secret password;
    std::filesystem::path ca;  ///< PEM; empty: the system's authorities
    std::string pin;           ///< "sha256:…" of the server's key; empty: an authority has to vouch for it
    std::string folder = "INBOX";
    After after = After::mark;
    std::chrono::seconds every{60};  ///< where the server does not tell of new letters
    std::chrono::seconds timeout{60};
};

/// What shows who wrote a letter. S/MIME and OpenPGP hold wherever the people's list has keys.
struct AccessProofConfig {
    bool dkim = true;
    bool code = true;  ///< one that is mailed to the approver and has to come back
    std::chrono::seconds code_life = std::chrono::hours{1};
    std::filesystem::path keys_file;     ///< keys of DKIM instead of DNS; empty: DNS
    std::vector<std::string> parents;    ///< domains that may sign for those below them
    std::string authentication_results;  ///< the one server that is believed; empty: none
    std::vector<std::filesystem::path> openpgp_keys;
    std::chrono::seconds oldest = std::chrono::hours{24};
};

struct AccessListenConfig {
    enum class Transport { udp, tcp, tls };
    Transport transport = Transport::udp;
    IpAddress address;
    std::uint16_t port = 0;
    friend bool operator==(const AccessListenConfig&, const AccessListenConfig&) = default;
};
/// "udp 0.0.0.0:514", "tls [::]:6514"
[[nodiscard]] std::optional<AccessListenConfig> parse_listen(std::string_view text);

/// Own reception of syslog; nothing to listen on: none.
struct AccessSyslogConfig {
    std::vector<AccessListenConfig> listen;
    std::vector<IpNetwork> relays;      ///< whose word counts about whom a line is from
    std::filesystem::path certificate;  ///< of tls; empty: the hub's own
    std::filesystem::path key;
};

/// A database that rsyslog writes to.
struct AccessDatabaseConfig {
    enum class Kind { mariadb, postgresql };
    enum class Tls { verified, off };
    std::string name;
    Kind kind = Kind::mariadb;
    std::string host;        ///< or the path of a socket
    std::uint16_t port = 0;  ///< 0: the database's own
    std::string database = "Syslog";
    std::string user;
    Secret password;
    Tls tls = Tls::verified;
    std::filesystem::path ca;
    std::chrono::seconds every{5};
    std::chrono::seconds overlap{60};  ///< rows that are committed so late are still seen
    std::uint64_t look_back = 200000;  ///< rows that are read at the start for what was said before
};

/// When somebody is at work.
struct AccessHoursConfig {
    struct Span {  ///< minutes of the day, to before the second
        std::chrono::minutes from{0};
        std::chrono::minutes to{1440};
        friend bool operator==(const Span&, const Span&) = default;
    };
    std::string time_zone;  ///< empty: the hub's
    /// From Monday; in order, none overlaps another. All of them a whole day: always.
    std::array<std::vector<Span>, 7> days{
        {{Span{}}, {Span{}}, {Span{}}, {Span{}}, {Span{}}, {Span{}}, {Span{}}}};
    std::set<std::chrono::year_month_day> holidays;
};
/// "2026-12-25", "2026-12-24..2027-01-06", or "12-25" for that day of each year from 2020 to 2099.
[[nodiscard]] std::optional<std::vector<std::chrono::year_month_day>> parse_holidays(std::string_view text);

/// A switch with how it is logged in to: what it says itself, or else what all have in common.
struct SwitchConfig {
    enum class Transport { ssh, telnet };
    enum class Algorithms { modern, legacy };

    std::string name;
    std::string driver = "ios";
    IpAddress address;
    std::uint16_t port = 22;
    Transport transport = Transport::ssh;
    std::vector<std::string> aliases;    ///< as logs call it, in lower case; none is another switch's
    std::vector<std::string> host_keys;  ///< "SHA256:…"
    Algorithms algorithms = Algorithms::modern;
    std::vector<std::string> never;  ///< ports as written: "Gi1/0/24", "Te1/1/1-4"
    bool dry_run = false;
    std::string user;
    Secret password;
    std::filesystem::path key_file;  ///< empty: by password
    Secret enable_secret;            ///< empty: the account is privileged
    std::chrono::seconds connect_within{15};
    std::chrono::seconds answer_within{30};
    std::chrono::seconds save_within{120};
    WrittenPlace place;
};

struct AccessConfig {
    std::vector<std::string> notify;  ///< addresses that hear of each request and of security notices
    std::optional<AccessMailboxConfig> mailbox;  ///< nothing: no approvals by mail
    AccessProofConfig proof;
    AccessSyslogConfig syslog;
    std::vector<AccessDatabaseConfig> databases;
    AccessHoursConfig hours;
    std::chrono::seconds deadline = std::chrono::hours{9};  ///< of working time
    bool dry_run = false;
    std::chrono::seconds keep = std::chrono::days{400};
    std::int64_t most_open = 1000;
    std::filesystem::path inventory;     ///< a file or folder with more switches; empty: none
    std::vector<SwitchConfig> switches;  ///< those of the inventory too; names and addresses at most once
    std::vector<IpNetwork> excluded;
    std::map<std::string, std::size_t>
        files;  ///< a hash of what was read, by path: to tell whether it changed
};

/// Where mailboxes are.
[[nodiscard]] constexpr std::uint16_t usual_mailbox_port(AccessMailboxConfig::Protocol protocol,
                                                         AccessMailboxConfig::Security security) {
    const bool tls = security == AccessMailboxConfig::Security::tls;
    if (protocol == AccessMailboxConfig::Protocol::imap) return tls ? 993 : 143;
    return tls ? 995 : 110;
}

/// "SHA256:" and 43 digits of base64, as ssh-keygen prints it; nothing for all else.
[[nodiscard]] std::optional<std::string> parse_host_key(std::string_view text);
/// Whether it looks like a port or a range of ports: "Gi1/0/24", "TenGigabitEthernet1/1/1-4". Which kinds of
/// ports there are only the switches' drivers know.
[[nodiscard]] bool is_port_range(std::string_view text);

/// What the section and the files of the inventory say, with their secrets. The error's text has a line for
/// each problem, with file and line.
[[nodiscard]] Result<AccessConfig> build_access(const Section& section, const std::string& file);

}  // namespace garita::runtime
