#pragma once
// A rate that is kept on average, with bursts of a bounded size.

#include <algorithm>
#include <cmath>
#include <cstddef>

#include "model/time.hpp"

namespace garita::scan {

class TokenBucket {
  public:
    /// A rate of 0 is none: there is always enough.
    TokenBucket(double per_second, double burst, Time now)
        : rate_(per_second), burst_(std::max(burst, 1.0)), tokens_(burst_), filled_(now) {}

    [[nodiscard]] double rate() const { return rate_; }
    void set(double per_second, double burst, Time now) {
        fill(now);
        rate_ = per_second;
        burst_ = std::max(burst, 1.0);
        tokens_ = std::min(tokens_, burst_);
    }

    /// How many may go now, at most `wanted`.
    [[nodiscard]] std::size_t available(std::size_t wanted, Time now) {
        if (rate_ <= 0) return wanted;
        fill(now);
        return std::min(wanted, static_cast<std::size_t>(tokens_));
    }
    void take(std::size_t count) { tokens_ -= rate_ > 0 ? static_cast<double>(count) : 0; }
    void give_back(std::size_t count) {
        if (rate_ > 0) tokens_ = std::min(burst_, tokens_ + static_cast<double>(count));
    }
    /// When `count` (no more than a burst) will be there.
    [[nodiscard]] Time when(std::size_t count) const {
        const double missing = std::min(static_cast<double>(count), burst_) - tokens_;
        if (rate_ <= 0 || missing <= 0) return filled_;
        return filled_ + Duration{static_cast<Duration::rep>(std::ceil(missing / rate_ * 1e6))};
    }

  private:
    void fill(Time now) {
        if (now <= filled_) return;
        tokens_ = std::min(burst_, tokens_ + rate_ * std::chrono::duration<double>(now - filled_).count());
        filled_ = now;
    }

    double rate_;
    double burst_;
    double tokens_;
    Time filled_;
};

}  // namespace garita::scan
