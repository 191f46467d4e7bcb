#include "decide/stand_in.hpp"

#include <algorithm>

namespace garita::decide {
namespace {

constexpr Duration look_again = std::chrono::seconds{2};
constexpr Duration nothing_to_do = std::chrono::hours{1};
constexpr std::size_t alerts_at_once = 500;

}  // namespace

Result<Duration> StandIn::step(Time now) {
    const auto standing = world_.standing();
    if (!standing) return nothing_to_do;
    const auto since = world_.away_since();
    if (!since) {
        looked_at_ = {};
        return std::min(look_again, std::max(patience_, Duration{std::chrono::milliseconds{100}}));
    }
    if (now >= *since && now - *since < patience_) return patience_ - (now - *since);
    const auto waiting = world_.store.alerts_after(looked_at_, alerts_at_once);
    if (!waiting) return tl::unexpected(waiting.error());
    if (waiting->empty()) return look_again;
    auto made = world_.store.own_decisions();
    if (!made) return tl::unexpected(made.error());
    for (const auto& alert : *waiting) {
        const auto decided = decide_alone(*standing, alert, *made, now);
        if (decided && world_.may_block(*alert.address)) {
            const auto kept = world_.store.decide_alone(alert, *decided);
            if (!kept) return tl::unexpected(kept.error());
            if (*kept) {
                made->push_back({alert.uid, *alert.address, *decided, false});
                world_.decided(alert, *decided);
            }
        }
        looked_at_ = alert.id;
    }
    return Duration::zero();
}

}  // namespace garita::decide
