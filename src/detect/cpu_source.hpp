#pragma once
// The machine's processor time, as the load detector needs it.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "model/result.hpp"

namespace garita::detect {

/// Counters since boot, in clock ticks, summed over all processors. Use over a time is the difference of two
/// readings: busy / (busy + idle).
struct CpuTimes {
    std::uint64_t busy = 0;  ///< user, nice, system, irq, softirq, steal
    std::uint64_t idle = 0;  ///< idle and iowait
    friend bool operator==(const CpuTimes&, const CpuTimes&) = default;
};

/// Use between two readings as 0..1; 0 when no time has passed or the counters went back.
[[nodiscard]] constexpr double cpu_use(const CpuTimes& before, const CpuTimes& after) {
    if (after.busy < before.busy || after.idle < before.idle) return 0;
    const auto busy = static_cast<double>(after.busy - before.busy);
    const auto all = busy + static_cast<double>(after.idle - before.idle);
    return all > 0 ? busy / all : 0;
}

/// A process and its share of the whole machine (1.0 = all processors) since the reading before.
struct ProcessUse {
    std::int32_t pid = 0;
    std::string command;  ///< short name of the process, at most 64 bytes
    double share = 0;
};

class CpuSource {
  public:
    CpuSource() = default;
    CpuSource(const CpuSource&) = delete;
    CpuSource& operator=(const CpuSource&) = delete;
    virtual ~CpuSource() = default;

    [[nodiscard]] virtual Result<CpuTimes> read() = 0;
    /// The busiest processes since the call before, busiest first, at most `limit`. The first call only
    /// remembers, and returns none. Costs a walk over all processes: call it when a load is to be explained,
    /// not every interval.
    [[nodiscard]] virtual Result<std::vector<ProcessUse>> top_processes(std::size_t limit) = 0;
};

}  // namespace garita::detect
