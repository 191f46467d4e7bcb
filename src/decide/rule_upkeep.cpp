#include "decide/rule_upkeep.hpp"

#include <algorithm>

namespace garita::decide {
namespace {

constexpr std::size_t ends_at_once = 2000;
constexpr std::size_t rows_in_prune = 2000;
constexpr Duration longest_sleep = std::chrono::seconds{10};
constexpr Duration between_prunes = std::chrono::minutes{10};
constexpr Duration between_pieces = std::chrono::milliseconds{50};  // others write in between

}  // namespace

Result<Duration> RuleUpkeep::step(Time now) {
    const auto ended = rules_.expire(now, ends_at_once);
    if (!ended) return tl::unexpected(ended.error());
    if (*ended > 0) return Duration::zero();
    if (!pruned_at_ || now < *pruned_at_ || now >= *pruned_at_ + between_prunes) {
        const auto removed = rules_.prune(history_ ? now - *history_ : Time{}, rows_in_prune);
        if (!removed) return tl::unexpected(removed.error());
        if (*removed >= rows_in_prune) return between_pieces;
        pruned_at_ = now;
    }
    const auto next = rules_.next_expiry();
    if (!next) return tl::unexpected(next.error());
    return *next ? std::clamp(**next - now, Duration::zero(), longest_sleep) : longest_sleep;
}

}  // namespace garita::decide
