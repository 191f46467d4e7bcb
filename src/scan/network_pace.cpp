#include "scan/network_pace.hpp"

#include <algorithm>
#include <utility>

namespace garita::scan {

using std::chrono::milliseconds;

namespace {

constexpr Duration shortest_interval = milliseconds{5};
constexpr double slowest = 50;
/// More than this share lost is no bad link any more, it is too much traffic.
constexpr double too_much_loss = 0.3;
constexpr std::uint64_t enough_evidence = 64;
/// After a trouble, until what was careful enough at first is tried again.
constexpr Duration mourning = milliseconds{500};

/// What a sleeping thread may have to make up for.
double burst_of(double rate) {
    return std::clamp(rate * 0.004, 1.0, 8192.0);
}

double lower_of(double a, double b) {
    if (a <= 0) return b;
    return b <= 0 ? a : std::min(a, b);
}

/// A queue of this length grows somewhere on the way. Sleepy targets look the same, so it is no reason to go
/// much more slowly than was careful enough at first.
constexpr Duration too_long_queue = milliseconds{60};

double slow_enough_for_queues(double first_rate) {
    constexpr double usual = 100'000;
    return lower_of(first_rate, usual) / 4;
}

}  // namespace

NetworkPace::NetworkPace(double first_rate, double most, Time now)
    : bucket_(lower_of(first_rate, most), burst_of(lower_of(first_rate, most)), now),
      first_(lower_of(first_rate, most)),
      most_(most),
      begun_(now),
      next_(now + shortest_interval),
      no_cut_before_(now) {}

void NetworkPace::set(double rate, Time now) {
    bucket_.set(rate, burst_of(rate), now);
}

void NetworkPace::put_back(std::size_t count, Time now) {
    bucket_.give_back(count);
    sent_ -= std::min<std::uint64_t>(sent_, count);
    refused_ += count;
    next_ = std::min(next_, now + shortest_interval);
}

void NetworkPace::halve(Time now, double from) {
    set(std::max(lower_of(bucket_.rate(), from) / 2, slowest), now);
    growth_ = Growth::careful;
    queueing_ = Duration{0};
}

void NetworkPace::judge(Time now, Duration round_trip) {
    const double span = std::max(std::chrono::duration<double>(now - begun_).count(), 1e-4);
    const double lately = static_cast<double>(sent_) / span;
    measured_ = measured_ > 0 ? measured_ + (lately - measured_) / 4 : lately;
    const bool lossy =
        again_ >= enough_evidence && static_cast<double>(again_) > too_much_loss * static_cast<double>(seen_);
    const bool queued =
        queueing_ > too_long_queue && lately > slow_enough_for_queues(first_) && answers_ * 8 > sent_;
    if ((drops_ > 0 || lossy || queued) && now >= no_cut_before_) {
        // answers come as fast as the narrowest place lets them through
        const double proven = std::max(static_cast<double>(answers_) / span, slow_enough_for_queues(first_));
        halve(now, queued ? 2 * proven : lately);
        if (drops_ > 0 || lossy) {
            cuts_ += 1;
            seen_before_ = std::exchange(seen_, 0);
            again_before_ = std::exchange(again_, 0);
        }
        no_cut_before_ = now + std::max<Duration>(4 * round_trip, milliseconds{50});
    } else if (refused_ > 0) {
        // the interface's queue is full: it can do what it did, and no more
        if (lately > 0) set(std::max(lower_of(lately, most_) * 0.95, slowest), now);
    } else if (held_back_ && answers_ * 2 >= sent_ && sent_ > 0 && bucket_.rate() > 0) {
        set(lower_of(bucket_.rate() * (growth_ == Growth::fast ? 2 : 1.1), most_), now);
    }
    if (held_back_ && bucket_.rate() < first_ && now >= no_cut_before_ + mourning)
        set(std::min(bucket_.rate() * 1.1, first_), now);
    sent_ = answers_ = drops_ = refused_ = 0;
    held_back_ = false;
    begun_ = now;
    next_ = now + std::max<Duration>(shortest_interval, round_trip);
}

}  // namespace garita::scan
