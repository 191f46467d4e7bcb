// The reconciler's batches: what is sent to the device, and what comes back.

#include <algorithm>
#include <span>

#include "enforce/reconciler.hpp"

namespace garita::enforce {
namespace {

constexpr std::size_t entries_in_batch = 8192;
constexpr Duration jump = std::chrono::minutes{1};
constexpr Duration settling = std::chrono::milliseconds{20};

template <typename T>
std::span<const T> part(const std::vector<T>& all, std::size_t first) {
    const auto begin = std::min(first, all.size());
    return std::span(all).subspan(begin, std::min(entries_in_batch, all.size() - begin));
}

}  // namespace

Result<void> Reconciler::apply(const std::vector<IpNetwork>& add,
                               const std::vector<WantedBlocks::Gone>& remove, Time now) {
    std::vector<IpNetwork> gone;
    gone.reserve(remove.size());
    for (const auto& item : remove) {
        gone.push_back(item.network);
        refused_.erase(item.network);
    }
    const auto entries = allowed(add, now);
    for (std::size_t first = 0; first < std::max(entries.size(), gone.size()); first += entries_in_batch) {
        const auto result = world_.backend.apply(part(entries, first), part(gone, first), moment(now));
        if (!result) return tl::unexpected(result.error());
        for (const auto& entry : part(entries, first))
            refused_.erase(entry.network);
        for (const auto& network : part(gone, first))
            stuck_.erase(network);
        note(*result, remove, now);
    }
    news_ = news_ || !add.empty() || !remove.empty();
    return {};
}

void Reconciler::note(const BatchResult& result, const std::vector<WantedBlocks::Gone>& removed, Time now) {
    cut_ += result.connections_cut;
    for (const auto& failure : result.failed) {
        if (failure.change == BlockChange::add) {
            const auto* const wish = wanted_.find(failure.network);
            refuse(refused_, failure.network, wish ? wish->seq : 0, failure.error, now);
            continue;
        }
        const auto change = std::find_if(removed.begin(), removed.end(),
                                         [&](const auto& gone) { return gone.network == failure.network; });
        refuse(stuck_, failure.network, change == removed.end() ? 0 : change->seq, failure.error, now);
    }
}

void Reconciler::refuse(Refusals& refusals, const IpNetwork& network, std::int64_t seq, const Error& error,
                        Time now) {
    auto& refusal = refusals[network];
    refusal.why = error.text;
    refusal.seq = seq;
    ++refusal.attempts;
    refusal.next_try.reset();
    // what is wrong in itself is not tried again until it, or the protected networks, change
    if (error.code != ErrorCode::invalid && error.code != ErrorCode::forbidden)
        refusal.next_try = now + back_off(refusal.attempts);
    news_ = true;
}

Result<void> Reconciler::retry_refused(Time now) {
    std::vector<IpNetwork> add;
    std::vector<WantedBlocks::Gone> remove;
    Refusals before;  // so that the next refusal counts on
    for (const auto* const refusals : {&refused_, &stuck_})
        for (const auto& [network, refusal] : *refusals) {
            if (!refusal.next_try || *refusal.next_try > now) continue;
            before.emplace(network, refusal);
            if (refusals == &refused_)
                add.push_back(network);
            else
                remove.push_back({network, refusal.seq});
        }
    if (before.empty()) return {};
    if (const auto applied = apply(add, remove, now); !applied) return applied;
    for (auto* const refusals : {&refused_, &stuck_})
        for (auto& [network, refusal] : *refusals)
            if (const auto known = before.find(network); known != before.end() && refusal.next_try) {
                refusal.attempts = known->second.attempts + 1;
                refusal.next_try = now + back_off(refusal.attempts);
            }
    return {};
}

void Reconciler::notice_jump(Time now) {
    // the kernel counts time by itself: after a jump of the clock its ends are not ours any more
    const auto longest = options_.check_every + jump;
    if (last_step_ && (now < *last_step_ || now > *last_step_ + longest)) compare_ = true;
    last_step_ = now;
}

void Reconciler::report(const std::string& trouble) {
    RuleReport report;
    report.trouble = trouble;
    if (trouble.empty()) {
        report.up_to_seq = wanted_.up_to_seq();
        for (const auto& [rule, unreadable] : wanted_.unreadable())
            report.failed.push_back({unreadable.seq, unreadable.why});
        for (const auto* const refusals : {&refused_, &stuck_})
            for (const auto& [network, refusal] : *refusals)
                if (refusal.seq != 0) report.failed.push_back({refusal.seq, refusal.why});
        std::sort(report.failed.begin(), report.failed.end(),
                  [](const auto& a, const auto& b) { return a.seq < b.seq; });
        report.connections_cut = std::exchange(cut_, 0);
        news_ = false;
    }
    if (reported_ == report && report.connections_cut == 0) return;
    reported_ = report;
    world_.sink.report(report);
}

Duration Reconciler::back_off(int attempts) {
    const auto longest = options_.longest_back_off;
    Duration span = options_.first_back_off;
    for (int i = 1; i < attempts && span < longest; ++i)
        span *= 2;
    span = std::min(span, longest);
    // between half and all of it
    const auto half = span.count() / 2;
    return Duration{half + std::uniform_int_distribution<Duration::rep>(0, half)(random_)};
}

Duration Reconciler::until_next(Time now) const {
    if (behind_since_) return settling;
    Duration wait = options_.check_every;
    const auto consider = [&](const std::optional<Time>& at) {
        if (at) wait = std::min(wait, std::max(*at - now, Duration::zero()));
    };
    consider(wanted_.next_expiry());
    for (const auto* const refusals : {&refused_, &stuck_})
        for (const auto& [network, refusal] : *refusals)
            consider(refusal.next_try);
    return wait;
}

}  // namespace garita::enforce
