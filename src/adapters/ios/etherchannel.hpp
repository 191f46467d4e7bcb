#pragma once
// `show etherchannel summary`: which ports are bundled.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/port_name.hpp"
#include "adapters/ios/output.hpp"
#include "model/result.hpp"

namespace garita::ios {

struct EtherchannelGroup {
    struct Member {
        access::PortName port;
        std::string shown_port;
        std::string flags;  ///< "P", "D", "s" …: the legend stands above the table
    };
    std::uint16_t group = 0;
    std::optional<access::PortName> bundle;
    std::string shown_bundle;  ///< "Po1"; empty: none is made of the group yet
    std::string flags;         ///< "SU"
    std::string protocol;      ///< "LACP", "PAgP"; empty: none
    std::vector<Member> members;
};

[[nodiscard]] Result<std::vector<EtherchannelGroup>> parse_etherchannel_summary(const Output& output);

}  // namespace garita::ios
