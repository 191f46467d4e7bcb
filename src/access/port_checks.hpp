#pragma once
// Whether a port may be touched, and whether it may let one more address in.

#include <optional>
#include <string>
#include <vector>

#include "access/switch_driver.hpp"
#include "model/alert.hpp"

namespace garita::access {

/// Why not: a key of the catalogue and what it wants.
struct Objection {
    std::string why;
    Facts facts;
};

/// What can be told without asking the switch.
[[nodiscard]] std::optional<Objection> objection_to_port(const PortName& port,
                                                         const std::vector<PortName>& never);
/// What forbids any change at this port: it is no access port for devices, or not Garita's to touch.
[[nodiscard]] std::optional<Objection> objection_to_touch(const PortFacts& facts,
                                                          const std::vector<PortName>& never);
/// What forbids letting this address in there now: the port is down, does not watch, or somebody else speaks
/// behind it.
[[nodiscard]] std::optional<Objection> objection_to_secure(const PortFacts& facts, const MacAddress& mac);

}  // namespace garita::access
