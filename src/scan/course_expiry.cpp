// How long a target's answers are waited for, and what happens when nobody waits any more.
#include <algorithm>

#include "scan/course.hpp"

namespace garita::scan {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr Duration last_patience = milliseconds{100};   ///< before a port is said to be silent
constexpr Duration guess_patience = milliseconds{200};  ///< while only others' round trips are known
constexpr Duration most_patience = seconds{10};
constexpr unsigned least_window = 4;
constexpr std::uint64_t answers_for_each_at_the_tail = 32;

}  // namespace

Duration Course::patience() const {
    if (rules_->limits->patience) return *rules_->limits->patience;
    const auto& asking = *rules_->asking;
    Duration wait = asking.first_patience;
    if (const auto own = round_trip_.patience())
        wait = *own;
    else if (guess_)
        wait = std::max(4 * *guess_, guess_patience);
    else if (rules_->network_patience)
        wait = std::max(2 * *rules_->network_patience, guess_patience);
    return std::clamp(wait, asking.least_patience, std::max(most_patience, asking.least_patience));
}

/// Everything was asked, nearly everything has answered: to ask the rest once more costs next to nothing.
bool Course::at_the_tail() const {
    return unsent_ == 0 && rules_->asking->first_window == 0 && pace_.rate() <= 0 && least_ &&
           std::uint64_t{unjudged_} * answers_for_each_at_the_tail <= loss_.answers();
}

Duration Course::patience_of(std::size_t sweep) const {
    const Duration wait = patience();
    if (rules_->limits->patience) return wait;
    if (sweep + 1 >= wanted_) return std::max(2 * wait, last_patience);
    if (!at_the_tail()) return wait;
    return std::min(wait, std::max<Duration>(*least_ + *least_ / 2, rules_->asking->least_patience));
}

void Course::expire_place(std::uint32_t place) {
    const std::uint32_t number = order_.at(place);
    Cell& cell = cells_[number];
    if (cell.mark() != Mark::in_flight) return;
    cell.set(Mark::waiting);
    in_flight_ -= 1;
    lagging_ += 1;
    if (rules_->asking->expiry == Asking::Expiry::tell)
        expired_.push_back({ports_->at(number), static_cast<std::uint8_t>(cell.tries())});
}

void Course::expire_sweep(std::size_t sweep, Time now) {
    Sweep& walk = sweeps_[sweep];
    const std::uint32_t to = walk.due_to(now - patience_of(sweep));
    for (std::uint32_t place = walk.expired_to(); place < to; ++place)
        expire_place(place);
    walk.expired_to(std::max(to, walk.expired_to()));
}

void Course::shrink_window(Time now) {
    // silence is a sign of too much traffic only where answers are usual
    if (window_ <= least_window || loss_.answers() < 2 * lagging_ || now < no_shrink_before_) return;
    window_ = std::max(window_ / 2, least_window);
    no_shrink_before_ = now + patience();
}

void Course::expire(Time now) {
    const Duration wait = patience();
    const bool news = loss_.again() != expiry_again_ || at_the_tail() != (expiry_tail_ == Tail::reached);
    if (now < no_expiry_before_ && wait == expiry_patience_ && !news) return;
    if (news) wanted_ = sweeps_wanted();
    const std::uint32_t before = lagging_;
    for (std::size_t i = 0; i < sweeps_.size(); ++i)
        expire_sweep(i, now);
    if (lagging_ != before) {
        wanted_ = sweeps_wanted();
        shrink_window(now);
    }
    plan_expiry();
}

/// Whoever is asked many times before anything is overdue does not look at all sweeps each time.
void Course::plan_expiry() {
    expiry_patience_ = patience();
    expiry_again_ = loss_.again();
    expiry_tail_ = at_the_tail() ? Tail::reached : Tail::ahead;
    no_expiry_before_ = Time::max();
    for (std::size_t i = 0; i < sweeps_.size(); ++i)
        if (const auto oldest = sweeps_[i].oldest())
            no_expiry_before_ = std::min(no_expiry_before_, *oldest + patience_of(i));
}

/// Where nobody is waited for, nothing needs to expire.
void Course::settle() {
    if (in_flight_ > 0) return;
    const bool nothing_behind = lagging_ == 0 && extra_sweeps_ == 0;
    for (auto& sweep : sweeps_)
        sweep.settle(nothing_behind ? sweeps_.front().sent_to() : sweep.sent_to());
}

}  // namespace garita::scan
