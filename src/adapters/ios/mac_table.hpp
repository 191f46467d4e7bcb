#pragma once
// `show mac address-table` in the layouts of Catalysts from the 2900XL to IOS-XE. Which columns there are,
// and in which order, is read from the table's own head.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/port_name.hpp"
#include "adapters/ios/output.hpp"
#include "model/result.hpp"
#include "model/rule_class.hpp"

namespace garita::ios {

struct MacEntry {
    struct Place {
        std::string shown;                     ///< "Gi1/0/1", "CPU", "Router"
        std::optional<access::PortName> port;  ///< nothing: inside the switch
    };
    std::optional<std::uint16_t> vlan;
    std::string shown_vlan;  ///< "10", "All", "N/A", "---"
    MacAddress mac;
    std::string type;  ///< in lower case: "dynamic", "static", …
    std::vector<Place> ports;
    std::string flags;    ///< "*", "S", "R" …: the legend stands above the table
    std::string age;      ///< as shown; empty where the layout has none
    std::string section;  ///< "active supervisor", "Multicast Entries"; empty: the table has one part
};

[[nodiscard]] Result<std::vector<MacEntry>> parse_mac_table(const Output& output);

}  // namespace garita::ios
