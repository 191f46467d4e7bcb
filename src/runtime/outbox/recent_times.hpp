#pragma once
// How often something happened lately, for limits on speaking.

#include <cstddef>
#include <deque>

#include "model/time.hpp"

namespace garita::runtime {

class RecentTimes {
  public:
    /// Forgets what is older than the span.
    void add(Time now, Duration span);
    /// How long until fewer than `limit` are younger than the span; zero: now.
    [[nodiscard]] Duration until_fewer(std::size_t limit, Duration span, Time now) const;
    /// How many are younger than the span.
    [[nodiscard]] std::size_t count(Duration span, Time now) const;

  private:
    std::deque<Time> times_;
};

}  // namespace garita::runtime
