#pragma once
// Switches as the work on a port needs them: what a port is like, one change at a time, and the proof that it
// came about. A vendor is one driver (an adapter); nothing here knows its words.
//
// Errors of every call, besides their text:
//   forbidden, no retry   the switch refused the login, the enable secret or its host key is another: do not
//                         try again by itself, accounts get locked
//   unavailable, later    out of reach, all its sessions are taken, it went away or is too slow
//   conflict              the switch refused a line; nothing behind that line was sent
//   invalid               the switch said what the driver does not understand; nothing was guessed
// After unavailable, and after invalid of a change, it is not known how far the switch came: open a new
// session and look.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/port_name.hpp"
#include "model/result.hpp"
#include "model/rule_class.hpp"
#include "model/time.hpp"

namespace garita::access {

/// How a switch is logged in to. Secrets are in memory only while a session is opened.
struct SwitchLogin {
    enum class Transport { ssh, telnet };

    std::string name;  ///< as people call the switch
    std::string host;  ///< an address
    std::uint16_t port = 22;
    Transport transport = Transport::ssh;
    std::string user;
    std::string password;
    std::string key_file;       ///< of a private key; empty: by password
    std::string enable_secret;  ///< empty: the account is privileged, or enable asks for none
    /// The host keys that may be shown: "SHA256:…" as ssh-keygen prints it. None: nothing is logged in to.
    std::vector<std::string> host_keys;
    /// Offers what only old switches need (SHA-1, CBC), beside the rest.
    enum class Algorithms { modern, legacy } algorithms = Algorithms::modern;
    Duration connect_within = std::chrono::seconds(15);  ///< from nothing to the first prompt
    Duration answer_within = std::chrono::seconds(30);   ///< each line
    Duration save_within = std::chrono::seconds(120);    ///< memory of old switches is slow
};

/// Every line that is sent and everything that comes back, for the request's log. Secrets are never passed.
class SessionLog {
  public:
    SessionLog() = default;
    SessionLog(const SessionLog&) = delete;
    SessionLog& operator=(const SessionLog&) = delete;
    virtual ~SessionLog() = default;
    virtual void sent(std::string_view line) = 0;
    virtual void answered(std::string_view text) = 0;  ///< one or more lines, without control characters
    virtual void noted(std::string_view what) = 0;     ///< the session's own: connected, ended, asked again
};

/// A MAC address that a port lets in.
struct SecuredMac {
    enum class How {
        fixed,   ///< typed: stands in the configuration
        sticky,  ///< stands in the configuration, was perhaps learnt
        learnt,  ///< only until the port goes down
    };
    MacAddress mac;
    PortName port;
    std::uint16_t vlan = 0;  ///< 0: not told
    How how = How::learnt;
    enum class In { any, access, voice } in = In::any;  ///< which VLAN of the port the configuration names
    friend bool operator==(const SecuredMac&, const SecuredMac&) = default;
};

/// A MAC address that is heard at a port.
struct SeenMac {
    MacAddress mac;
    std::optional<std::uint16_t> vlan;
    PortName port;
};

enum class PortViolation { protect, restrict, shutdown, shutdown_vlan };

/// Everything that is asked before a port is touched. Read at one go; `configuration` is what undoing
/// compares.
struct PortFacts {
    enum class Link { up, down, err_disabled, shut_down };
    enum class Mode { access, trunk, dynamic, routed, other };

