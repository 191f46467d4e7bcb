#include "adapters/udp_scan/udp_run.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <random>
#include <utility>

#include "adapters/udp_scan/payloads.hpp"
#include "adapters/udp_scan/slow_round.hpp"
#include "runtime/sockets/own_addresses.hpp"
#include "scan/path_message.hpp"

namespace garita::udp_scan {
namespace {

constexpr std::size_t batch_size = 32;
constexpr Duration longest_sleep = std::chrono::milliseconds{50};  ///< a stop is noticed by then
constexpr Duration between_news = std::chrono::milliseconds{200};
constexpr Duration starved_for = std::chrono::seconds{5};
constexpr Port tftp = 69;
constexpr const char* nobody_there = "no host answers for this address on its network";

Time now_is() {
    return Time{std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch())};
}

scan::Asking asking() {
    std::random_device random;
    scan::Asking how;
    how.key = (std::uint64_t{random()} << 32) | random();
    how.first_rate = 1000;
    how.least_patience = std::chrono::milliseconds{250};  // services think longer than kernels
    return how;
}

}  // namespace

UdpRun::UdpRun(const scan::Job& job, const scan::Listeners& listeners, UdpSockets sockets)
    : job_(job),
      listeners_(listeners),
      sockets_(std::move(sockets)),
      planner_(job, asking(), now_is()),
      asked_(job.targets.size()),
      answered_(job.targets.size()),
      own_(runtime::own_addresses()) {
    for (std::uint32_t i = 0; i < job.targets.size(); ++i)
        places_.emplace(job.targets[i].address, i);
}

scan::Report UdpRun::run(const std::stop_token& stop) {
    std::array<scan::Probe, batch_size> batch{};
    const Time begun = now_is();
    last_sent_ = begun;
    Duration wait{0};
    while (!planner_.done() && !stop.stop_requested()) {
        sockets_.receive(wait, [this](const UdpSockets::Heard& heard) { take(heard); });
        const Time now = now_is();
        tell_listeners(now);
        look_for_neighbours(now);
        const auto count = planner_.next(batch, now);
        const auto sent = ask({batch.data(), count});
        if (sent < count) planner_.put_back({batch.data() + sent, count - sent}, now_is());
        wait = Duration::zero();
        if (sent == 0) wait = std::clamp(planner_.wake() - now_is(), Duration{1}, longest_sleep);
    }
    const bool done = planner_.done();
    auto report = finish(done ? scan::Report::End::complete : scan::Report::End::stopped, now_is());
    if (done && cut_off_ == 0 && job_.limits.tries != 1)
        SlowRound(job_, listeners_, sockets_, report).run(stop);
    report.took = now_is() - begun;
    return report;
}

std::size_t UdpRun::ask(std::span<const scan::Probe> probes) {
    for (std::size_t i = 0; i < probes.size(); ++i) {
        const auto& probe = probes[i];
        auto sent = sockets_.send(job_.targets[probe.target].address, probe.port, probe.attempt,
                                  payload_for(probe.port, probe.attempt));
        const Time now = now_is();
        if (sent.kind == UdpSockets::Sent::Kind::gone) {
            last_sent_ = now;
            asked_[probe.target] = true;
        } else if (sent.kind == UdpSockets::Sent::Kind::no_way) {
            no_way(probe, sent.why, now);
        } else if (sent.kind == UdpSockets::Sent::Kind::never) {
            planner_.unclear(probe, sent.why, now);
        } else {
            starved_ = std::move(sent.why);
            if (now - last_sent_ > starved_for) planner_.give_up(probe.target, starved_);
            return i;
        }
    }
    return probes.size();
}

void UdpRun::no_way(const scan::Probe& probe, const std::string& why, Time now) {
    if (!asked_[probe.target]) return planner_.unclear(probe, why, now);
    planner_.give_up(probe.target, why + " any more");
    asked_[probe.target] = false;
    cut_off_ += 1;
}

Port UdpRun::asked_port(std::uint32_t target, Port from) const {
    const auto& asked = job_.port_sets[job_.targets[target].ports];
    return !asked.contains(from) && asked.contains(tftp) ? tftp : from;
}

void UdpRun::take(const UdpSockets::Heard& heard) {
    const auto at = places_.find(heard.address);
    if (at == places_.end()) return;
    const auto port = heard.error ? heard.port : asked_port(at->second, heard.port);
    if (!job_.port_sets[job_.targets[at->second].ports].contains(port)) return;
    const scan::Probe probe{at->second, port, heard.attempt};
    if (heard.error) return take_error(probe, *heard.error);
    answered_[at->second] = true;
    if (planner_.answered(probe, scan::Answer::open, now_is()) == scan::Planner::News::first &&
        listeners_.open)
        listeners_.open(heard.address, port);
}

void UdpRun::take_error(const scan::Probe& probe, const runtime::PathError& error) {
    using Kind = scan::PathMeaning::Kind;
    const auto& target = job_.targets[probe.target].address;
    auto meaning =
        scan::meaning_of({error.family, error.type, error.code, error.sender}, target, Transport::udp);
    const bool by_us = error.sender != target && own_.contains(error.sender);
    if (meaning.kind == Kind::nothing) return;
    if (by_us && meaning.kind == Kind::unclear) meaning.why = nobody_there;
    if (by_us && meaning.kind == Kind::forbidden)
        meaning = {Kind::unclear, "this host's own firewall rejects the question"};
    if (meaning.kind == Kind::unclear) return planner_.unclear(probe, meaning.why, now_is());
    answered_[probe.target] = true;
    planner_.answered(probe, meaning.kind == Kind::closed ? scan::Answer::closed : scan::Answer::forbidden,
                      now_is());
}

void UdpRun::tell_listeners(Time now) {
    if (!listeners_.progress || now - told_ < between_news) return;
    told_ = now;
    listeners_.progress(planner_.progress(now));
}

void UdpRun::look_for_neighbours(Time now) {
    for (const auto& address : neighbours_.given_up(now)) {
        const auto at = places_.find(address);
        if (at != places_.end() && !answered_[at->second]) planner_.give_up(at->second, nobody_there);
    }
}

scan::Report UdpRun::finish(scan::Report::End end, Time now) {
    auto report = planner_.report(end, now);
    const auto still_silent = [](const scan::TargetResult& target) { return !target.round_trip; };
    if (std::any_of(report.targets.begin(), report.targets.end(), still_silent)) neighbours_.look(now);
    for (auto& target : report.targets)
        if (still_silent(target) && !target.filtered.empty() && neighbours_.was_away(target.address))
            target.unknown.push_back({std::exchange(target.filtered, {}), nobody_there});
    if (cut_off_ != 0) {
        if (end == scan::Report::End::complete) report.end = scan::Report::End::cut_short;
        report.warnings.push_back("the scan was cut short: there is no way to " + std::to_string(cut_off_) +
                                  (cut_off_ == 1 ? " host" : " hosts") + " any more that there was before");
    }
    return report;
}

}  // namespace garita::udp_scan
