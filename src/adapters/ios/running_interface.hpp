#pragma once
// What the configuration of one interface says (`show running-config interface X`).

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "adapters/ios/port_security.hpp"

namespace garita::ios {

struct RunningInterface {
    enum class Mode { none, access, trunk, dynamic, other };
    struct Secured {
        MacAddress mac;
        enum class How { configured, sticky } how = How::configured;
        std::string vlan;  ///< "access", "voice" or a number; empty: none is named
    };
    struct VlanMaximum {
        std::uint32_t maximum = 0;
        std::string vlan;
    };

    access::PortName port;
    std::string description;
    bool shut_down = false;
    bool routed = false;  ///< `no switchport`
    Mode mode = Mode::none;
    std::optional<std::uint16_t> access_vlan;
    std::string voice_vlan;      ///< a number, "dot1p" …; empty: none
    std::string bundle;          ///< the number of the channel group; empty: none
    bool authenticates = false;  ///< 802.1X, MAB or web authentication
    std::string templates;       ///< names of templates that add to it; empty: none
    bool port_security = false;
    bool learns_sticky = false;
    std::optional<std::uint32_t> maximum;
    std::vector<VlanMaximum> vlan_maximums;
    std::optional<ViolationMode> violation_mode;
    std::vector<Secured> secured;
    std::vector<std::string> lines;  ///< all, as they stand, without the blank before
};

[[nodiscard]] Result<RunningInterface> parse_running_interface(const Output& output);

}  // namespace garita::ios
