#pragma once
// One wrong policy must not block the planet: too many automatic answers in a minute, and people are asked
// again until it has been calm for a while. In memory: a restart lets go of it.

#include <cstddef>
#include <optional>

#include "model/time.hpp"

namespace garita::decide {

class AutoBrake {
  public:
    AutoBrake(std::size_t per_minute, Duration pause) : per_minute_(per_minute), pause_(pause) {}

    enum class Verdict { go, stop, stop_now };  ///< stop_now: this very question pulled the brake
    /// Asks for one automatic answer; counts it if it may be given.
    [[nodiscard]] Verdict ask(Time now);

  private:
    std::size_t per_minute_;
    Duration pause_;
    std::size_t given_ = 0;
    std::optional<Time> minute_began_;
    std::optional<Time> stopped_until_;
};

}  // namespace garita::decide
