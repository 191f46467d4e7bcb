#pragma once
// What may come back from a network: read from bytes that anybody can have sent. Nothing here believes
// anything; it only tells what a packet says, and whether its sums are right.

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <variant>

#include "model/ip.hpp"
#include "model/port_set.hpp"

namespace garita::syn_scan {

using MacAddress = std::array<std::uint8_t, 6>;

/// A segment of TCP that acknowledges something.
struct TcpAnswer {
    IpAddress from;
    IpAddress to;
    Port port = 0;  ///< of the sender
    Port own = 0;
    std::uint32_t acknowledged = 0;
    enum class Kind : std::uint8_t { open, closed } kind = Kind::closed;  ///< SYN and ACK; RST and ACK
};

/// An ICMP error about a segment of TCP, of which it quotes the beginning.
struct IcmpAnswer {
    IpAddress from;  ///< whoever complains
    IpAddress quoted_from;
    IpAddress quoted_to;
    Port own = 0;
    Port port = 0;
    std::uint32_t sequence = 0;
    enum class Kind : std::uint8_t { forbidden, unreachable } kind = Kind::forbidden;
};

/// ARP's reply, or IPv6's neighbour advertisement.
struct NeighbourAnswer {
    IpAddress address;
    MacAddress mac{};
};

using Answered = std::variant<TcpAnswer, IcmpAnswer, NeighbourAnswer>;

/// Whether the host that received it, or the virtual wire that it came by, vouches for the sums.
enum class Sums : std::uint8_t { to_be_checked, vouched_for };

/// `packet`: from the network header on; `ether_type` in the host's order. Nothing: no answer of these kinds,
/// or a broken one.
[[nodiscard]] std::optional<Answered> parse_answer(std::uint16_t ether_type,
                                                   std::span<const std::uint8_t> packet, Sums sums);

}  // namespace garita::syn_scan
