// What answers, and probes that never left, change in the asking of a target.
#include <algorithm>

#include "scan/course.hpp"

namespace garita::scan {

void Course::take(Cell& cell, Mark mark) {
    if (!cell.judged()) {
        unjudged_ -= 1;
        if (cell.mark() == Mark::in_flight)
            in_flight_ -= 1;
        else
            (cell.tries() == 0 ? unsent_ : lagging_) -= 1;
    }
    cell.set(mark);
}

void Course::measured(Duration round_trip) {
    round_trip_.measured(round_trip);
    least_ = std::min(least_.value_or(round_trip), round_trip);
    queueing_ = std::max<Duration>(round_trip_.smoothed().value_or(*least_) - *least_, Duration{0});
}

void Course::time_answer(std::uint32_t number, unsigned attempt, Time at) {
    const Cell& cell = cells_[number];
    if (cell.withdrawn()) return;
    if (timed_attempt_ == attempt && timed_number_ == number) {
        measured(at - timed_at_);
        timed_attempt_ = 0;
    } else if (attempt < cell.tries() || cell.waiting()) {
        // how late is not known; whoever waits too short would never learn it otherwise
        if (!round_trip_.smoothed() || at - late_noted_ < patience()) return;
        late_noted_ = at;
        measured(2 * patience());
    } else if (!round_trip_.smoothed() && attempt >= 1 && attempt <= sweeps_.size()) {
        if (const auto sent = sweeps_[attempt - 1].sent_at(order_.place_of(number))) measured(at - *sent);
    }
}

Planner::News Course::answered(Port port, unsigned attempt, Answer answer, Time at) {
    const auto number = ports_->number_of(port);
    if (!number) return Planner::News::known;
    Cell& cell = cells_[*number];
    const Mark before = cell.mark();
    if (before == Mark::open || (before == Mark::closed && answer != Answer::open))
        return Planner::News::known;
    if ((before == Mark::filtered || before == Mark::forbidden) && answer == Answer::forbidden)
        return Planner::News::known;
    if (before < Mark::open) time_answer(*number, attempt, at);
    if (answer != Answer::forbidden && before != Mark::closed) {
        // ICMP is limited everywhere, and says no more than silence does
        loss_.answered(attempt);
        pace_.answered();
        if (window_ > 0 && window_ < rules_->asking->most_window) window_ += 1;
    }
    take(cell, answer == Answer::open     ? Mark::open
               : answer == Answer::closed ? Mark::closed
                                          : Mark::forbidden);
    return Planner::News::first;
}

Planner::News Course::unclear(Port port) {
    const auto number = ports_->number_of(port);
    if (!number || cells_[*number].judged()) return Planner::News::known;
    take(cells_[*number], Mark::unknown);
    return Planner::News::first;
}

void Course::put_back(Port port) {
    const auto number = ports_->number_of(port);
    if (!number || cells_[*number].mark() != Mark::in_flight) return;
    Cell& cell = cells_[*number];
    cell.withdraw();
    in_flight_ -= 1;
    (cell.tries() == 0 ? unsent_ : lagging_) += 1;
    pace_.put_back(1);
    if (withdrawn_ == Withdrawn::none) extra_sweeps_ += 1;
    withdrawn_ = Withdrawn::some;
}

}  // namespace garita::scan
