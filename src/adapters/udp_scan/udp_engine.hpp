#pragma once
// UDP ports by ordinary datagrams: no privileges, IPv4 and IPv6.

#include "scan/engine.hpp"

namespace garita::udp_scan {

/// One thread, the caller's. Whatever comes back from the port is open; an ICMP "port unreachable" of the
/// host is closed, other ICMP messages that forbid are filtered; so is silence, which for UDP means open or
/// filtered. Most hosts send few ICMP messages a second (Linux one): where that shows, the report says so.
class UdpEngine final : public scan::Engine {
  public:
    Result<scan::Report> scan(const scan::Job& job, const scan::Listeners& listeners,
                              std::stop_token stop) override;
};

}  // namespace garita::udp_scan
