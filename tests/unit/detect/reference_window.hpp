#pragma once
// The plainest exact answer to "how many events fall in any window": sort, then look at every event as a
// window's end.

#include <algorithm>
#include <cstdint>
#include <map>
#include <vector>

namespace garita::detect::testing {

/// Most events within (t - window, t] for any t.
inline std::uint32_t reference_peak(std::vector<std::int64_t> seconds, std::int64_t window) {
    std::sort(seconds.begin(), seconds.end());
    std::uint32_t peak = 0;
    for (const auto end : seconds) {
        const auto inside = std::count_if(seconds.begin(), seconds.end(),
                                          [&](std::int64_t s) { return s > end - window && s <= end; });
        peak = std::max(peak, static_cast<std::uint32_t>(inside));
    }
    return peak;
}

}  // namespace garita::detect::testing
