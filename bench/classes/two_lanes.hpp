#pragma once
// Single changes while many rules are being loaded.

#include <cstdint>
#include <string>

namespace garita::bench {

/// N rules are committed, 20000 a request, and brought into the kernel by a reconciler in a thread of its
/// own, as in the hub; meanwhile single changes are committed by another thread.
void bench_two_lanes(std::uint32_t count, const std::string& folder);

}  // namespace garita::bench