    PortName port;
    Link link = Link::down;
    std::string err_reason;          ///< "psecure-violation" …, of an err-disabled port
    Mode mode = Mode::other;         ///< as configured
    bool trunks_now = false;         ///< whatever is configured
    std::optional<PortName> bundle;  ///< it is a member of
    bool authenticates = false;      ///< 802.1X, MAB: port-security must stay away
    bool templated = false;          ///< part of its configuration stands elsewhere and was not read
    bool leads_on = false;           ///< who is behind it says to be a switch
    std::string description;
    std::optional<std::uint16_t> access_vlan;
    std::optional<std::uint16_t> voice_vlan;
    bool security_enabled = false;
    PortViolation violation = PortViolation::shutdown;
    std::uint32_t maximum = 1;
    std::optional<std::uint32_t> maximum_access;  ///< of the access VLAN alone
    std::optional<std::uint32_t> maximum_voice;
    bool learns_sticky = false;
    std::uint64_t violations = 0;
    std::optional<MacAddress> last_source;   ///< of the last violation or frame; nothing: none
    std::optional<std::uint16_t> last_vlan;  ///< that it spoke in
    std::vector<SecuredMac> secured;
    std::vector<SeenMac> seen;
    std::vector<std::string> configuration;  ///< the vendor's lines
};

/// One thing that is done to a switch.
struct Change {
    enum class What {
        secure,         ///< let this MAC in at this port, written into the configuration
        release,        ///< take it out of the configuration of this port
        forget_learnt,  ///< of an entry that was only learnt: so that it can be written, or move
        recover,        ///< an err-disabled port: down and up again
    };
    What what = What::secure;
    PortName port;
    MacAddress mac{};
    SecuredMac::How how = SecuredMac::How::sticky;  ///< of secure and release: fixed or sticky
    SecuredMac::In in = SecuredMac::In::any;
    friend bool operator==(const Change&, const Change&) = default;
};
[[nodiscard]] Change change_of(Change::What what, const SecuredMac& entry);
/// release, or forget_learnt where the entry does not stand in the configuration.
[[nodiscard]] Change taking_out(const SecuredMac& entry);

/// One login. Used by one thread; at most one a switch at a time.
class SwitchSession {
  public:
    SwitchSession() = default;
    SwitchSession(const SwitchSession&) = delete;
    SwitchSession& operator=(const SwitchSession&) = delete;
    /// Says goodbye, so that the switch frees its line at once; waits at most a moment.
    virtual ~SwitchSession() = default;

    [[nodiscard]] virtual Result<PortFacts> facts(const PortName& port) = 0;
    /// Every port of this switch that lets the MAC in, from the configuration and from what was learnt.
    [[nodiscard]] virtual Result<std::vector<SecuredMac>> where_secured(const MacAddress& mac) = 0;
    /// Every port that will let the MAC in after a restart of the switch.
    [[nodiscard]] virtual Result<std::vector<SecuredMac>> where_saved(const MacAddress& mac) = 0;
    [[nodiscard]] virtual Result<std::vector<SeenMac>> where_seen(const MacAddress& mac) = 0;

    /// Sends the lines of commands() one by one and stops at the first that is refused.
    [[nodiscard]] virtual Result<void> apply(const Change& change) = 0;
    /// Reads back that it came about: conflict where the switch took the lines and is not as they say.
    [[nodiscard]] virtual Result<void> verify(const Change& change) = 0;
    /// Writes the running configuration to where it survives a restart, and reads the switch's word for it.
    [[nodiscard]] virtual Result<void> save() = 0;
};

class SwitchDriver {
  public:
    SwitchDriver() = default;
    SwitchDriver(const SwitchDriver&) = delete;
    SwitchDriver& operator=(const SwitchDriver&) = delete;
    virtual ~SwitchDriver() = default;

    /// As the configuration names it: "ios".
    [[nodiscard]] virtual std::string_view name() const = 0;
    /// What apply() would send, for a dry run.
    [[nodiscard]] virtual std::vector<std::string> commands(const Change& change) const = 0;
    [[nodiscard]] virtual std::vector<std::string> save_commands() const = 0;
    /// The log must outlive the session.
    [[nodiscard]] virtual Result<std::unique_ptr<SwitchSession>> open(const SwitchLogin& login,
                                                                      SessionLog& log) = 0;
};

}  // namespace garita::access
