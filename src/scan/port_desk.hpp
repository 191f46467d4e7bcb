#pragma once
// What may be asked of a watch of open ports, from any thread.

#include <string_view>
#include <vector>

#include "model/result.hpp"
#include "scan/specification.hpp"

namespace garita::scan {

/// How one host stands.
struct HostStatus {
    std::string host;
    std::string network;  ///< that it is part of
    WantedPorts wanted;   ///< with what was accepted
    HostPorts ports;
};

class PortDesk {
  public:
    virtual ~PortDesk() = default;
    /// Of networks, the addresses that have ever answered.
    [[nodiscard]] virtual Result<std::vector<HostStatus>> status() const = 0;
    [[nodiscard]] virtual Result<std::vector<PortEvent>> history(std::string_view host,
                                                                 std::size_t limit) const = 0;
    /// Looks at the host, or all of a network, as soon as it can; empty: at all. False: there is no such
    /// host.
    [[nodiscard]] virtual bool scan_now(std::string_view host) = 0;
};

}  // namespace garita::scan
