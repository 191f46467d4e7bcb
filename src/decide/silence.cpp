#include "decide/silence.hpp"

#include <algorithm>

#include "decide/agreement.hpp"
#include "decide/deciding.hpp"

namespace garita::decide {
namespace {

constexpr std::size_t batch = 200;
constexpr Duration longest_sleep = std::chrono::seconds{30};
constexpr Duration was_away = std::chrono::minutes{5};

void expire(store::Transaction& transaction, Case about, const std::string& why, Time now) {
    about.state = CaseState::expired;
    about.updated_at = now;
    if (!transaction.update_case(about)) return;
    const Actor desk{Actor::Kind::system, "desk", {}, Role::administrator};
    (void)transaction.add_audit({0, now, desk, "case_expired", object_of(about.id), why});
    transaction.ring({store::Topic::cases, {}});
}

void apply_default(store::Transaction& transaction, const Case& about, const DeskOptions& options,
                   const Surroundings& around, Time now) {
    if (about.on_silence == Response::nothing) return expire(transaction, about, "nobody answered", now);
    Verdict verdict;
    verdict.response = about.on_silence;
    verdict.by = {Actor::Kind::policy, about.kind + ", nobody answered", "policy", Role::administrator};
    if (verdict.response == Response::block) verdict.lasts = about.on_silence_lasts;
    const Policy& policy = choose_policy(options.policies, options.otherwise, question_about(about));
    verdict.block_on = policy.block_on;
    auto refused = refuse_unattended(about, verdict.response, policy, options);
    if (!refused) refused = refuse_verdict(about, verdict, options, around);
    if (refused)
        return expire(transaction, about,
                      "nobody answered, and the default was refused: " + refused->error.text, now);
    (void)carry_out(transaction, about, verdict, options, around, now);
}

}  // namespace

bool Silence::in_grace(Time now) {
    const bool away = !last_step_ || now < *last_step_ - was_away || now > *last_step_ + was_away;
    last_step_ = now;
    if (away) grace_until_ = now + options_.silence_grace;
    return grace_until_ && now < *grace_until_;
}

Result<Duration> Silence::step(Time now) {
    if (in_grace(now)) return std::min(longest_sleep, *grace_until_ - now);
    std::size_t due = 0;
    std::optional<Time> next;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        due = view.silent_cases(now, batch).size();
        next = view.next_silence();
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    if (due == 0) return next ? std::clamp(*next - now, Duration::zero(), longest_sleep) : longest_sleep;

    const auto hub = hub_networks(options_);
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        const auto around = look_around(transaction, options_, hub);
        for (const auto& about : transaction.silent_cases(now, batch))
            apply_default(transaction, about, options_, around, now);
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return Duration::zero();
}

}  // namespace garita::decide
