#include "decide/expiry.hpp"

#include <algorithm>

#include "decide/confirmation.hpp"
#include "decide/settlement.hpp"

namespace garita::decide {
namespace {

constexpr std::size_t rules_in_batch = 2000;
constexpr std::size_t rows_in_prune = 500;
constexpr Duration longest_sleep = std::chrono::seconds{10};
constexpr Duration between_prunes = std::chrono::hours{1};

Time before(Time now, const std::optional<Duration>& kept) {
    return kept ? now - *kept : Time{};  // nothing is older than 1970
}

}  // namespace

Result<bool> Expiry::end_what_ran_out(Time now) {
    bool more = false;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        const auto devices = transaction.expire_rules(now, rules_in_batch);
        more = !devices.empty();
        for (const auto& device : devices)
            transaction.ring({store::Topic::rules, device});
        roll_back_unconfirmed(transaction, now);
        for (const auto id : transaction.expire_actions(now))
            settle_case(transaction, id, now);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return more;
}

Result<bool> Expiry::prune(Time now) {
    const auto& kept = options_.retention;
    const store::Transaction::Retention limits{before(now, kept.cases), before(now, kept.alerts),
                                               before(now, kept.audit), before(now, kept.answers), now};
    std::size_t removed = 0;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        removed = transaction.prune(limits, rows_in_prune);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return removed >= rows_in_prune;
}

Result<Duration> Expiry::step(Time now) {
    const auto more = end_what_ran_out(now);
    if (!more) return tl::unexpected(more.error());
    if (*more) return Duration::zero();
    if (!pruned_at_ || now < *pruned_at_ || now >= *pruned_at_ + between_prunes) {
        const auto left = prune(now);
        if (!left) return tl::unexpected(left.error());
        if (*left) return Duration{std::chrono::milliseconds{50}};  // others write in between
        pruned_at_ = now;
    }
    std::optional<Time> next;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        next = view.next_rule_expiry();
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    return next ? std::clamp(*next - now, Duration::zero(), longest_sleep) : longest_sleep;
}

}  // namespace garita::decide
