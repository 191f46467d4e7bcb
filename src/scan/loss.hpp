#pragma once
// How much gets lost between us and a target, learnt from the attempts that were answered, and how often a
// port has to be asked because of it.

#include <array>
#include <cstdint>

namespace garita::scan {

/// Counts first answers by the attempt that they belong to. Whoever answers the second attempt had lost the
/// first: of a share p that is lost, each sweep brings p times the answers of the one before.
class Loss {
  public:
    static constexpr unsigned most_attempts = 15;

    void answered(unsigned attempt) {
        answers_ += 1;
        if (attempt > 1) again_ += 1;
        if (attempt <= most_attempts) by_attempt_[attempt] += 1;
    }
    void operator+=(const Loss& other);
    void forget() { *this = Loss{}; }

    [[nodiscard]] std::uint32_t answers() const { return answers_; }
    /// Answers to a later attempt than the first: each stands for a loss.
    [[nodiscard]] std::uint32_t again() const { return again_; }
    /// At least this share gets lost, as far as `sweeps` sweeps can tell. Never too high: what was not asked
    /// again yet counts as if nothing of it was lost.
    [[nodiscard]] double at_least(unsigned sweeps) const;

    /// The share that gets lost, drawn towards `expected` as long as there are few answers.
    [[nodiscard]] double share(unsigned sweeps, double expected) const;

  private:
    [[nodiscard]] double chances(unsigned sweeps) const;

    std::uint32_t answers_ = 0;
    std::uint32_t again_ = 0;
    std::array<std::uint32_t, most_attempts + 1> by_attempt_{};
};

/// How many sweeps it takes until the expected number of ports that would answer, and were lost every time,
/// is below 0.01; at least two. `answers` of this target so far; `share` of round trips that get lost.
[[nodiscard]] unsigned sweeps_needed(std::uint32_t answers, double share, double borne);
/// The expected number of ports that are missed after that many sweeps.
[[nodiscard]] double expected_misses(std::uint32_t answers, double share, unsigned sweeps);

}  // namespace garita::scan
