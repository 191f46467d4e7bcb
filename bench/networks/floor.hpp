#pragma once
// What the kernel itself takes for networks: bare messages, no checks, nothing kept. Times in milliseconds.

#include <cstdint>
#include <span>

namespace garita::bench {

struct Network {
    std::uint32_t first = 0;
    unsigned prefix = 32;
};

struct Floor {
    double add = 0;     ///< all, 4000 a transaction
    double change = 0;  ///< 1000 taken away and put back in one transaction
};

enum class Sets {
    by_length,  ///< a hash set for each prefix length
    interval,   ///< one, of two elements for each network; none may lie within another
};

/// In the calling thread's network namespace.
[[nodiscard]] Floor measure_floor(std::span<const Network> networks, Sets sets);

}  // namespace garita::bench
