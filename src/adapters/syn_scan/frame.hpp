#pragma once
// Packets as they go out: made once for each way, and only what differs is written for each probe.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "adapters/syn_scan/answer.hpp"
#include "model/ip.hpp"
#include "model/port_set.hpp"

namespace garita::syn_scan {

/// Whether packets of a link begin with Ethernet's header.
enum class LinkHeader : std::uint8_t { ethernet, none };

inline constexpr std::size_t largest_frame = 14 + 40 + 32;
using FrameBytes = std::array<std::uint8_t, 96>;

/// SYNs from one address of ours over one link. The checksums are whole: nothing is left to the hardware.
class SynTemplate {
  public:
    SynTemplate(const IpAddress& own, LinkHeader header, const MacAddress& own_mac);

    /// The part of the sums that depends on the target alone.
    [[nodiscard]] std::uint32_t target_sum(const IpAddress& target) const;
    /// Writes the frame and returns its length. `mac`: of the next hop.
    std::size_t write(FrameBytes& out, const MacAddress& mac, const IpAddress& target,
                      std::uint32_t target_sum, Port own_port, Port port, std::uint32_t sequence) const;

  private:
    FrameBytes bytes_{};
    std::size_t network_;  ///< where the IP header begins
    std::size_t transport_;
    std::size_t size_;
    bool v4_;
    std::uint32_t tcp_sum_ = 0;     ///< of everything that is the same for all
    std::uint32_t header_sum_ = 0;  ///< of IPv4's header likewise
};

/// "Who has this address?": ARP, or IPv6's neighbour solicitation.
[[nodiscard]] std::size_t write_neighbour_question(FrameBytes& out, const MacAddress& own_mac,
                                                   const IpAddress& own, const IpAddress& wanted);

}  // namespace garita::syn_scan
