#include "runtime/outbox/back_off.hpp"

#include <algorithm>

namespace garita::runtime {

Duration back_off(Duration first, int failures_before, Duration limit) {
    constexpr int longest = 16;
    return std::min<Duration>(limit, first * (std::int64_t{1} << std::clamp(failures_before, 0, longest)));
}

Duration spread(Duration span, std::uint64_t seed) {
    // splitmix64: neighbouring seeds land far from each other
    seed += 0x9e3779b97f4a7c15ULL;
    seed = (seed ^ (seed >> 30)) * 0xbf58476d1ce4e5b9ULL;
    seed = (seed ^ (seed >> 27)) * 0x94d049bb133111ebULL;
    seed ^= seed >> 31;
    const auto permille = static_cast<std::int64_t>(seed % 401) - 200;
    return span + span * permille / 1000;
}

}  // namespace garita::runtime
