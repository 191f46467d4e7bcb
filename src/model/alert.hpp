#pragma once
// What was detected. Source of the word list: docs/architecture.md.

#include <map>
#include <optional>
#include <string>

#include "model/ids.hpp"
#include "model/ip.hpp"
#include "model/time.hpp"

namespace garita {

enum class Severity { info = 1, warning = 2, critical = 3 };

[[nodiscard]] std::string_view to_text(Severity severity);
[[nodiscard]] std::optional<Severity> parse_severity(std::string_view text);

/// Small named facts of an alert or case, in a stable order: "user" → "root", "count" → "53".
using Facts = std::map<std::string, std::string, std::less<>>;

/// What the agent that raised an alert did about it by itself, while the hub was out of reach: it blocked the
/// alert's address.
struct DecidedAlone {
    std::string policy;  ///< the hub's, by decide::policy_name
    Time at{};
    std::optional<Duration> lasts;  ///< of the block, from then on; empty: until it is unset

    [[nodiscard]] std::optional<Time> ends() const {
        return lasts ? std::optional(at + *lasts) : std::nullopt;
    }
    friend bool operator==(const DecidedAlone&, const DecidedAlone&) = default;
};

/// One detection by one source. Alerts with the same (device, kind, subject) belong to one case.
struct Alert {
    AlertId id;
    std::string uid;      ///< chosen by the producer, unique per device: the same uid twice is the same alert
    std::string device;   ///< where it was seen: the agent's name, or the REST source's
    std::string kind;     ///< "ssh_login", "http_errors", "cpu_load", "log_patterns", "audit_broken",
                          ///< "orders_refused", "rules_stuck", "ports_drift", "ports_unknown",
                          ///< "suricata_alert", "wazuh_alert", "alertmanager", "crowdsec_alert", or a REST
                          ///< source's own word
    std::string subject;  ///< what it is about within the kind: an address or network, a session, "host"
    Severity severity = Severity::warning;
    Time at{};                         ///< when it happened, by the source's clock
    std::optional<IpNetwork> address;  ///< whom a block would hit
    Facts facts;
    std::optional<DecidedAlone> decided;  ///< by the agent, before the hub heard of it
};

}  // namespace garita
