#pragma once
// What programs that measure have in common.

#include <chrono>
#include <cstdlib>
#include <errno.h>
#include <string>
#include <type_traits>
#include <utility>

#include <fmt/core.h>

#include "model/result.hpp"

namespace garita::bench {

using Clock = std::chrono::steady_clock;

[[noreturn]] inline void stop(const std::string& why) {
    fmt::print(stderr, "{}: {}\n", program_invocation_short_name, why);
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

}  // namespace garita::bench
