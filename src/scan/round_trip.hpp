#pragma once
// Smoothed round trip and its variance, as RFC 6298 has it.

#include <algorithm>
#include <optional>

#include "model/time.hpp"

namespace garita::scan {

class RoundTrip {
  public:
    /// Only of answers whose probe is known for certain (Karn): each attempt has a number here.
    void measured(Duration sample) {
        sample = std::max(sample, Duration{1});
        if (!known_) {
            smoothed_ = sample;
            variance_ = sample / 2;
            known_ = true;
            return;
        }
        const Duration off = sample > smoothed_ ? sample - smoothed_ : smoothed_ - sample;
        variance_ += (off - variance_) / 4;
        smoothed_ += (sample - smoothed_) / 8;
    }

    [[nodiscard]] std::optional<Duration> smoothed() const {
        return known_ ? std::optional(smoothed_) : std::nullopt;
    }
    /// How long to wait for an answer; nothing before the first sample.
    [[nodiscard]] std::optional<Duration> patience() const {
        return known_ ? std::optional(smoothed_ + 4 * variance_) : std::nullopt;
    }

  private:
    Duration smoothed_{};
    Duration variance_{};
    bool known_ = false;
};

}  // namespace garita::scan
