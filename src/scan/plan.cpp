#include "scan/plan.hpp"

#include <algorithm>

#include "scan/permutation.hpp"

namespace garita::scan {

using std::chrono::milliseconds;

namespace {

/// While little is known; a local network is better than this.
constexpr double first_expected_loss = 0.01;
constexpr double least_expected_loss = 0.0005;
/// Of all targets together, up to a thousand.
constexpr double misses_borne = 0.01;

std::vector<PortIndex> indices(const std::vector<PortSet>& sets) {
    return {sets.begin(), sets.end()};
}

double first_rate(const Limits& limits, const Asking& asking) {
    return limits.probes_per_second > 0 ? limits.probes_per_second : asking.first_rate;
}

}  // namespace

Planner::Plan::Plan(const Job& job, const Asking& asking, Time now)
    : job_(job),
      asking_(asking),
      rules_{&asking_, &job.limits, job.transport, first_expected_loss, std::nullopt},
      sets_(indices(job.port_sets)),
      entries_(job.targets.size()),
      pace_(first_rate(job.limits, asking), job.limits.probes_per_second, now),
      started_(now),
      now_(now),
      most_active_(
          std::max(job.limits.parallel_hosts > 0 ? job.limits.parallel_hosts : asking.parallel_targets, 1U)),
      most_in_flight_(std::max<std::size_t>(asking.most_in_flight, 1)) {
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        entries_[i].base = static_cast<std::uint32_t>(total_);
        entries_[i].set = job.targets[i].ports;
        entries_[i].place = asking.start == Asking::Start::held ? Place::held : Place::queued;
        total_ += sets_.at(entries_[i].set).size();
    }
    board_.resize(total_);
    rules_.misses_borne =
        misses_borne / static_cast<double>(std::clamp<std::size_t>(entries_.size(), 1, 1000));
    unjudged_ = unsent_ = total_;
    if (asking.start == Asking::Start::held || entries_.empty()) return;
    const auto count = static_cast<std::uint32_t>(entries_.size());
    const Permutation order(count, asking.key);
    released_.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i)
        released_.push_back(order.at(i));
}

std::span<Cell> Planner::Plan::cells(const Entry& entry) {
    return std::span(board_).subspan(entry.base, sets_[entry.set].size());
}

std::span<const Cell> Planner::Plan::cells(const Entry& entry) const {
    return std::span(board_).subspan(entry.base, sets_[entry.set].size());
}

Planner::Plan::Before Planner::Plan::before(const Course& course) {
    return {course.in_flight(), course.unjudged(), course.unsent(), course.lagging()};
}

void Planner::Plan::follow(std::uint32_t target, const Before& was) {
    Course& course = *entries_[target].course;
    in_flight_ = in_flight_ + course.in_flight() - was.in_flight;
    unjudged_ = unjudged_ + course.unjudged() - was.unjudged;
    unsent_ = unsent_ + course.unsent() - was.unsent;
    lagging_ = lagging_ + course.lagging() - was.lagging;
    for (const auto& question : course.expired())
        expired_.push_back({target, question.port, question.attempt});
    course.expired().clear();
    if (course.finished()) end(target);
}

void Planner::Plan::begin(std::uint32_t target, Time now) {
    Entry& entry = entries_[target];
    const std::uint64_t key = asking_.key + (std::uint64_t{target} + 1) * 0xd1342543de82ef95ULL;
    const std::uint32_t size = sets_[entry.set].size();
    const auto& shuffled = shuffled_.try_emplace(size, size, asking_.key).first->second;
    entry.course =
        std::make_unique<Course>(sets_[entry.set], PortOrder(shuffled, key), cells(entry), rules_, now);
    if (entry.round_trip) entry.course->guess(*entry.round_trip);
    if (job_.limits.host_timeout) entry.deadline = now + *job_.limits.host_timeout;
    active_ += 1;
    if (entry.course->finished())
        end(target);
    else
        make_ready(target);
}

void Planner::Plan::begin_more(Time now) {
    while (active_ < most_active_ && begun_of_released_ < released_.size()) {
        const std::uint32_t target = released_[begun_of_released_++];
        if (entries_[target].place == Place::queued) begin(target, now);
    }
}

