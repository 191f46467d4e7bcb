#include "scan/course.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace garita::scan {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr Duration shortest_grain = std::chrono::microseconds{250};
constexpr Duration longest_grain = milliseconds{20};
constexpr unsigned most_fresh_starts = 6;
constexpr unsigned most_lulls = 2;
constexpr std::uint32_t least_lull = 32;  ///< ports
constexpr Duration lull = seconds{1};     ///< until it may be over

}  // namespace

Course::Course(const PortIndex& ports, const PortOrder& order, std::span<Cell> cells,
               const CourseRules& rules, Time now)
    : ports_(&ports),
      cells_(cells),
      rules_(&rules),
      order_(order),
      sweeps_(1),
      pace_(rules.limits->probes_per_second_of_host, now),
      unjudged_(ports.size()),
      unsent_(ports.size()),
      window_(rules.asking->first_window),
      cuts_seen_(rules.cuts),
      begun_(now),
      wake_(now),
      not_before_(now),
      no_shrink_before_(now) {}

double Course::share_lost() const {
    return loss_.share(static_cast<unsigned>(sweeps_.size()), rules_->expected_loss);
}

unsigned Course::sweeps_wanted() const {
    if (rules_->limits->tries > 0) return std::min(rules_->limits->tries, Planner::most_attempts);
    return sweeps_needed(loss_.answers(), share_lost(), rules_->misses_borne);
}

bool Course::window_full() const {
    return window_ > 0 && in_flight_ >= window_;
}

/// Where others lose as well it is the way to all of them.
bool Course::others_lose() const {
    const std::uint64_t answers = rules_->answers - std::min<std::uint64_t>(rules_->answers, loss_.answers());
    const std::uint64_t again = rules_->again - std::min<std::uint64_t>(rules_->again, loss_.again());
    return answers >= 50 && again * 7 > answers;
}

void Course::begin_sweep() {
    sweeps_.emplace_back();
    withdrawn_ = Withdrawn::none;
}

std::optional<std::uint32_t> Course::look(std::size_t sweep) {
    Sweep& walk = sweeps_[sweep];
    const std::uint32_t end = sweep == 0 ? ports_->size() : sweeps_[sweep - 1].expired_to();
    std::uint32_t place = walk.sent_to();
    for (; place < end; ++place) {
        const Cell& asked = cell(place);
        if (asked.waiting() && asked.tries() < wanted_) break;
    }
    walk.skip_to(place);
    if (place < end) return place;
    return std::nullopt;
}

/// Later sweeps go first: what they find out tells whether the first is too fast.
std::optional<std::uint32_t> Course::choose() {
    // where next to nothing gets lost a third sweep may be found needless by the time all were asked once
    const bool clean = loss_.again() == 0 && rules_->again * 100 <= rules_->answers;
    const bool soon = sweeps_.size() < 2 || !clean || sweeps_.front().sent_to() >= ports_->size();
    if (lagging_ > 0 && soon && sweeps_.size() < wanted_ && sweeps_.back().expired_to() > 0) begin_sweep();
    for (std::size_t passes = 0; passes <= sweeps_.size(); ++passes) {
        for (std::size_t i = sweeps_.size(); i-- > 0;) {
            if (const auto place = look(i)) {
                chosen_ = i;
                return place;
            }
        }
        if (in_flight_ > 0) break;
        settle();
    }
    return std::nullopt;
}

Course::Question Course::send(std::uint32_t place, Time now) {
    const std::uint32_t number = order_.at(place);
    Cell& cell = cells_[number];
    (cell.tries() == 0 ? unsent_ : lagging_) -= 1;
    cell.send();
    in_flight_ += 1;
    pace_.sent(1);
    const Duration wait = patience();
    no_expiry_before_ = std::min<Time>(no_expiry_before_, now + wait);
    // rare answers are timed by their stretch: short ones until the round trip is known
    const Duration grain = round_trip_.smoothed()
                               ? std::clamp<Duration>(wait / 32, shortest_grain, longest_grain)
                               : shortest_grain;
    if (sweeps_[chosen_].sent(place, now, grain) == Sweep::Stretch::begun &&
        (timed_attempt_ == 0 || now - timed_at_ > 4 * wait)) {
        timed_number_ = number;
        timed_attempt_ = cell.tries();
        timed_at_ = now;
    }
    return {ports_->at(number), static_cast<std::uint8_t>(cell.tries())};
}

