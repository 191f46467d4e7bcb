#pragma once
// What the kernel keeps of each subscriber.

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "model/packed.hpp"

namespace garita::limiter {

/// An address in sixteen bytes; of IPv4 as ::ffff:192.0.2.1. The key of the kernel's maps.
using Subscriber = std::array<std::uint8_t, 16>;

/// The value of the kernel's maps. A token bucket told as time: what has passed is paid up to `paid_until`,
/// and who has paid beyond now has to wait; nobody is further behind than the burst. So one addition charges
/// a packet on whichever processor, and nothing has to be locked.
struct Bucket {
    std::uint64_t paid_until = 0;  ///< nanoseconds of the kernel's monotonic clock; 0: nothing has passed yet
    std::uint64_t bits_per_second = 0;
};

/// Entries are divided into so many maps: then one can be read, or made larger, while others change.
constexpr std::size_t shard_count = 16;
constexpr std::uint32_t shard_factor = 0x9E3779B1U;
constexpr unsigned shard_shift = 28;  ///< the upper four bits

/// As the program in the kernel reckons it.
[[nodiscard]] std::size_t shard_of(const Subscriber& subscriber);

/// Nothing: it is not one address.
[[nodiscard]] std::optional<Subscriber> subscriber_of(const RuleKey& key);
[[nodiscard]] RuleKey key_of(const Subscriber& subscriber);
/// Nothing: it is not a rate.
[[nodiscard]] std::optional<std::uint64_t> rate_of(const RuleValue& value);
[[nodiscard]] RuleValue value_of(std::uint64_t bits_per_second);

/// Of a set of entries in any order: their sum. Equal sets have equal ones; others hardly ever.
[[nodiscard]] std::uint64_t print_of(const Subscriber& subscriber, const Bucket& bucket);

}  // namespace garita::limiter
