#pragma once
// When to try again what a peer did not take.

#include <cstdint>

#include "model/time.hpp"

namespace garita::runtime {

/// `first`, doubled for each failure before, up to the limit.
[[nodiscard]] Duration back_off(Duration first, int failures_before, Duration limit);

/// The span made longer or shorter by up to a fifth, by the seed: what failed together need not come again
/// together. The same seed gives the same span.
[[nodiscard]] Duration spread(Duration span, std::uint64_t seed);

}  // namespace garita::runtime
