#pragma once
// `show interfaces [X] switchport`.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/port_name.hpp"
#include "adapters/ios/output.hpp"
#include "model/result.hpp"

namespace garita::ios {

struct Switchport {
    access::PortName port;
    std::string shown_port;
    bool enabled = false;        ///< false: a routed port, of which nothing more is told
    std::string administrative;  ///< "static access", "trunk", "dynamic auto" … in lower case
    std::string operational;     ///< "static access", "trunk", "down" …, without what a bundle adds
    std::string bundle;          ///< "Po1", of which it is a member
    std::optional<std::uint16_t> access_vlan;
    std::string access_vlan_name;  ///< "default", "Inactive"
    std::optional<std::uint16_t> native_vlan;
    std::optional<std::uint16_t> voice_vlan;
    std::string shown_voice_vlan;  ///< "none", "dot1p", "untagged", or the number
    std::string trunk_vlans;       ///< "ALL", "1,10-20"
};

[[nodiscard]] Result<std::vector<Switchport>> parse_switchports(const Output& output);

}  // namespace garita::ios
