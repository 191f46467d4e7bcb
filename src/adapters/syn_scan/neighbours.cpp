#include "adapters/syn_scan/neighbours.hpp"

#include <algorithm>
#include <array>

namespace garita::syn_scan {

using std::chrono::microseconds;
using std::chrono::milliseconds;

namespace {

/// After the first, second and third question; together as long as the kernel waits, which asks once a
/// second.
constexpr std::array<Duration, 3> patience{milliseconds{400}, milliseconds{1600}, milliseconds{1000}};
constexpr Duration pause = microseconds{200};

}  // namespace

void Neighbours::want(const Key& key, std::uint32_t target) {
    auto [place, is_new] = waiting_.try_emplace(key);
    place->second.targets.push_back(target);
    if (is_new) fresh_.push_back(key);
}

std::optional<Neighbours::Key> Neighbours::next(Time now) {
    if (now < not_before_) return std::nullopt;
    std::optional<Key> due;
    for (std::size_t step = 0; step < 2 && !due; ++step) {
        auto& queue = again_[step];
        while (!queue.empty() && queue.front().first <= now && !due) {
            if (waiting_.contains(queue.front().second)) due = queue.front().second;
            queue.pop_front();
        }
    }
    if (!due && !fresh_.empty()) {
        due = fresh_.front();
        fresh_.pop_front();
    }
    if (!due) return std::nullopt;
    Waiting& waiting = waiting_[*due];
    again_[waiting.asked].emplace_back(now + patience[waiting.asked], *due);
    waiting.asked += 1;
    waiting.last = now;
    // a few together where somebody has slept
    not_before_ = std::max(not_before_ + pause, now - milliseconds{10});
    return due;
}

std::optional<Neighbours::Found> Neighbours::answered(const Key& key, const MacAddress& mac, Time at) {
    const auto found = waiting_.find(key);
    if (found == waiting_.end() || found->second.asked == 0) return std::nullopt;
    Found result{mac, std::max<Duration>(at - found->second.last, microseconds{1}),
                 std::move(found->second.targets)};
    waiting_.erase(found);
    return result;
}

std::vector<Neighbours::Silent> Neighbours::silent(Time now) {
    std::vector<Silent> all;
    auto& queue = again_[2];
    for (; !queue.empty() && queue.front().first <= now; queue.pop_front()) {
        const auto found = waiting_.find(queue.front().second);
        if (found == waiting_.end()) continue;
        all.push_back({found->first, std::move(found->second.targets)});
        waiting_.erase(found);
    }
    return all;
}

Time Neighbours::wake() const {
    if (!fresh_.empty()) return not_before_;
    Time wake = Time::max();
    for (const auto& queue : again_)
        if (!queue.empty()) wake = std::min(wake, std::max(queue.front().first, not_before_));
    return waiting_.empty() ? Time::max() : wake;
}

}  // namespace garita::syn_scan
