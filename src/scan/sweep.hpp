#pragma once
// One walk over a target's ports in their order: how far has been sent, and how far nobody waits any more.

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/time.hpp"

namespace garita::scan {

class Sweep {
  public:
    [[nodiscard]] std::uint32_t sent_to() const { return sent_to_; }
    [[nodiscard]] std::uint32_t expired_to() const { return expired_to_; }

    /// Places before this one need nothing any more, or were just sent.
    void skip_to(std::uint32_t place) { sent_to_ = place; }
    enum class Stretch : std::uint8_t { begun, continued };
    /// The probe at this place was sent; places only grow. Probes within `grain` share one time.
    Stretch sent(std::uint32_t place, Time now, Duration grain) {
        sent_to_ = place + 1;
        if (first_ < stretches_.size() && now - stretches_.back().begun < grain) {
            stretches_.back().last = now;
            return Stretch::continued;
        }
        stretches_.push_back({place, now, now});
        return Stretch::begun;
    }

    /// The place up to which everything was sent at `limit` or before.
    [[nodiscard]] std::uint32_t due_to(Time limit) {
        while (first_ < stretches_.size() && stretches_[first_].last <= limit)
            ++first_;
        if (first_ == stretches_.size()) {
            stretches_.clear();
            first_ = 0;
            return sent_to_;
        }
        if (first_ > 64 && first_ * 2 > stretches_.size()) {
            stretches_.erase(stretches_.begin(), stretches_.begin() + static_cast<std::ptrdiff_t>(first_));
            first_ = 0;
        }
        return stretches_[first_].place;
    }
    void expired_to(std::uint32_t place) { expired_to_ = place; }

    /// Last time of the oldest stretch that is still waited for.
    [[nodiscard]] std::optional<Time> oldest() const {
        return first_ < stretches_.size() ? std::optional(stretches_[first_].last) : std::nullopt;
    }
    /// About when the probe at this place was sent, if it is still waited for.
    [[nodiscard]] std::optional<Time> sent_at(std::uint32_t place) const {
        const auto begin = stretches_.begin() + static_cast<std::ptrdiff_t>(first_);
        const auto after = std::upper_bound(begin, stretches_.end(), place,
                                            [](std::uint32_t p, const Span& s) { return p < s.place; });
        if (after == begin || place >= sent_to_) return std::nullopt;
        return std::prev(after)->begun;
    }

    /// Everything before this place is answered.
    void settle(std::uint32_t place) {
        sent_to_ = expired_to_ = place;
        stretches_.clear();
        first_ = 0;
    }

  private:
    struct Span {
        std::uint32_t place;  ///< of its first probe
        Time begun;
        Time last;
    };
    std::uint32_t sent_to_ = 0;
    std::uint32_t expired_to_ = 0;
    std::vector<Span> stretches_;  ///< from first_ on
    std::size_t first_ = 0;
};

}  // namespace garita::scan
