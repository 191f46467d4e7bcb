#pragma once
// `show interfaces status`, and the same with `err-disabled`. Names are free text of at most 18 characters,
// in columns that do not always stand where the head says: what follows the name decides where it ends.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/port_name.hpp"
#include "adapters/ios/output.hpp"
#include "model/result.hpp"

namespace garita::ios {

struct InterfaceStatus {
    access::PortName port;
    std::string shown_port;
    std::string name;    ///< the description, perhaps cut by the switch
    std::string status;  ///< "connected", "notconnect", "err-disabled" …
    std::optional<std::uint16_t> vlan;
    std::string shown_vlan;  ///< "10", "trunk", "routed", "unassigned", "pvlan prom" …
    std::string duplex;
    std::string speed;
    std::string type;
};
[[nodiscard]] Result<std::vector<InterfaceStatus>> parse_interface_status(const Output& output);

struct ErrDisabledPort {
    access::PortName port;
    std::string shown_port;
    std::string name;
    std::string status;  ///< "err-disabled"
    std::string reason;  ///< "psecure-violation" …
    std::string vlans;   ///< those that are disabled alone; empty: the whole port
};
[[nodiscard]] Result<std::vector<ErrDisabledPort>> parse_err_disabled(const Output& output);

}  // namespace garita::ios
