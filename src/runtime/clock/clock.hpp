#pragma once
// The one door to the system's time; logic gets a Time as an argument.

#include "model/time.hpp"

namespace garita::runtime {

[[nodiscard]] inline Time system_now() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}

}  // namespace garita::runtime
