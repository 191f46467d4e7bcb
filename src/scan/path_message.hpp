#pragma once
// What ICMP messages about a probe mean for the port.

#include <cstdint>
#include <string>

#include "model/ip.hpp"
#include "model/port_set.hpp"

namespace garita::scan {

struct PathMessage {
    IpFamily family = IpFamily::v4;
    std::uint8_t type = 0;
    std::uint8_t code = 0;
    IpAddress sender;
};

struct PathMeaning {
    enum class Kind {
        nothing,    ///< not about reaching the port; wait on
        closed,     ///< UDP: nobody listens
        forbidden,  ///< somebody forbids it
        unclear,    ///< the host could not be reached: nobody can tell
    };
    Kind kind = Kind::nothing;
    std::string why;  ///< of unclear: who says so, and what
};

/// `target`: whom the probe was sent to. A message of the target itself shows that it is reached: then even
/// "host unreachable" is a firewall that forbids.
[[nodiscard]] PathMeaning meaning_of(const PathMessage& message, const IpAddress& target,
                                     Transport transport);

}  // namespace garita::scan
