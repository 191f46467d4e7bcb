#include "scan/target_pace.hpp"

#include <algorithm>

namespace garita::scan {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr std::uint32_t enough_evidence = 8;
/// A link that loses more than this is rarer than a target that limits its answers.
constexpr double too_much_loss = 0.3;
constexpr unsigned enough_answers = 20;
constexpr Duration shortest_look = milliseconds{100};
constexpr Duration longest_look = seconds{2};
constexpr double slowest = 0.5;

/// Those who count let only a few packets through at once.
double burst_of(double rate) {
    return std::clamp(rate * 0.0005, 1.0, 64.0);
}

double share_of(const Loss& loss) {
    return loss.answers() == 0 ? 0 : static_cast<double>(loss.again()) / loss.answers();
}

double seconds_of(Duration span) {
    return std::chrono::duration<double>(span).count();
}

}  // namespace

TargetPace::TargetPace(double most, Time now)
    : bucket_(most, burst_of(most), now), most_(most), since_(now) {}

void TargetPace::set(double rate, Time now) {
    rate = std::max(rate, slowest);
    if (most_ > 0) rate = std::min(rate, most_);
    bucket_.set(rate, burst_of(rate), now);
}

void TargetPace::measure(Time now) {
    phase_ = Phase::measuring;
    since_ = now;
    measured_ = 0;
}

TargetPace::Advice TargetPace::judge(const Loss& loss, Time now) {
    if (phase_ == Phase::lossy) return Advice::go_on;
    if (phase_ == Phase::measuring) return end_measurement(loss, now);
    if (loss.again() >= enough_evidence && share_of(loss) > too_much_loss) {
        if (phase_ == Phase::paced && share_of(loss) > 0.7 * share_) {
            phase_ = Phase::lossy;
            bucket_.set(most_, burst_of(most_), now);
            return Advice::go_on;
        }
        measure(now);
    } else if (phase_ == Phase::paced) {
        follow(loss, now);
    }
    return Advice::go_on;
}

TargetPace::Advice TargetPace::end_measurement(const Loss& loss, Time now) {
    const Duration span = now - since_;
    if (span < shortest_look || (measured_ < enough_answers && span < longest_look)) return Advice::go_on;
    share_ = share_of(loss);
    phase_ = Phase::paced;
    const double rate = measured_ / seconds_of(span);
    ceiling_ = rate;
    set(rate * 0.9, now);
    since_ = now;
    measured_ = 0;
    again_ = 0;
    return Advice::start_over;
}

/// Creeps towards what the target bears, and stays just below where it began to lose.
void TargetPace::follow(const Loss& loss, Time now) {
    const Duration span = now - since_;
    if (span < seconds{1} || measured_ < enough_answers) return;
    const std::uint32_t lost = loss.again() - std::min(again_, loss.again());
    if (lost * 50 > measured_) {
        ceiling_ = bucket_.rate();
        set(bucket_.rate() * 0.92, now);
    } else if (ceiling_ <= 0 || bucket_.rate() * 1.03 < ceiling_ * 0.98) {
        set(bucket_.rate() * 1.03, now);
    } else if (span >= seconds{3}) {
        ceiling_ *= 1.1;  // perhaps it bears more by now
    } else {
        return;
    }
    again_ = loss.again();
    since_ = now;
    measured_ = 0;
}

void TargetPace::slow_to(double rate, Time now) {
    phase_ = Phase::paced;
    set(bucket_.rate() > 0 ? std::min(bucket_.rate(), rate) : rate, now);
    since_ = now;
    measured_ = 0;
    again_ = 0;
}

}  // namespace garita::scan
