#include "adapters/telegram/pace.hpp"

#include <algorithm>

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t all_in_a_second = 30;
constexpr std::size_t group_in_a_minute = 20;
constexpr std::size_t kept_for_urgent = 6;

/// How long until fewer than `limit` of the times are younger than `span`.
Duration until_fewer(const std::deque<Time>& times, std::size_t limit, Duration span, Time now) {
    if (times.size() < limit) return Duration{0};
    return std::max(Duration{0}, times[times.size() - limit] + span - now);
}

/// A time from the future means that the clock was set back: it is forgotten too.
void forget(std::deque<Time>& times, Duration span, Time now) {
    while (!times.empty() && (times.front() + span <= now || times.front() > now))
        times.pop_front();
}

}  // namespace

Duration Pace::wait_all(Time now) const {
    return std::max(std::max(Duration{0}, all_paused_ - now),
                    until_fewer(last_second_, all_in_a_second, 1s, now));
}

Duration Pace::wait(std::int64_t chat, Kind kind, Time now) const {
    Duration longest = wait_all(now);
    if (const auto paused = paused_.find(chat); paused != paused_.end())
        longest = std::max(longest, paused->second - now);
    const auto lane = lanes_.find(lane_of(chat, kind));
    if (lane == lanes_.end()) return longest;
    const auto& times = lane->second.last_minute;
    longest = std::max(longest, until_fewer(times, 1, 1s, now));
    if (chat < 0) {
        const auto limit =
            kind == Kind::routine_edit ? group_in_a_minute - kept_for_urgent : group_in_a_minute;
        longest = std::max(longest, until_fewer(times, limit, 60s, now));
    }
    return longest;
}

void Pace::spoke(std::int64_t chat, Kind kind, Time now) {
    auto& times = lanes_[lane_of(chat, kind)].last_minute;
    forget(times, 60s, now);
    times.push_back(now);
    forget(last_second_, 1s, now);
    last_second_.push_back(now);
    std::erase_if(paused_, [&](const auto& pause) { return pause.second <= now; });
}

void Pace::pause_chat(std::int64_t chat, Time until) {
    auto& pause = paused_[chat];
    pause = std::max(pause, until);
}

void Pace::pause_all(Time until) {
    all_paused_ = std::max(all_paused_, until);
}

}  // namespace garita::telegram
