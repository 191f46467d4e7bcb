// How far it is, and what it has found out.
#include <algorithm>
#include <cmath>
#include <map>

#include "scan/plan.hpp"

namespace garita::scan {

namespace {

constexpr std::string_view not_asked = "not asked to the end";
constexpr std::size_t many_hosts = 3;

/// Numbers that follow each other become one range of ports, where the ports do.
class RangeWriter {
  public:
    explicit RangeWriter(TargetResult& result) : result_(result) {}
    ~RangeWriter() { flush(); }
    RangeWriter(const RangeWriter&) = delete;
    RangeWriter& operator=(const RangeWriter&) = delete;

    void write(Port port, PortState state) {
        if (begun_ && state == state_ && port == last_ + 1) {
            last_ = port;
            return;
        }
        flush();
        begun_ = true;
        state_ = state;
        first_ = last_ = port;
    }
    [[nodiscard]] const PortSet& unknown() {
        flush();
        return unknown_;
    }

  private:
    void flush() {
        if (!begun_) return;
        begun_ = false;
        switch (state_) {
            case PortState::open:
                result_.open.insert(first_, last_);
                break;
            case PortState::closed:
                result_.closed.insert(first_, last_);
                break;
            case PortState::filtered:
                result_.filtered.insert(first_, last_);
                break;
            case PortState::unknown:
                unknown_.insert(first_, last_);
                break;
        }
    }

    TargetResult& result_;
    PortSet unknown_;
    bool begun_ = false;
    PortState state_ = PortState::unknown;
    Port first_ = 0;
    Port last_ = 0;
};

}  // namespace

PortState Planner::Plan::state(std::uint32_t target, Port port) const {
    const Entry& entry = entries_.at(target);
    const auto number = sets_[entry.set].number_of(port);
    return number ? cells(entry)[*number].state() : PortState::unknown;
}

Progress Planner::Plan::progress(Time now) const {
    Progress progress;
    progress.probes = total_;
    progress.judged = total_ - unjudged_;
    progress.per_second = pace_.sent_per_second();
    const double elapsed = std::chrono::duration<double>(now - started_).count();
    if (elapsed < 0.5 || progress.per_second <= 0 || sent_ == 0) return progress;
    // what is silent is asked twice
    const double asked = static_cast<double>(total_ - unsent_);
    const double silent = asked > 0 ? static_cast<double>(lagging_ + in_flight_) / asked : 0;
    const double to_send =
        static_cast<double>(unsent_) * (1 + silent) + static_cast<double>(lagging_ + in_flight_);
    progress.left = Duration{static_cast<Duration::rep>(to_send / progress.per_second * 1e6)};
    return progress;
}

TargetResult Planner::Plan::result(std::uint32_t target) const {
    const Entry& entry = entries_[target];
    const PortIndex& ports = sets_[entry.set];
    const auto known = cells(entry);
    TargetResult result;
    result.address = job_.targets[target].address;
    result.round_trip = entry.course ? entry.course->round_trip().smoothed() : entry.round_trip;
    RangeWriter writer(result);
    for (std::uint32_t number = 0; number < known.size(); ++number)
        writer.write(ports.at(number), known[number].state());
    PortSet rest = writer.unknown();
    if (const auto found = unclear_.find(target); found != unclear_.end()) {
        std::map<std::uint32_t, PortSet> by_reason;
        for (const auto& [port, why] : found->second)
            if (rest.contains(port)) by_reason[why].insert(port);
        for (auto& [why, ports_of_it] : by_reason) {
            rest = rest - ports_of_it;
            result.unknown.push_back({std::move(ports_of_it), reasons_[why]});
        }
    }
    if (!rest.empty())
        result.unknown.push_back(
            {std::move(rest), entry.why > 0 ? reasons_[entry.why] : std::string(not_asked)});
    return result;
}

void Planner::Plan::add_warnings(Report& report) const {
    if (drops_ > 0)
        report.warnings.push_back(std::to_string(drops_) +
                                  " answers were lost in this host's own receive queue and asked for again");
    std::size_t answering = 0;
    std::size_t troubled = 0;
    double misses = 0;
    for (const Entry& entry : entries_) {
        answering += entry.round_trip ? 1U : 0U;
        troubled += entry.limiting || entry.misses > 0 ? 1U : 0U;
        misses += entry.misses;
    }
    // hosts that all limit their answers are rarer than a narrow place on the way to them
    if (troubled < many_hosts || troubled * 3 < answering) return add_warnings_of_hosts(report);
    auto& warning = report.warnings.emplace_back(
        "the network on the way loses what is too much for it (" + std::to_string(troubled) + " of " +
        std::to_string(answering) + " hosts that answer): it was asked more slowly");
    if (misses > 0)
        warning += "; about " + std::to_string(std::max(1L, std::lround(misses))) +
                   " ports may have been missed all the same, ask more slowly yet (--max-rate)";
}

void Planner::Plan::add_warnings_of_hosts(Report& report) const {
    for (std::uint32_t i = 0; i < entries_.size(); ++i) {
        const Entry& entry = entries_[i];
        const std::string name = job_.targets[i].address.text();
        if (entry.misses > 0)
            report.warnings.push_back(name + " loses so much that about " +
                                      std::to_string(std::max(1L, std::lround(entry.misses))) +
                                      " of its ports may have been missed; ask more slowly (--max-rate)");
        if (entry.limiting) report.warnings.push_back(name + " limits its answers and was asked more slowly");
    }
}

Report Planner::Plan::report(Report::End end, Time now) const {
    Report report;
    report.end = end;
    report.targets.reserve(entries_.size());
    for (std::uint32_t i = 0; i < entries_.size(); ++i)
        report.targets.push_back(result(i));
    report.probes_sent = sent_;
    report.took = now - started_;
    add_warnings(report);
    return report;
}

}  // namespace garita::scan
