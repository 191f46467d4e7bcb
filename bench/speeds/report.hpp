#pragma once
// What the parts of this benchmark share.

#include <string>

#include <fmt/core.h>

#include "bench/support/measuring.hpp"

namespace garita::bench {

inline void tell(const std::string& what, double ms, double floor = 0, const char* note = "") {
    if (floor > 0)
        fmt::print("{:<46} {:>10.2f} ms  floor {:>9.2f} ms  ratio {:>5.2f} {}\n", what, ms, floor, ms / floor,
                   note);
    else
        fmt::print("{:<46} {:>10.2f} ms {}\n", what, ms, note);
}

}  // namespace garita::bench
