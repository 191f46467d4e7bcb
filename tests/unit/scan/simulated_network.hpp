#pragma once
// Targets on a network that loses, delays and limits, with a clock that jumps: what the planner is tested on.

#include <algorithm>
#include <functional>
#include <limits>
#include <map>
#include <queue>
#include <random>
#include <stdexcept>
#include <vector>

#include "scan/planner.hpp"
#include "scan/token_bucket.hpp"

namespace garita::scan::simulation {

/// What a target really is.
struct Truth {
    PortSet open;
    PortSet silent;                                   ///< drops what comes
    PortSet forbidden;                                ///< answers with ICMP
    double loss = 0;                                  ///< each way
    Duration delay = std::chrono::microseconds{100};  ///< each way
    Duration jitter{};
    double answers_per_second = 0;  ///< 0: no limit
    double answers_at_once = 5;
    double twice = 0;  ///< share of answers that come again
    PortSet late{};    ///< silent at first: until `late_for` after the begin
    Duration late_for{};
};

class Network {
  public:
    Network(std::vector<Truth> truths, unsigned seed)
        : truths_(std::move(truths)), random_(seed), asked_(truths_.size()) {
        for (const auto& truth : truths_)
            limits_.emplace_back(truth.answers_per_second, truth.answers_at_once, start());
    }
    static Time start() { return Time{} + std::chrono::hours{1}; }

    double probes_a_second = 1e6;  ///< what the scanner's own host can do
    double bottleneck = 0;         ///< probes a second that pass a router on the way; the others are lost
    /// All targets share one listener at each open port, which has so much room (0: enough), and empties it.
    double listener_room = 0;
    double listener_takes_a_second = 0;
    Time stop_at = Time::max();
    Time outage_begins = Time::max();  ///< nothing arrives from then on,
    Time outage_ends = Time::max();    ///< until then
    std::function<void(Planner&, Time)> each_turn;

    /// Runs until the planner is done; its time at the end.
    Time run(Planner& planner) {
        Time now = start();
        std::vector<Probe> batch(64);
        TokenBucket router(bottleneck, 100, now);
        TokenBucket listener(listener_takes_a_second, listener_room, now);
        listener_ = &listener;
        for (std::uint64_t turns = 0; !planner.done() && now < stop_at; ++turns) {
            if (turns > 50'000'000) throw std::runtime_error("the planner does not come to an end");
            deliver(planner, now);
            if (each_turn) each_turn(planner, now);
            const std::size_t count = planner.next(batch, now);
            for (std::size_t i = 0; i < count; ++i) {
                if (router.available(1, now) == 0) continue;
                router.take(1);
                receive(batch[i], now);
            }
            sent += count;
            if (count > 0) {
                now += Duration{
                    static_cast<Duration::rep>(static_cast<double>(count) / probes_a_second * 1e6) + 1};
                continue;
            }
            if (planner.done()) break;
            Time next = planner.wake();
            if (!answers_.empty()) next = std::min(next, answers_.top().at);
            if (next == Time::max()) throw std::runtime_error("the planner waits for nothing");
            now = std::max(next, now + Duration{1});
        }
        return now;
    }

    std::uint64_t sent = 0;
    [[nodiscard]] std::uint64_t asked(std::size_t target) const { return asked_[target]; }
    /// Most probes that came to any target within a millisecond of each other, one after the other.
    [[nodiscard]] std::uint64_t longest_burst() const { return longest_burst_; }

  private:
    struct Arrival {
        Time at;
        Probe probe;
        Answer answer;
        bool operator<(const Arrival& other) const { return at > other.at; }
    };

    bool lost(const Truth& truth) { return std::uniform_real_distribution<>(0, 1)(random_) < truth.loss; }
    Duration way(const Truth& truth) {
        if (truth.jitter.count() == 0) return truth.delay;
        return truth.delay +
               Duration{std::uniform_int_distribution<Duration::rep>(0, truth.jitter.count())(random_)};
    }
    void receive(const Probe& probe, Time now) {
        const Truth& truth = truths_.at(probe.target);
        asked_[probe.target] += 1;
        burst_ = probe.target == burst_target_ ? burst_ + 1 : 1;
        burst_target_ = probe.target;
        longest_burst_ = std::max(longest_burst_, burst_);
        if (now >= outage_begins && now < outage_ends) return;
        if (lost(truth) || truth.silent.contains(probe.port)) return;
        if (truth.late.contains(probe.port) && now < start() + truth.late_for) return;
        if (listener_room > 0 && truth.open.contains(probe.port)) {
            if (listener_->available(1, now) == 0) return;
            listener_->take(1);
        }
        const Time there = now + way(truth);
        auto& limit = limits_[probe.target];
        if (limit.available(1, there) == 0) return;
        limit.take(1);
        if (lost(truth)) return;
        const Answer answer = truth.open.contains(probe.port)        ? Answer::open
                              : truth.forbidden.contains(probe.port) ? Answer::forbidden
                                                                     : Answer::closed;
        answers_.push({there + way(truth), probe, answer});
        if (std::uniform_real_distribution<>(0, 1)(random_) < truth.twice)
            answers_.push({there + 3 * way(truth), probe, answer});
    }
    void deliver(Planner& planner, Time now) {
        while (!answers_.empty() && answers_.top().at <= now) {
            const Arrival arrival = answers_.top();
            answers_.pop();
            planner.answered(arrival.probe, arrival.answer, arrival.at);
        }
    }

    std::vector<Truth> truths_;
    std::mt19937_64 random_;
    std::vector<TokenBucket> limits_;
    TokenBucket* listener_ = nullptr;  ///< while it runs
    std::priority_queue<Arrival> answers_;
    std::vector<std::uint64_t> asked_;
    std::uint32_t burst_target_ = 0;
    std::uint64_t burst_ = 0;
    std::uint64_t longest_burst_ = 0;
};

/// Targets 10.0.0.1 and on, which are all asked for these ports.
inline Job job_of(std::size_t targets, PortSet ports) {
    Job job;
    job.port_sets.push_back(std::move(ports));
    for (std::size_t i = 0; i < targets; ++i)
        job.targets.push_back({IpAddress::from_v4({10, 0, static_cast<std::uint8_t>((i + 1) >> 8),
                                                   static_cast<std::uint8_t>((i + 1) & 255)}),
                               0});
    return job;
}

inline PortSet ports(std::string_view text) {
    return PortSet::parse(text).value();
}

}  // namespace garita::scan::simulation