void Planner::Plan::end(std::uint32_t target) {
    Entry& entry = entries_[target];
    if (entry.place == Place::ended) return;
    entry.place = Place::ended;
    ended_ += 1;
    if (entry.course) {
        entry.round_trip = entry.course->round_trip().smoothed();
        entry.misses = entry.course->misses();
        entry.limiting = entry.course->pace().limiting();
        entry.course.reset();
        active_ -= 1;
    }
    if (ended_ == entries_.size()) begin_late();
}

void Planner::Plan::park(std::uint32_t target, Time wake) {
    Entry& entry = entries_[target];
    entry.place = Place::parked;
    entry.wake = std::min(wake, entry.deadline);
    parked_.push({entry.wake, target});
}

void Planner::Plan::make_ready(std::uint32_t target) {
    entries_[target].place = Place::ready;
    ready_.push_back(target);
}

void Planner::Plan::wake_parked(Time now) {
    while (!parked_.empty() && parked_.top().wake <= now) {
        const Parked top = parked_.top();
        parked_.pop();
        const Entry& entry = entries_[top.target];
        if (entry.place == Place::parked && entry.wake == top.wake) make_ready(top.target);
    }
}

void Planner::Plan::evaluate(Time now) {
    pace_.evaluate(now, round_trip_.smoothed().value_or(milliseconds{5}));
    rules_.cuts = pace_.cuts();
    rules_.answers = pace_.answers();
    rules_.again = pace_.again();
    rules_.network_patience = round_trip_.patience();
    // as if a hundred answers had come already
    rules_.expected_loss =
        (static_cast<double>(again_) + 100 * first_expected_loss) / (static_cast<double>(answers_) + 100);
    rules_.expected_loss = std::max(rules_.expected_loss, least_expected_loss);
}

std::optional<Probe> Planner::Plan::ask(std::uint32_t target, Time now) {
    Entry& entry = entries_[target];
    if (now >= entry.deadline) {
        give_up(target, "the time for this host is over");
        return std::nullopt;
    }
    const Before was = before(*entry.course);
    const auto question = entry.course->next(now);
    follow(target, was);
    if (entry.place == Place::ended) return std::nullopt;
    if (!question) {
        park(target, entry.course->wake());
        return std::nullopt;
    }
    make_ready(target);
    return Probe{target, question->port, question->attempt};
}

/// So much is under way that nobody gets a turn: those who wait in vain must let go all the same.
void Planner::Plan::make_room(Time now) {
    for (std::size_t i = 0, count = ready_.size(); i < count && in_flight_ >= most_in_flight_; ++i) {
        const std::uint32_t target = ready_.front();
        ready_.pop_front();
        if (entries_[target].place != Place::ready) continue;
        const Before was = before(*entries_[target].course);
        entries_[target].course->tick(now);
        follow(target, was);
        if (entries_[target].place == Place::ready) ready_.push_back(target);
    }
}

std::size_t Planner::Plan::next(std::span<Probe> out, Time now) {
    now_ = std::max(now_, now);
    evaluate(now_);
    if (late_.active()) return next_late(out);
    wake_parked(now_);
    begin_more(now_);
    make_room(now_);
    const std::size_t room = most_in_flight_ > in_flight_ ? most_in_flight_ - in_flight_ : 0;
    const std::size_t bounded = std::min(out.size(), room);
    const std::size_t allowed = ready_.empty() ? 0 : pace_.available(bounded, now_);
    std::size_t count = 0;
    while (count < allowed && !ready_.empty()) {
        const std::uint32_t target = ready_.front();
        ready_.pop_front();
        if (entries_[target].place != Place::ready) continue;
        if (const auto probe = ask(target, now_)) out[count++] = *probe;
        if (ready_.empty()) begin_more(now_);
    }
    waiting_ = ready_.empty() ? Waiting::targets : bounded == 0 ? Waiting::window : Waiting::pace;
    pace_.sent(count);
    sent_ += count;
    return count;
}

Time Planner::Plan::wake() const {
    if (waiting_ == Waiting::pace) return pace_.when();
    Time wake = parked_.empty() ? Time::max() : parked_.top().wake;
    if (late_.active()) wake = late_.wake();
    // the probes under way may belong to targets whose turn has not come
    if (waiting_ == Waiting::window) wake = std::min<Time>(wake, now_ + milliseconds{10});
    return wake;
}

}  // namespace garita::scan
