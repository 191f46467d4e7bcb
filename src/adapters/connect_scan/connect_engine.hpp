#pragma once
// TCP ports by the system's own connect(): no privileges, IPv4 and IPv6, this host and others.

#include "scan/engine.hpp"

namespace garita::connect_scan {

/// One thread, the caller's: non-blocking connections, one epoll. A connection that is made is reset at once,
/// so that neither end keeps anything of it. As many are under way as the process may open files.
class ConnectEngine final : public scan::Engine {
  public:
    Result<scan::Report> scan(const scan::Job& job, const scan::Listeners& listeners,
                              std::stop_token stop) override;
};

}  // namespace garita::connect_scan
