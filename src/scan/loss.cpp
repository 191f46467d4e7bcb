#include "scan/loss.hpp"

#include <algorithm>
#include <cmath>

namespace garita::scan {

namespace {

/// So many answers weigh as much as what is expected without them.
constexpr double weight_of_expected = 20;
constexpr double most_share = 0.98;

}  // namespace

void Loss::operator+=(const Loss& other) {
    answers_ += other.answers_;
    again_ += other.again_;
    for (unsigned i = 0; i < by_attempt_.size(); ++i)
        by_attempt_[i] += other.by_attempt_[i];
}

double Loss::chances(unsigned sweeps) const {
    // answers of the last sweep have not been followed by another one that could show what it lost
    const std::uint32_t last = sweeps >= 1 && sweeps <= most_attempts ? by_attempt_[sweeps] : 0;
    return static_cast<double>(answers_ - last);
}

double Loss::at_least(unsigned sweeps) const {
    if (sweeps < 2) return 0;
    const double base = chances(sweeps);
    return base > 0 ? std::min(static_cast<double>(again_) / base, 1.0) : (again_ > 0 ? 1.0 : 0.0);
}

double Loss::share(unsigned sweeps, double expected) const {
    const double base = sweeps < 2 ? 0 : chances(sweeps);
    const double lost = sweeps < 2 ? 0 : static_cast<double>(again_);
    return std::clamp((lost + expected * weight_of_expected) / (base + weight_of_expected), 0.0, most_share);
}

double expected_misses(std::uint32_t answers, double share, unsigned sweeps) {
    const double missed_each = std::pow(std::clamp(share, 0.0, most_share), sweeps);
    return (static_cast<double>(answers) + 1) * missed_each / (1 - missed_each);
}

unsigned sweeps_needed(std::uint32_t answers, double share, double borne) {
    unsigned sweeps = 2;
    while (sweeps < Loss::most_attempts && expected_misses(answers, share, sweeps) >= borne)
        ++sweeps;
    return sweeps;
}

}  // namespace garita::scan
