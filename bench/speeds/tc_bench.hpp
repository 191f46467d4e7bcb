#pragma once

#include <cstdint>

namespace garita::bench {

/// A pool of so many classes, beside bare requests for the same; then with traffic.
void bench_tc(std::uint16_t classes, int seconds);

}  // namespace garita::bench