std::optional<Course::Question> Course::next(Time now) {
    if (finished()) return std::nullopt;
    if (now < not_before_) {
        wake_ = not_before_;
        return std::nullopt;
    }
    expire(now);
    settle();
    if (std::exchange(cuts_seen_, rules_->cuts) != rules_->cuts && lagging_ + in_flight_ > 0) {
        // who was silent then may have been drowned
        start_over(now);
        return std::nullopt;
    }
    if (!others_lose() && pace_.judge(loss_, now) == TargetPace::Advice::start_over &&
        fresh_starts_ < most_fresh_starts) {
        fresh_starts_ += 1;
        start_over(now);
        return std::nullopt;
    }
    if (!window_full() && pace_.available(1, now) > 0) {
        auto place = choose();
        while (!place && in_flight_ == 0) {
            end_or_go_on(now);
            if (finished() || now < not_before_) return std::nullopt;
            place = choose();
        }
        if (place) return send(*place, now);
    }
    plan_wake(now);
    return std::nullopt;
}

void Course::plan_wake(Time now) {
    wake_ = Time::max();
    for (std::size_t i = 0; i < sweeps_.size(); ++i)
        if (const auto oldest = sweeps_[i].oldest()) wake_ = std::min(wake_, *oldest + patience_of(i));
    if (pace_.available(1, now) == 0) wake_ = std::min(wake_, pace_.when());
    if (pace_.measuring()) wake_ = std::min<Time>(wake_, now + milliseconds{20});
    wake_ = std::max(wake_, now + Duration{1});
}

/// All sweeps are at their end, nobody is waited for.
void Course::end_or_go_on(Time now) {
    wanted_ = sweeps_wanted();
    no_expiry_before_ = Time{};
    const auto sweeps = static_cast<unsigned>(sweeps_.size());
    if (sweeps < wanted_ + extra_sweeps_) {
        begin_sweep();
        return;
    }
    const double misses =
        rules_->limits->tries > 0 ? 0 : expected_misses(loss_.answers(), share_lost(), wanted_);
    if (misses >= rules_->misses_borne && wanted_ >= Planner::most_attempts &&
        fresh_starts_ < most_fresh_starts) {
        const double span = std::max(std::chrono::duration<double>(now - begun_).count(), 1e-3);
        pace_.slow_to(0.9 * loss_.answers() / span, now);
        fresh_starts_ += 1;
        start_over(now);
        return;
    }
    if (fell_silent() && lulls_ < most_lulls) {
        lulls_ += 1;
        start_over(now);
        not_before_ = wake_ = begun_ = now + std::max<Duration>(patience(), lull);
        return;
    }
    misses_ = misses >= rules_->misses_borne ? misses : 0;
    judge_silent();
}

/// Ports are asked in a random order, so those that answer are spread over it: a long stretch without any, of
/// a target that answers often, is a time when nothing came through.
bool Course::fell_silent() const {
    if (rules_->limits->tries > 0 || rules_->transport != Transport::tcp) return false;
    std::uint32_t answered = 0;
    std::uint32_t run = 0;
    std::uint32_t longest = 0;
    for (std::uint32_t place = 0; place < cells_.size(); ++place) {
        const bool silent = !cells_[order_.at(place)].judged();
        answered += silent ? 0 : 1;
        run = silent ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    const double expected = static_cast<double>(answered) * longest / static_cast<double>(cells_.size());
    return longest >= least_lull && expected > 10 + std::log(answered + 1.0);
}

void Course::start_over(Time now) {
    for (std::uint32_t number = 0; number < cells_.size(); ++number) {
        Cell& cell = cells_[number];
        if (cell.judged()) continue;
        if (cell.mark() == Mark::in_flight && rules_->asking->expiry == Asking::Expiry::tell)
            expired_.push_back({ports_->at(number), static_cast<std::uint8_t>(cell.tries())});
        cell.start_over();
    }
    in_flight_ = lagging_ = 0;
    unsent_ = unjudged_;
    not_before_ = wake_ = now + patience();
    begun_ = not_before_;
    sweeps_.assign(1, Sweep{});
    loss_.forget();
    wanted_ = sweeps_wanted();
    no_expiry_before_ = Time{};
    extra_sweeps_ = 0;
    timed_attempt_ = 0;
}

void Course::judge_silent() {
    for (auto& cell : cells_)
        if (cell.waiting()) cell.set(Mark::filtered);
    unjudged_ = in_flight_ = lagging_ = unsent_ = 0;
}

void Course::give_up() {
    for (std::uint32_t number = 0; number < cells_.size(); ++number) {
        Cell& cell = cells_[number];
        if (cell.judged()) continue;
        if (cell.mark() == Mark::in_flight && rules_->asking->expiry == Asking::Expiry::tell)
            expired_.push_back({ports_->at(number), static_cast<std::uint8_t>(cell.tries())});
        cell.set(Mark::unknown);
    }
    unjudged_ = in_flight_ = lagging_ = unsent_ = 0;
}

}  // namespace garita::scan
