#pragma once
// What a host lets itself be told to scan, whatever is asked of it.

#include "scan/vantage.hpp"

namespace garita::scan {

struct VantageBounds {
    std::vector<IpNetwork> targets;  ///< none: nothing
    PortSet ports;
    double probes_per_second = 0;  ///< at most
};

/// The task as it may be carried out: its rate is not above the bounds'. `forbidden`: some of it is not
/// within them, and nothing of it is done.
[[nodiscard]] Result<VantageTask> within(const VantageBounds& bounds, VantageTask task);

}  // namespace garita::scan
