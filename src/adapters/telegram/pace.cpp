#include "adapters/telegram/pace.hpp"

#include <algorithm>

namespace garita::telegram {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t all_in_a_second = 30;
constexpr std::size_t group_in_a_minute = 20;
constexpr std::size_t kept_for_urgent = 6;

}  // namespace

Duration Pace::wait_all(Time now) const {
    return std::max(std::max(Duration{0}, all_paused_ - now),
                    last_second_.until_fewer(all_in_a_second, 1s, now));
}

Duration Pace::wait(std::int64_t chat, Kind kind, Time now) const {
    Duration longest = wait_all(now);
    if (const auto paused = paused_.find(chat); paused != paused_.end())
        longest = std::max(longest, paused->second - now);
    const auto lane = lanes_.find(lane_of(chat, kind));
    if (lane == lanes_.end()) return longest;
    const auto& times = lane->second;
    longest = std::max(longest, times.until_fewer(1, 1s, now));
    if (chat < 0) {
        const auto limit =
            kind == Kind::routine_edit ? group_in_a_minute - kept_for_urgent : group_in_a_minute;
        longest = std::max(longest, times.until_fewer(limit, 60s, now));
    }
    return longest;
}

void Pace::spoke(std::int64_t chat, Kind kind, Time now) {
    lanes_[lane_of(chat, kind)].add(now, 60s);
    last_second_.add(now, 1s);
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
