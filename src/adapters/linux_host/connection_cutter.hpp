#pragma once
// Ends open connections in this host's kernel: its own TCP sockets, and whatever it tracks or forwards.

#include "enforce/connection_cutter.hpp"

namespace garita::linux_host {

/// Acts in the network namespace of the calling thread; needs CAP_NET_ADMIN.
class ConnectionCutter final : public enforce::ConnectionCutter {
  public:
    Result<std::uint64_t> cut(std::span<const IpNetwork> networks) override;
};

}  // namespace garita::linux_host
