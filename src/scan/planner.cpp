#include "scan/planner.hpp"

#include <iterator>

#include "scan/plan.hpp"

namespace garita::scan {

Planner::Planner(const Job& job, const Asking& asking, Time now)
    : plan_(std::make_unique<Plan>(job, asking, now)) {}
Planner::~Planner() = default;

std::size_t Planner::next(std::span<Probe> out, Time now) {
    return plan_->next(out, now);
}
Time Planner::wake() const {
    return plan_->wake();
}
bool Planner::done() const {
    return plan_->done();
}
Planner::News Planner::answered(const Probe& probe, Answer answer, Time at) {
    return plan_->answered(probe, answer, at);
}
void Planner::unclear(const Probe& probe, std::string_view why, Time at) {
    plan_->unclear(probe, why, at);
}
void Planner::put_back(std::span<const Probe> probes, Time now) {
    plan_->put_back(probes, now);
}
void Planner::receive_drops(std::uint64_t count) {
    plan_->receive_drops(count);
}
void Planner::give_up(std::uint32_t target, std::string_view why) {
    plan_->give_up(target, why);
}
void Planner::release(std::uint32_t target, std::optional<Duration> round_trip) {
    plan_->release(target, round_trip);
}
std::vector<Probe> Planner::take_expired() {
    return plan_->take_expired();
}
PortState Planner::state(std::uint32_t target, Port port) const {
    return plan_->state(target, port);
}
std::size_t Planner::in_flight() const {
    return plan_->in_flight();
}
std::uint64_t Planner::probes_sent() const {
    return plan_->probes_sent();
}
Progress Planner::progress(Time now) const {
    return plan_->progress(now);
}
Report Planner::report(Report::End end, Time now) const {
    return plan_->report(end, now);
}

std::vector<Job> slices(const Job& job, std::size_t most) {
    std::vector<Job> parts;
    std::size_t probes = 0;
    for (const Target& target : job.targets) {
        const std::size_t size = job.port_sets.at(target.ports).size();
        if (parts.empty() || probes + size > most) {
            parts.push_back({job.transport, job.port_sets, {}, job.limits});
            probes = 0;
        }
        parts.back().targets.push_back(target);
        probes += size;
    }
    return parts;
}

void append(Report& whole, Report&& part) {
    if (part.end != Report::End::complete) whole.end = part.end;
    whole.targets.insert(whole.targets.end(), std::make_move_iterator(part.targets.begin()),
                         std::make_move_iterator(part.targets.end()));
    whole.probes_sent += part.probes_sent;
    whole.took += part.took;
    whole.warnings.insert(whole.warnings.end(), std::make_move_iterator(part.warnings.begin()),
                          std::make_move_iterator(part.warnings.end()));
}

}  // namespace garita::scan
