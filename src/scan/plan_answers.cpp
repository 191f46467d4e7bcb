// What comes back, and what it changes.
#include <algorithm>

#include "scan/plan.hpp"

namespace garita::scan {

namespace {

constexpr std::size_t least_in_flight = 8;

}  // namespace

Planner::News Planner::Plan::answer_after_end(Entry& entry, Port port, Answer answer) {
    const auto number = sets_[entry.set].number_of(port);
    if (!number) return News::known;
    Cell& cell = cells(entry)[*number];
    const Mark before = cell.mark();
    if (before == Mark::open || before == Mark::waiting || before == Mark::in_flight) return News::known;
    if (answer == Answer::forbidden) return News::known;
    if (before == Mark::closed && answer != Answer::open) return News::known;
    cell.set(answer == Answer::open ? Mark::open : Mark::closed);
    return News::first;
}

Planner::News Planner::Plan::answered(const Probe& probe, Answer answer, Time at) {
    if (probe.target >= entries_.size()) return News::known;
    Entry& entry = entries_[probe.target];
    if (!entry.course) {
        const News late = answer_after_end(entry, probe.port, answer);
        if (late == News::first) take_late(probe.target, probe.port, at);
        return late;
    }
    Course& course = *entry.course;
    const Before was = before(course);
    const auto known = course.round_trip().smoothed();
    const News news = course.answered(probe.port, probe.attempt, answer, at);
    if (news == News::first && answer != Answer::forbidden && !course.pace().suspected()) {
        pace_.answered(probe.attempt);
        answers_ += 1;
        if (probe.attempt > 1) again_ += 1;
    }
    if (const auto measured = course.round_trip().smoothed(); measured && measured != known) {
        round_trip_.measured(*measured);
        pace_.queueing(course.queueing());
    }
    if (most_in_flight_ < asking_.most_in_flight && news == News::first && (answers_ & 15U) == 0)
        most_in_flight_ += 1;
    follow(probe.target, was);
    // its window has opened, or nobody is waited for any more
    if (entry.place == Place::parked && (asking_.first_window > 0 || course.in_flight() == 0))
        make_ready(probe.target);
    return news;
}

void Planner::Plan::unclear(const Probe& probe, std::string_view why, Time at) {
    if (probe.target >= entries_.size() || !entries_[probe.target].course) return;
    now_ = std::max(now_, at);
    Entry& entry = entries_[probe.target];
    const Before was = before(*entry.course);
    if (entry.course->unclear(probe.port) == News::first)
        unclear_[probe.target].emplace_back(probe.port, reason(why));
    follow(probe.target, was);
}

void Planner::Plan::put_back(std::span<const Probe> probes, Time now) {
    for (const Probe& probe : probes) {
        Entry& entry = entries_.at(probe.target);
        if (!entry.course) {
            late_.put_back(probe, now);
            continue;
        }
        const Before was = before(*entry.course);
        entry.course->put_back(probe.port);
        follow(probe.target, was);
        if (entry.place == Place::parked && entry.course->in_flight() == 0) make_ready(probe.target);
    }
    if (probes.empty()) return;
    if (late_.active()) in_flight_ = late_.under_way();
    sent_ -= std::min<std::uint64_t>(sent_, probes.size());
    pace_.put_back(probes.size(), now);
    most_in_flight_ = std::clamp(in_flight_, std::min(least_in_flight, asking_.most_in_flight),
                                 std::max<std::size_t>(most_in_flight_, 1));
}

void Planner::Plan::give_up(std::uint32_t target, std::string_view why) {
    Entry& entry = entries_.at(target);
    entry.given_up = true;
    late_.drop(target);
    if (entry.place == Place::ended) return;
    entry.why = reason(why);
    if (entry.course) {
        const Before was = before(*entry.course);
        entry.course->give_up();
        follow(target, was);
        return;
    }
    for (Cell& cell : cells(entry))
        cell.set(Mark::unknown);
    const std::size_t count = cells(entry).size();
    unjudged_ -= count;
    unsent_ -= count;
    end(target);
}

void Planner::Plan::release(std::uint32_t target, std::optional<Duration> round_trip) {
    Entry& entry = entries_.at(target);
    if (entry.place != Place::held) return;
    entry.place = Place::queued;
    entry.round_trip = round_trip;
    released_.push_back(target);
}

std::uint32_t Planner::Plan::reason(std::string_view why) {
    const auto found = std::find(reasons_.begin(), reasons_.end(), why);
    if (found == reasons_.end()) {
        reasons_.emplace_back(why);
        return static_cast<std::uint32_t>(reasons_.size() - 1);
    }
    return static_cast<std::uint32_t>(found - reasons_.begin());
}

}  // namespace garita::scan
