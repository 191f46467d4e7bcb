#pragma once
// What the parts of this benchmark share.

#include <chrono>
#include <cstdlib>
#include <string>

#include <fmt/core.h>

#include "model/result.hpp"

namespace garita::bench {

using Clock = std::chrono::steady_clock;

[[noreturn]] inline void stop(const std::string& why) {
    fmt::print(stderr, "garita-bench-speeds: {}\n", why);
    std::exit(1);
}

template <typename T>
T must(Result<T> result) {
    if (!result) stop(result.error().text);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// In milliseconds.
template <typename Action>
double took(Action action) {
    const auto start = Clock::now();
    action();
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

inline void tell(const std::string& what, double ms, double floor = 0, const char* note = "") {
    if (floor > 0)
        fmt::print("{:<46} {:>10.2f} ms  floor {:>9.2f} ms  ratio {:>5.2f} {}\n", what, ms, floor, ms / floor,
                   note);
    else
        fmt::print("{:<46} {:>10.2f} ms {}\n", what, ms, note);
}

}  // namespace garita::bench
