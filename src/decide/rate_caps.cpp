#include "decide/rate_caps.hpp"

#include <algorithm>

#include "decide/suspension.hpp"

namespace garita::decide {
namespace {

constexpr std::size_t most_remembered = 100'000;

bool has_effect(Response response) {
    return response != Response::allow && response != Response::nothing;
}

}  // namespace

void RateWindow::move_to(std::int64_t slot) {
    const std::int64_t size = static_cast<std::int64_t>(counts_.size());
    if (slot <= newest_ && slot > newest_ - size) return;
    if (slot <= newest_ || slot - newest_ >= size) {  // long ago, or the clock was put back
        counts_.fill(0);
        sum_ = 0;
    }
    for (auto next = std::max(newest_ + 1, slot - size + 1); next <= slot; ++next) {
        auto& count = counts_[static_cast<std::size_t>(next % size)];
        sum_ -= std::min<std::size_t>(sum_, count);
        count = 0;
    }
    newest_ = slot;
}

void RateWindow::note(Time at) {
    const auto slot = at.time_since_epoch() / slot_;
    move_to(slot);
    ++counts_[static_cast<std::size_t>(slot % static_cast<std::int64_t>(counts_.size()))];
    ++sum_;
}

std::size_t RateWindow::count(Time now) {
    move_to(now.time_since_epoch() / slot_);
    return sum_;
}

RateCaps::Counted& RateCaps::of(const Policy& policy, const DeskOptions& options) {
    const auto per = policy.cap ? policy.cap->per : options.automatic_blocks.per;
    return counted_
        .try_emplace(policy_name(policy), Counted{RateWindow(per), RateWindow(options.automatic_blocks.per)})
        .first->second;
}

void RateCaps::begin(store::View& view, const DeskOptions& options, Time now) {
    if (begun_) return;
    begun_ = true;
    const auto suspended = suspensions(view);
    const auto is_suspended = [&](const std::string& name) {
        return std::any_of(suspended.begin(), suspended.end(),
                           [&](const Suspension& one) { return one.policy == name; });
    };
    for (const auto& policy : options.policies) {
        if (policy.mode != Policy::Mode::automatic) continue;
        const auto name = policy_name(policy);
        if (is_suspended(name)) continue;
        auto& counted = of(policy, options);
        const auto longest =
            std::max(options.automatic_blocks.per, policy.cap ? policy.cap->per : Duration{});
        const auto from = std::max(now - longest, resumed_at(view, name));
        for (const auto& decision : view.policy_decisions(name, from, DecisionId{}, most_remembered)) {
            if (has_effect(decision.response)) counted.own.note(decision.at);
            if (decision.response == Response::block) counted.blocks.note(decision.at);
        }
    }
}

std::optional<Runaway> RateCaps::ask(store::View& view, const DeskOptions& options, const Policy& policy,
                                     Response response, Time now) {
    if (!has_effect(response)) return std::nullopt;
    begin(view, options, now);
    auto& asking = of(policy, options);
    if (policy.cap && asking.own.count(now) >= policy.cap->at_most) {
        const Runaway runaway{policy_name(policy), *policy.cap, false};
        counted_.erase(runaway.policy);
        return runaway;
    }
    if (response == Response::block) {
        std::size_t blocks = 0;
        const std::string* busiest = nullptr;
        std::size_t most = 0;
        for (auto& [name, counted] : counted_) {
            const auto count = counted.blocks.count(now);
            blocks += count;
            if (busiest == nullptr || count > most) busiest = &name, most = count;
        }
        if (blocks >= options.automatic_blocks.at_most && busiest != nullptr) {
            const Runaway runaway{*busiest, options.automatic_blocks, true};
            counted_.erase(runaway.policy);
            return runaway;
        }
        asking.blocks.note(now);
    }
    asking.own.note(now);
    return std::nullopt;
}

}  // namespace garita::decide
