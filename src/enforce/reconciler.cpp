#include "enforce/reconciler.hpp"

#include <algorithm>

namespace garita::enforce {
namespace {

constexpr Duration settling = std::chrono::milliseconds{20};
constexpr Duration same_expiry = std::chrono::seconds{2};

bool same(const std::optional<Time>& a, const std::optional<Time>& b) {
    if (!a || !b) return a == b;
    return std::chrono::abs(*a - *b) <= same_expiry;
}

}  // namespace

Reconciler::Reconciler(const World& world, const ReconcilerOptions& options)
    : world_(world), options_(options), random_(options.jitter_seed) {}

Result<Duration> Reconciler::step(Time now) {
    if (not_before_ && now < *not_before_ && *not_before_ - now <= 2 * options_.longest_back_off)
        return *not_before_ - now;
    notice_jump(now);
    if (const auto worked = work(now); !worked) {
        compare_ = true;
        not_before_ = now + back_off(++failures_);
        report(worked.error().text);
        return tl::unexpected(worked.error());
    }
    if (failures_ > 0) news_ = true;  // the trouble is over
    failures_ = 0;
    not_before_.reset();
    if (news_) report({});
    return until_next(now);
}

Result<void> Reconciler::work(Time now) {
    if (const auto looked = look_at_protection(); !looked) return looked;
    auto change = take_changes(now);
    if (!change) return tl::unexpected(change.error());
    for (const auto& network : wanted_.expire(now)) {
        change->removed.push_back({network, 0});
        refused_.erase(network);
    }
    if (!in_place_) return rebuild(now);
    if (compare_) return compare(now);
    if (const auto applied = apply(change->added, change->removed, now); !applied) return applied;
    if (const auto retried = retry_refused(now); !retried) return retried;
    return check(now);
}

Result<void> Reconciler::look_at_protection() {
    auto set = world_.protection.protected_now();
    if (!set) return tl::unexpected(set.error());  // rather nothing than a block in the dark
    if (*set == protected_) return {};
    protected_ = std::move(*set);
    compare_ = true;
    return {};
}

Result<void> Reconciler::load_all() {
    const auto seq = world_.store.rules_seq();  // before the rules: a change in between is seen as news
    if (!seq) return tl::unexpected(seq.error());
    const auto rules = world_.store.held_rules();
    if (!rules) return tl::unexpected(rules.error());
    const auto own = world_.store.own_decisions();
    if (!own) return tl::unexpected(own.error());
    wanted_.load(*rules, *seq);
    WantedBlocks::Change all;
    for (const auto& block : *own)
        wanted_.take(OwnBlock{block.network, block.decided.ends()}, all);
    refused_.clear();
    loaded_ = true;
    compare_ = true;
    behind_since_.reset();
    reported_.reset();
    news_ = true;
    return {};
}

Result<WantedBlocks::Change> Reconciler::take_changes(Time now) {
    WantedBlocks::Change change;
    if (!loaded_) {
        (void)world_.inbox.take();
        if (const auto loaded = load_all(); !loaded) return tl::unexpected(loaded.error());
        return change;
    }
    const auto seq_before = wanted_.up_to_seq();
    bool gap = world_.inbox.overrun();
    for (const auto& delivery : world_.inbox.take())
        gap = gap || !wanted_.take(delivery, change);
    news_ = news_ || wanted_.up_to_seq() != seq_before;
    const auto seq = world_.store.rules_seq();
    if (!seq) return tl::unexpected(seq.error());
    if (*seq == wanted_.up_to_seq() && !gap) {
        behind_since_.reset();
        return change;
    }
    // the delivery may be on its way still: it comes a moment after the store was written
    if (!behind_since_ || now < *behind_since_) behind_since_ = now;
    if (!gap && *seq > wanted_.up_to_seq() && now < *behind_since_ + settling) return change;
    if (const auto loaded = load_all(); !loaded) return tl::unexpected(loaded.error());
    return WantedBlocks::Change{};
}

std::optional<std::string> Reconciler::forbidden(const IpNetwork& network) const {
    return refuse_block(network, options_.ceiling, protected_);
}

std::vector<BlockEntry> Reconciler::allowed(const std::vector<IpNetwork>& networks, Time now) {
    std::vector<BlockEntry> entries;
    entries.reserve(networks.size());
    for (const auto& network : networks) {
        const auto* const wish = wanted_.find(network);
        if (!wish || (wish->expires_at && *wish->expires_at <= now)) continue;
        if (const auto why = forbidden(network)) {
            refuse(refused_, network, wish->seq, {ErrorCode::forbidden, *why, Retry::no}, now);
            continue;
        }
        entries.push_back({network, wish->expires_at});
    }
    return entries;
}

Result<void> Reconciler::rebuild(Time now) {
    std::vector<IpNetwork> all;
    all.reserve(wanted_.wishes().size());
    for (const auto& [network, wish] : wanted_.wishes())
        all.push_back(network);
    refused_.clear();
    stuck_.clear();
    const auto result = world_.backend.rebuild(allowed(all, now), moment(now));
    if (!result) return tl::unexpected(result.error());
    in_place_ = true;
    compare_ = false;
    checked_at_ = compared_at_ = now;
    note(*result, {}, now);
    news_ = true;
    return {};
}

Result<void> Reconciler::check(Time now) {
    if (compare_ || !compared_at_ || now < *compared_at_ || now >= *compared_at_ + options_.compare_every)
        return compare(now);
    if (checked_at_ && now >= *checked_at_ && now < *checked_at_ + options_.check_every) return {};
    const auto drift = world_.backend.check(now);
    if (!drift) return tl::unexpected(drift.error());
    checked_at_ = now;
    return *drift == Drift::none ? Result<void>{} : compare(now);
}

Result<void> Reconciler::compare(Time now) {
    if (const auto ready = world_.backend.prepare(); !ready) return ready;
    const auto there = world_.backend.read_back(now);
    if (!there) return tl::unexpected(there.error());
    std::vector<WantedBlocks::Gone> extra;
    std::unordered_map<IpNetwork, std::optional<Time>> held;
    held.reserve(there->size());
    for (const auto& entry : *there) {
        held.emplace(entry.network, entry.expires_at);
        if (!wanted_.find(entry.network) || forbidden(entry.network)) {
            const auto known = stuck_.find(entry.network);
            extra.push_back({entry.network, known == stuck_.end() ? 0 : known->second.seq});
        }
    }
    refused_.clear();
    std::erase_if(stuck_, [&](const auto& item) { return !held.contains(item.first); });
    std::vector<IpNetwork> missing;
    for (const auto& [network, wish] : wanted_.wishes()) {
        const auto found = held.find(network);
        if (found == held.end() || !same(found->second, wish.expires_at) || forbidden(network))
            missing.push_back(network);
    }
    if (const auto applied = apply(missing, extra, now); !applied) return applied;
    compare_ = false;
    checked_at_ = compared_at_ = now;
    news_ = true;
    if (const auto forgotten = world_.store.forget_expired_rules(now); !forgotten)
        return tl::unexpected(forgotten.error());
    return {};
}

}  // namespace garita::enforce
