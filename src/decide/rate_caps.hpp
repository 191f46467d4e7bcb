#pragma once
// One wrong policy must not block the planet: how much policies have done lately, and which has done too
// much. In memory, and counted anew from the decisions in the store after a start.

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "decide/desk_options.hpp"
#include "store/store.hpp"

namespace garita::decide {

/// Counts within a span that moves, in sixtieths of it: what is forgotten is forgotten up to a sixtieth late,
/// never early.
class RateWindow {
  public:
    explicit RateWindow(Duration per) : slot_(std::max(per / slots, Duration{1})) {}
    void note(Time at);
    [[nodiscard]] std::size_t count(Time now);

  private:
    static constexpr int slots = 60;
    void move_to(std::int64_t slot);
    Duration slot_;
    std::array<std::uint32_t, slots + 1> counts_{};
    std::int64_t newest_ = 0;
    std::size_t sum_ = 0;
};

/// A policy that has done too much.
struct Runaway {
    std::string policy;
    RateCap cap;         ///< the one that was exceeded
    bool fleet = false;  ///< it is the bound of all policies, and this is the busiest
};

/// A copy is a snapshot: a transaction that fails goes back to it.
class RateCaps {
  public:
    /// Counts one automatic answer with this effect if it may be given; otherwise who has done too much,
    /// which need not be the one that asks. From then on that one counts nothing.
    [[nodiscard]] std::optional<Runaway> ask(store::View& view, const DeskOptions& options,
                                             const Policy& policy, Response response, Time now);

  private:
    struct Counted {
        RateWindow own;
        RateWindow blocks;  ///< in the span of all policies
    };
    void begin(store::View& view, const DeskOptions& options, Time now);
    Counted& of(const Policy& policy, const DeskOptions& options);
    std::map<std::string, Counted, std::less<>> counted_;
    bool begun_ = false;
};

}  // namespace garita::decide
