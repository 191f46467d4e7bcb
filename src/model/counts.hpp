#pragma once
// How much there is, for `garita status` and the metrics.

#include <cstdint>

namespace garita {

struct StoreCounts {
    std::int64_t alerts = 0;
    std::int64_t open_cases = 0;
    std::int64_t rules = 0;
    std::int64_t unsettled_rules = 0;
    std::int64_t pending_actions = 0;
    friend bool operator==(const StoreCounts&, const StoreCounts&) = default;
};

}  // namespace garita
