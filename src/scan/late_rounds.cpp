#include "scan/late_rounds.hpp"

#include <algorithm>
#include <utility>

namespace garita::scan {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

constexpr Duration first_pause = seconds{1};
constexpr Duration later_pause = milliseconds{1500};
/// Between two questions of the first round: most listeners have emptied their queue by then.
constexpr Duration usual_gap = milliseconds{2};
constexpr Duration longest_spread = seconds{1};
constexpr Duration after_refusal = milliseconds{10};

std::uint64_t key_of(std::uint32_t target, Port port) {
    return std::uint64_t{target} << 16 | port;
}

}  // namespace

void LateRounds::begin(const std::vector<Question>& questions, Duration wait, Time now) {
    wait_ = wait;
    asked_.reserve(questions.size());
    for (const Question& question : questions)
        asked_.push_back({question});
    active_ = true;
    plan_round(now + first_pause);
}

void LateRounds::forget_answered() {
    std::erase_if(asked_, [](const Asked& asked) { return asked.state == State::answered; });
    places_.clear();
    for (std::uint32_t i = 0; i < asked_.size(); ++i)
        places_.emplace(key_of(asked_[i].question.target, asked_[i].question.port), i);
}

void LateRounds::plan_round(Time begin) {
    forget_answered();
    order_.clear();
    at_ = 0;
    found_ = 0;
    rounds_ += 1;
    const auto count = static_cast<Duration::rep>(asked_.size());
    const Duration spread = std::min(count * usual_gap, longest_spread) * rounds_;
    for (std::uint32_t i = 0; i < asked_.size(); ++i) {
        asked_[i].state = State::waiting;
        const Time at = begin + std::max<Duration>(spread * i / count, asked_[i].question.after);
        if (at < asked_[i].question.until) order_.push_back({at, i});
    }
    std::stable_sort(order_.begin(), order_.end(), [](const Due& a, const Due& b) { return a.at < b.at; });
    active_ = !order_.empty() && rounds_ <= most_rounds;
}

void LateRounds::tick(Time now) {
    while (active_ && !sent_.empty()) {
        Asked& oldest = asked_[sent_.front()];
        if (oldest.state == State::under_way) {
            if (now < oldest.sent + wait_) break;
            oldest.state = State::expired;
            under_way_ -= 1;
            expired_.push_back(probe_of(oldest.question));
        }
        sent_.pop_front();
    }
    if (!active_ || at_ < order_.size() || !sent_.empty()) return;
    active_ = false;
    if (found_ > 0) plan_round(now + later_pause);
}

std::optional<Probe> LateRounds::next(Time now) {
    while (active_ && at_ < order_.size() && order_[at_].at <= now) {
        const std::uint32_t place = order_[at_++].place;
        Asked& asked = asked_[place];
        if (asked.state != State::waiting) continue;
        asked.state = State::under_way;
        asked.sent = now;
        under_way_ += 1;
        sent_.push_back(place);
        return probe_of(asked.question);
    }
    return std::nullopt;
}

Time LateRounds::wake() const {
    if (!active_) return Time::max();
    if (at_ == order_.size() && sent_.empty()) return Time{};  // the round is over
    Time wake = Time::max();
    if (at_ < order_.size()) wake = order_[at_].at;
    if (!sent_.empty()) wake = std::min(wake, asked_[sent_.front()].sent + wait_);
    return wake;
}

std::vector<Probe> LateRounds::take_expired() {
    return std::exchange(expired_, {});
}

Probe LateRounds::probe_of(const Question& question) const {
    const unsigned attempt = std::min(question.attempts + rounds_, Planner::most_attempts);
    return {question.target, question.port, static_cast<std::uint8_t>(attempt)};
}

LateRounds::Asked* LateRounds::find(std::uint32_t target, Port port) {
    const auto found = places_.find(key_of(target, port));
    return found == places_.end() ? nullptr : &asked_[found->second];
}

std::optional<Time> LateRounds::answered(std::uint32_t target, Port port) {
    Asked* const asked = active_ ? find(target, port) : nullptr;
    if (asked == nullptr || asked->state == State::answered) return std::nullopt;
    const State before = std::exchange(asked->state, State::answered);
    if (before == State::under_way) under_way_ -= 1;
    found_ += 1;
    return before == State::waiting ? std::nullopt : std::optional(asked->sent);
}

void LateRounds::drop(std::uint32_t target) {
    if (!active_) return;
    for (Asked& asked : asked_) {
        if (asked.question.target != target || asked.state == State::answered) continue;
        if (asked.state == State::under_way) {
            under_way_ -= 1;
            expired_.push_back(probe_of(asked.question));
        }
        asked.state = State::answered;
    }
}

void LateRounds::put_back(const Probe& probe, Time now) {
    Asked* const asked = active_ ? find(probe.target, probe.port) : nullptr;
    if (asked == nullptr || asked->state != State::under_way) return;
    asked->state = State::waiting;
    under_way_ -= 1;
    order_.push_back({now + after_refusal, static_cast<std::uint32_t>(asked - asked_.data())});
}

}  // namespace garita::scan
