#pragma once
// Ending the open connections of networks that were just blocked.

#include <cstdint>
#include <span>

#include "model/ip.hpp"
#include "model/result.hpp"

namespace garita::enforce {

class ConnectionCutter {
  public:
    ConnectionCutter() = default;
    ConnectionCutter(const ConnectionCutter&) = delete;
    ConnectionCutter& operator=(const ConnectionCutter&) = delete;
    virtual ~ConnectionCutter() = default;

    /// Ends every connection whose remote side lies in one of the networks, and returns how many distinct
    /// ones. One look at the kernel's tables for the whole list, however long it is. An empty list asks
    /// nothing.
    [[nodiscard]] virtual Result<std::uint64_t> cut(std::span<const IpNetwork> networks) = 0;
};

}  // namespace garita::enforce
