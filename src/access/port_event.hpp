#pragma once
// What a switch tells about a port in its log: a MAC address that port-security did not let in, or a port
// that it took out of service. Anybody can send such a line: it is a reason to look at a listed switch, no
// more.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "access/port_name.hpp"
#include "model/rule_class.hpp"

namespace garita::access {

struct PortEvent {
    enum class Kind {
        violation,    ///< %PORT_SECURITY-2-PSECURE_VIOLATION, with the MAC address
        err_disable,  ///< %PM-4-ERR_DISABLE: the port is down; no MAC address is told
    };
    Kind kind = Kind::violation;
    std::optional<MacAddress> mac;
    PortName port;
    std::uint16_t vlan = 0;      ///< 0: not told
    std::string_view cause;      ///< of err_disable: "psecure-violation" …; points into the line
    std::string_view relayed;    ///< the host in the header of RFC 3164 or 5424, as written; empty: none
    std::string_view origin_id;  ///< what the switch calls itself (`logging origin-id`); empty: nothing
};

/// What is longer is cut before it is read.
inline constexpr std::size_t longest_event_line = 8192;

/// Whether it is worth reading: false for nearly everything that switches say.
[[nodiscard]] bool may_be_port_event(std::string_view line);

/// One message without framing, with whatever header it has: none, RFC 3164, RFC 5424 or one of Cisco's. Only
/// the first "%FACILITY-SEVERITY-MNEMONIC:" counts: what follows may quote another. Allocates nothing.
[[nodiscard]] std::optional<PortEvent> read_port_event(std::string_view line);

}  // namespace garita::access
