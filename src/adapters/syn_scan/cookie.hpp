#pragma once
// The sequence numbers of our questions: whoever has not seen one cannot answer it, and we need not remember
// any.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

#include "model/ip.hpp"
#include "model/port_set.hpp"

namespace garita::syn_scan {

using CookieKey = std::array<std::uint64_t, 2>;

/// SipHash with `Compressions` and `Finals` rounds (2 and 4 are the usual ones).
template <unsigned Compressions, unsigned Finals>
[[nodiscard]] std::uint64_t sip_hash(const CookieKey& key, std::span<const std::uint8_t> bytes);

/// The key of one target's cookies.
[[nodiscard]] CookieKey key_of(const CookieKey& key, const IpAddress& address);
/// What a probe to this port, from this port of ours, carries as its sequence number.
[[nodiscard]] std::uint32_t cookie(const CookieKey& target, Port port, Port own);

}  // namespace garita::syn_scan
