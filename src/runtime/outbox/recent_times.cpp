#include "runtime/outbox/recent_times.hpp"

#include <algorithm>

namespace garita::runtime {

void RecentTimes::add(Time now, Duration span) {
    // a time from the future means that the clock was set back: it is forgotten too
    while (!times_.empty() && (times_.front() + span <= now || times_.front() > now))
        times_.pop_front();
    times_.push_back(now);
}

Duration RecentTimes::until_fewer(std::size_t limit, Duration span, Time now) const {
    if (times_.size() < limit) return Duration{0};
    const auto last = times_[times_.size() - limit];
    if (last > now)
        return Duration{0};  // the clock was set back, perhaps by hours: they are no reason to wait
    return std::max(Duration{0}, last + span - now);
}

std::size_t RecentTimes::count(Duration span, Time now) const {
    return static_cast<std::size_t>(std::count_if(times_.begin(), times_.end(),
                                                  [&](Time one) { return one + span > now && one <= now; }));
}

}  // namespace garita::runtime
