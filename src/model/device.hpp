#pragma once
// Anything that enforces. Here: hosts with an agent.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/ip.hpp"
#include "model/time.hpp"

namespace garita {

/// Somebody who is logged in over SSH at the moment.
struct Login {
    std::string user;
    IpAddress from;
    friend auto operator<=>(const Login&, const Login&) = default;
};

struct Device {
    std::string name;
    std::string version;  ///< of the agent's program
    std::string boot_id;  ///< changes with each boot of the host
    std::optional<Time> last_seen;
    std::int64_t applied_seq = 0;  ///< rules up to this change are in force on it
    Duration clock_offset{};       ///< agent's clock minus the hub's at the last call
    std::vector<IpNetwork>
        protected_networks;             ///< its own addresses, gateway and resolvers: never blocked anywhere
    std::vector<std::string> watches;   ///< what its detectors look at, in words
    std::vector<Login> logins;          ///< as of the agent's last call; each once, in order
    std::vector<std::string> troubles;  ///< what they cannot do at the moment, and why
    std::optional<Time> revoked_at;     ///< its certificates count no more: it gives and gets nothing
};

}  // namespace garita
