#include "adapters/connect_scan/connect_run.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <thread>
#include <utility>

namespace garita::connect_scan {
namespace {

using Kind = Outcome::Kind;

constexpr std::size_t batch_size = 64;
constexpr Duration longest_sleep = std::chrono::milliseconds{50};  ///< a stop is noticed by then
constexpr Duration between_news = std::chrono::milliseconds{200};
constexpr Duration starved_for = std::chrono::seconds{5};
constexpr Duration kernels_patience = std::chrono::milliseconds{3500};  ///< asks three times, a second apart
constexpr const char* nobody_there = "no host answers for this address on its network";

Time now_is() {
    return Time{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

scan::Asking asking(std::size_t sockets) {
    std::random_device random;
    scan::Asking how;
    how.key = (std::uint64_t{random()} << 32) | random();
    how.first_rate = 5000;
    how.most_in_flight = sockets;
    // before the kernel sends again by itself
    how.first_patience = std::chrono::milliseconds{900};
    how.expiry = scan::Asking::Expiry::tell;
    return how;
}

}  // namespace

ConnectRun::ConnectRun(const scan::Job& job, const scan::Listeners& listeners, SocketPool pool)
    : job_(job),
      listeners_(listeners),
      pool_(std::move(pool)),
      planner_(job, asking(pool_.room()), now_is()),
      asked_(job.targets.size()),
      answered_(job.targets.size()) {}

Result<scan::Report> ConnectRun::run(const std::stop_token& stop) {
    std::array<scan::Probe, batch_size> batch{};
    last_sent_ = now_is();
    Duration wait{0};
    while (!planner_.done() && !stop.stop_requested()) {
        if (pool_.waiting() != 0 || wait > Duration::zero()) take_answers(wait);
        const Time now = now_is();
        tell_listeners(now);
        look_for_neighbours(now);
        const auto count = planner_.next(batch, now);
        take_expired(now);  // those that next() has found to be over have sockets for the new ones
        const auto sent = ask({batch.data(), count});
        if (sent < count) planner_.put_back({batch.data() + sent, count - sent}, now_is());
        wait = Duration::zero();
        if (sent == 0) wait = std::clamp(planner_.wake() - now_is(), Duration{1}, longest_sleep);
    }
    const bool done = planner_.done();
    auto report = planner_.report(done ? scan::Report::End::complete : scan::Report::End::stopped, now_is());
    doubt_silence(report, stop);
    add_warnings(report);
    return report;
}

void ConnectRun::take_answers(Duration wait) {
    for (const auto place : pool_.events(wait)) {
        const auto probe = pool_.probe(place);
        if (!probe) continue;
        const auto outcome = look(pool_.fd(place), address_of(*probe), probe->port);
        if (outcome.kind != Kind::pending) settle(place, *probe, outcome);
    }
}

void ConnectRun::take_expired(Time now) {
    for (const auto& probe : planner_.take_expired())
        pool_.set_late(probe);
    pool_.reap(now);
}

std::size_t ConnectRun::ask(std::span<const scan::Probe> probes) {
    for (std::size_t i = 0; i < probes.size(); ++i)
        if (!ask_one(probes[i])) {
            ++refused_here_;
            return i;
        }
    return probes.size();
}

bool ConnectRun::ask_one(const scan::Probe& probe) {
    const auto& address = address_of(probe);
    const auto place = pool_.take(address.family());
    if (!place) {
        if (place.error().retry == Retry::no) {
            planner_.unclear(probe, place.error().text, now_is());
            return true;
        }
        why_refused_ = place.error().text;
        tell_starved(probe, now_is());
        return false;
    }
    const auto outcome = begin(pool_.fd(*place), address, probe.port);
    if (outcome.kind == Kind::no_room) {
        pool_.give_back(*place, SocketPool::Use::reset_first);
        why_refused_ = outcome.why;
        tell_starved(probe, now_is());
        return false;
    }
    last_sent_ = now_is();
    if (outcome.kind != Kind::pending) {
        settle(*place, probe, outcome);
        return true;
    }
    asked_[probe.target] = true;
    if (pool_.wait_for(*place, probe, last_sent_)) return true;
    pool_.give_back(*place, SocketPool::Use::none);
    return false;
}

void ConnectRun::tell_starved(const scan::Probe& probe, Time now) {
    if (pool_.waiting() != 0 || now - last_sent_ < starved_for) return;
    planner_.give_up(probe.target, why_refused_);
}

void ConnectRun::settle(SocketPool::Place place, const scan::Probe& probe, const Outcome& outcome) {
    using Use = SocketPool::Use;
    const Time now = now_is();
    if (outcome.kind <= Kind::forbidden) asked_[probe.target] = answered_[probe.target] = true;
    switch (outcome.kind) {
        case Kind::open:
            pool_.give_back(place, Use::reset_first);
            if (planner_.answered(probe, scan::Answer::open, now) == scan::Planner::News::first &&
                listeners_.open)
                listeners_.open(address_of(probe), probe.port);
            return;
        case Kind::closed:
            pool_.give_back(place, Use::clean);  // refused: the kernel has ended it
            planner_.answered(probe, scan::Answer::closed, now);
            return;
        case Kind::forbidden:
            pool_.give_back(place, Use::reset_first);
            planner_.answered(probe, scan::Answer::forbidden, now);
            return;
        case Kind::unclear:
            pool_.give_back(place, Use::reset_first);
            planner_.unclear(probe, outcome.why, now);
            return;
        case Kind::no_way:
        case Kind::no_host:
            pool_.give_back(place, Use::reset_first);
            no_way(probe, outcome, now);
            return;
        case Kind::pending:
        case Kind::silent:
        case Kind::no_room:
            pool_.give_back(place, Use::reset_first);  // the planner asks again when its patience is over
            return;
    }
}

void ConnectRun::no_way(const scan::Probe& probe, const Outcome& outcome, Time now) {
    const auto& before = outcome.kind == Kind::no_way ? asked_ : answered_;
    if (!before[probe.target]) return planner_.unclear(probe, outcome.why, now);
    planner_.give_up(probe.target, outcome.why + " any more");
    asked_[probe.target] = answered_[probe.target] = false;
    cut_off_ += 1;
}

void ConnectRun::tell_listeners(Time now) {
    if (!listeners_.progress || now - told_ < between_news) return;
    told_ = now;
    listeners_.progress(planner_.progress(now));
}

void ConnectRun::look_for_neighbours(Time now) {
    for (const auto& address : neighbours_.given_up(now))
        give_up(address);
}

/// Nothing that is sent leaves for a host that has no neighbour's address.
void ConnectRun::give_up(const IpAddress& address) {
    if (places_.empty())
        for (std::uint32_t i = 0; i < job_.targets.size(); ++i)
            places_.emplace(job_.targets[i].address, i);
    const auto at = places_.find(address);
    if (at == places_.end() || answered_[at->second]) return;
    planner_.give_up(at->second, nobody_there);
    places_.erase(at);
}

std::vector<std::uint32_t> ConnectRun::came_late(const scan::Report& report, const std::stop_token& stop) {
    const auto was_away = [&](const scan::TargetResult& target) {
        return !target.round_trip && neighbours_.was_away(target.address);
    };
    std::vector<std::uint32_t> late;
    if (std::none_of(report.targets.begin(), report.targets.end(), was_away)) return late;
    wait_for_neighbours(stop);
    for (std::uint32_t i = 0; i < report.targets.size(); ++i)
        if (was_away(report.targets[i]) && neighbours_.has_come(report.targets[i].address)) late.push_back(i);
    return late;
}

/// Silence of those to whom nothing could be delivered says nothing.
void ConnectRun::doubt_silence(scan::Report& report, const std::stop_token& stop) {
    const auto silent = [](const scan::TargetResult& target) { return !target.filtered.empty(); };
    if (std::none_of(report.targets.begin(), report.targets.end(), silent)) return;
    neighbours_.look(now_is());
    const auto lost = [&](const scan::TargetResult& target) {
        return silent(target) && target.round_trip && neighbours_.is_away(target.address);
    };
    if (std::any_of(report.targets.begin(), report.targets.end(), lost)) wait_for_neighbours(stop);
    for (auto& target : report.targets) {
        if (!target.round_trip && silent(target) && neighbours_.was_away(target.address))
            target.unknown.push_back({std::exchange(target.filtered, {}), nobody_there});
        if (!lost(target)) continue;
        target.unknown.push_back({std::exchange(target.filtered, {}), nobody_there});
        cut_off_ += 1;
    }
}

void ConnectRun::wait_for_neighbours(const std::stop_token& stop) {
    const Time end = now_is() + kernels_patience;
    while (neighbours_.some_asked_for() && now_is() < end && !stop.stop_requested()) {
        std::this_thread::sleep_for(longest_sleep);
        neighbours_.look(now_is());
    }
}

void ConnectRun::add_warnings(scan::Report& report) const {
    if (cut_off_ != 0) {
        if (report.end == scan::Report::End::complete) report.end = scan::Report::End::cut_short;
        report.warnings.push_back("the scan was cut short: there is no way to " + std::to_string(cut_off_) +
                                  (cut_off_ == 1 ? " host" : " hosts") + " any more that there was before");
    }
    if (refused_here_ != 0)
        report.warnings.push_back("this host could not send as fast as it was to (" + why_refused_ +
                                  "): the scan took longer; `ulimit -n` says how many files may be open");
}

}  // namespace garita::connect_scan
