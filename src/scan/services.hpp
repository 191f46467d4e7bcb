#pragma once
// Ports by the names of the services that people run there, and the ports worth asking first.

#include <string_view>

#include "model/port_set.hpp"

namespace garita::scan {

/// "ssh" for 22 of TCP; empty where no service is usual.
[[nodiscard]] std::string_view service_name(Transport transport, Port port);

/// All ports that have a name here: some 500 of TCP, some 80 of UDP.
[[nodiscard]] const PortSet& usual_ports(Transport transport);

}  // namespace garita::scan
