#pragma once
// What the kernel itself takes: bare messages, no checks, nothing kept. Times in milliseconds.

#include <cstdint>

namespace garita::bench {

struct Floor {
    double add = 0;      ///< N elements to one set, 4000 a transaction
    double change = 0;   ///< 1000 taken away and put back in one transaction
    double rebuild = 0;  ///< all taken away and put back in one transaction
    double list = 0;     ///< N elements of 16 sets
};

/// In a network namespace of the calling thread's own; N addresses.
[[nodiscard]] Floor measure_floor(std::uint32_t count);

}  // namespace garita::bench
