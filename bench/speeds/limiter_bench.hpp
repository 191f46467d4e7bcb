#pragma once

#include <cstdint>
#include <string>

namespace garita::bench {

/// The limiter beside bare batches of map updates, then with the store, then with traffic.
void bench_limiter(std::uint32_t count, int seconds, const std::string& folder);

}  // namespace garita::bench
