#pragma once
// How the open ports of one host stand against what is specified, as it is kept.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "model/expected_service.hpp"
#include "model/ids.hpp"
#include "model/port_set.hpp"
#include "model/time.hpp"

namespace garita {

/// What is otherwise than specified.
struct PortDifference {
    PortSet missing;
    PortSet unexpected;
    PortSet missing_udp;
    PortSet unexpected_udp;
    ServiceTexts services{};  ///< what answers at open ports, where it is not what is expected there

    [[nodiscard]] bool empty() const {
        return missing.empty() && unexpected.empty() && missing_udp.empty() && unexpected_udp.empty() &&
               services.empty();
    }
    /// For people: "-22,80 +8080 +udp 53 ~443"; "as specified" where it is empty.
    [[nodiscard]] std::string words() const;
    /// For stores, and back. Nothing: it is not of this form.
    [[nodiscard]] std::string text() const;
    [[nodiscard]] static std::optional<PortDifference> parse(std::string_view text);
    /// "22, udp 53"
    [[nodiscard]] static std::string joined(const PortSet& tcp, const PortSet& udp);

    /// By ports; of services that both have, the first one's.
    [[nodiscard]] PortDifference operator|(const PortDifference& other) const;
    [[nodiscard]] PortDifference operator&(const PortDifference& other) const;
    [[nodiscard]] PortDifference operator-(const PortDifference& other) const;
    friend bool operator==(const PortDifference&, const PortDifference&) = default;
};

/// What came of the last look at a host.
enum class HostAnswer : std::uint8_t {
    none,         ///< not looked at yet
    heard,        ///< something answered
    silent,       ///< not one answer
    unresolved,   ///< its name has no address, or nobody could tell
    unreachable,  ///< nobody could tell which ports are open
};

[[nodiscard]] std::string_view to_text(HostAnswer answer);
[[nodiscard]] std::optional<HostAnswer> parse_host_answer(std::string_view text);

/// A row of the store. Of a network that is written as one, a row says when it is scanned next, and each of
/// its addresses that ever answered has a row of its own.
struct HostPorts {
    std::string host;       ///< name, address or network, as the specification spells it
    std::string addresses;  ///< where it was looked at last, by commas
    HostAnswer answer = HostAnswer::none;
    PortSet open;
    PortSet open_udp;
    ServiceTexts services;  ///< what answered, where something is expected
    std::optional<Time> scanned_at;
    Time next_at{};  ///< when it is looked at next

    PortDifference drift;                     ///< confirmed
    std::optional<Time> since;                ///< of the drift
    std::string where;                        ///< which address, where the host has several
    std::optional<PortDifference> suspected;  ///< seen once; a second look comes at next_at

    int unknown_scans = 0;  ///< in a row
    std::optional<Time> unknown_since;
    std::string why;  ///< nobody knows

    std::optional<PortDifference> told;  ///< of the drift, to people
    bool told_unknown = false;
    std::optional<Time> muted_until;
    CaseId applied;          ///< case of drift whose answer has had its effect last
    CaseId applied_unknown;  ///< likewise, of the other kind

    PortDifference accepted;   ///< by people: `missing` need not be open any more, `unexpected` must be
    std::string accepted_for;  ///< what the specification said of the host then

    friend bool operator==(const HostPorts&, const HostPorts&) = default;
};

/// One line of a host's history.
struct PortEvent {
    std::string host;
    Time at{};
    std::string what;  ///< "drift began: -80 +8080"
    friend bool operator==(const PortEvent&, const PortEvent&) = default;
};

}  // namespace garita
