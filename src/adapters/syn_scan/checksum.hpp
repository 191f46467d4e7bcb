#pragma once
// The Internet checksum (RFC 1071), put together from sums that are known already.

#include <cstddef>
#include <cstdint>
#include <span>

#include "model/ip.hpp"

namespace garita::syn_scan {

/// Sum of the bytes as 16-bit numbers of the network's order; an odd last byte counts as the higher half.
[[nodiscard]] std::uint32_t sum_of(std::span<const std::uint8_t> bytes);
/// What goes into the header: the ones' complement of the folded sum.
[[nodiscard]] inline std::uint16_t checksum_of(std::uint32_t sum) {
    sum = (sum & 0xffff) + (sum >> 16);
    sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(~sum);
}
/// The pseudo header of an upper protocol over these addresses.
[[nodiscard]] std::uint32_t pseudo_sum(const IpAddress& from, const IpAddress& to, std::uint8_t protocol,
                                       std::size_t length);

}  // namespace garita::syn_scan
