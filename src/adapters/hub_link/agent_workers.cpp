#include "adapters/hub_link/agent_workers.hpp"

#include <algorithm>

#include "runtime/http/silence.hpp"

namespace garita::hub_link {
namespace {

constexpr std::string_view store_id_key = "hub_store_id";
constexpr std::chrono::seconds usual_wait{50};
constexpr std::chrono::seconds longest_pause{600};
constexpr std::chrono::seconds patience{30};
/// A connection that is silent for longer has failed, so that silence before is this host's own: it stood
/// still.
constexpr Duration longest_unnoticed = runtime::http::longest_silence;
constexpr Duration first_renewal_pause = std::chrono::seconds(5);
constexpr Duration longest_renewal_pause = std::chrono::hours(1);

Rule rule_from(const RuleOrder& order, Time written) {
    Rule rule;
    rule.name = order.name;
    rule.params = order.params;
    rule.desired = order.desired;
    rule.seq = order.seq;
    if (order.lasts) rule.expires_at = written + *order.lasts;
    return rule;
}

}  // namespace

AlertDelivery::AlertDelivery(const std::string& hub, AgentIdentity& identity, store::AgentStore& store,
                             std::function<void()> own_delivered)
    : store_(store), own_delivered_(std::move(own_delivered)), line_(hub, identity, {}) {}

Result<Duration> AlertDelivery::step(Time now) {
    // each new alert wakes this worker, which is no reason to ask before the time; a clock set back is
    if (now < not_before_ && not_before_ - now <= longest_pause) return not_before_ - now;
    const auto waiting = store_.oldest_alerts(alerts_in_batch);
    if (!waiting) return tl::unexpected(waiting.error());
    if (waiting->empty()) return Duration(std::chrono::minutes(1));
    const auto answer = line_.call(alerts_path, "alerts", encode_alerts(*waiting, now), patience);
    if (!answer && line_.told_to_wait()) not_before_ = now + *line_.told_to_wait();
    if (!answer) return tl::unexpected(answer.error());
    std::vector<AlertId> delivered;
    delivered.reserve(waiting->size());
    for (const auto& alert : *waiting)
        delivered.push_back(alert.id);
    if (const auto removed = store_.remove_alerts(delivered); !removed)
        return tl::unexpected(removed.error());
    if (std::any_of(waiting->begin(), waiting->end(),
                    [](const Alert& alert) { return alert.decided.has_value(); }))
        own_delivered_();
    return Duration::zero();
}

HubSync::HubSync(const std::string& hub, AgentIdentity& identity, store::AgentStore& store,
                 SyncParticipant& participant, std::function<Time()> clock)
    : store_(store),
      participant_(participant),
      audit_(store, identity.name(), [this](const Alert& alert) { return participant_.raise(alert); }),
      clock_(std::move(clock)),
      identity_(identity),
      line_(hub, identity, [this](const Error& why) { participant_.orders_refused(why.text); }) {}

void HubSync::report_soon() {
    const std::lock_guard lock(mutex_);
    report_pending_ = true;
    if (waiting_) line_.cancel();
}

void HubSync::stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    line_.cancel();
    identity_.cancel();
}

std::optional<Time> HubSync::last_contact() const {
    const std::lock_guard lock(mutex_);
    return last_contact_;
}

std::optional<Time> HubSync::away_since() const {
    const std::lock_guard lock(mutex_);
    return away_since_;
}

Result<Duration> HubSync::step(Time now) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return Duration(std::chrono::hours(1));
        report_pending_ = false;
        line_.resume();  // report_soon may have cancelled a call that was just over
    }
    const auto request = compose(now);
    if (!request) return tl::unexpected(request.error());
    const auto asked = clock_();
    const auto answer = call(*request);
    {
        const std::lock_guard lock(mutex_);
        waiting_ = false;
        if (stopped_) return Duration(std::chrono::hours(1));
        if (!answer && report_pending_ && request->wait.count() > 0)
            return Duration::zero();  // cut short by ourselves
    }
    if (!answer) {
        behind_ = true;  // look at once when the hub is back
        return tl::unexpected(answer.error());
    }
    const auto written = std::min(asked + answer->held, clock_());
    if (const auto taken = take(*request, *answer, written); !taken) return tl::unexpected(taken.error());
    if (const auto renewed = renew(); !renewed) return tl::unexpected(renewed.error());
    return Duration::zero();
}

/// The kernel has the new rules meanwhile, or gets them; the hub is told so only when the disk has them too.
Result<void> HubSync::flush() {
    if (!unflushed_) return {};
    if (const auto flushed = store_.flush(); !flushed) return flushed;
    unflushed_ = false;
    return {};
}

/// The certificate's end is of the hub's clock, so the agent's own may be wrong.
Result<void> HubSync::renew() {
    const auto now = clock_();
    if (renewal_tried_ && now >= *renewal_tried_ && now - *renewal_tried_ < renewal_pause_) return {};
    const auto due = identity_.renewal_due(now + hub_ahead_);
    if (!due) return tl::unexpected(due.error());
    if (!*due) return {};
    renewal_tried_ = now;
    renewal_pause_ = std::clamp(renewal_pause_ * 2, first_renewal_pause, longest_renewal_pause);
    const auto answer = line_.call(certificate_path, "the renewal of the certificate", **due, patience);
    if (!answer) return tl::unexpected(answer.error());
    const auto next = decode_next_certificate(answer->body);
    if (!next) return tl::unexpected(next.error());
    renewal_pause_ = {};
    behind_ = true;  // call at once: the hub ends the one before when it sees the next
    return identity_.take_renewal(*next);
}

Result<SyncRequest> HubSync::compose(Time now) {
    if (const auto flushed = flush(); !flushed) return tl::unexpected(flushed.error());
    SyncRequest request;
    request.host = participant_.host_report();
    request.agent_time = now;
    request.rules = participant_.rules_report();
    request.known_actions = participant_.known_actions();
    const auto held = store_.rules_seq();
    const auto actions = store_.unreported_actions();
    const auto store_id = store_.value(store_id_key);
    if (!held) return tl::unexpected(held.error());
    if (!actions) return tl::unexpected(actions.error());
    if (!store_id) return tl::unexpected(store_id.error());
    request.held_seq = *held;
    request.actions = *actions;
    request.store_id = store_id->value_or("");
    auto heads =
        audit_.kept(request.store_id, behind_ ? AuditWatch::Extent::selection : AuditWatch::Extent::newest);
    if (!heads) return tl::unexpected(heads.error());
    request.audit_heads = std::move(*heads);
    if (const auto own = compose_own(request, now); !own) return tl::unexpected(own.error());
    request.wait = behind_ ? std::chrono::seconds{0}
                           : std::clamp(std::chrono::ceil<std::chrono::seconds>(
                                            identity_.until_renewal(now + hub_ahead_).value_or(usual_wait)),
                                        std::chrono::seconds{1}, usual_wait);
    return request;
}

Result<SyncAnswer> HubSync::call(const SyncRequest& request) {
    {
        const std::lock_guard lock(mutex_);
        if (report_pending_ && request.wait.count() > 0)
            return fail(ErrorCode::unavailable, "something to report came up", Retry::later);
        waiting_ = request.wait.count() > 0;
    }
    const auto answer =
        line_.call(sync_path, "sync", encode(request), request.wait + std::chrono::seconds(15));
    {
        // an answer of whatever kind: a hub that refuses this agent is no reason to act in its place
        const std::lock_guard lock(mutex_);
        if (line_.reached())
            away_since_.reset();
        else if (!away_since_ && !report_pending_)
            away_since_ = clock_() - std::min(line_.silence().value_or(Duration::zero()), longest_unnoticed);
    }
    if (!answer) return tl::unexpected(answer.error());
    hub_ahead_ = answer->said_at - clock_();
    return decode_sync_answer(answer->body);
}

/// `written`: when the hub wrote the answer, or earlier.
Result<void> HubSync::take(const SyncRequest& request, const SyncAnswer& answer, Time written) {
    participant_.rules_report_delivered(request.rules);
    if (answer.store_id != request.store_id)
        if (const auto forgotten = store_.forget_actions(); !forgotten) return forgotten;
    if (!answer.acknowledged.empty())
        if (const auto done = store_.acknowledge_actions(answer.acknowledged); !done) return done;
    if (answer.rules_are == SyncAnswer::Rules::all || !answer.rules.empty()) {
        std::vector<Rule> rules;
        rules.reserve(answer.rules.size());
        for (const auto& order : answer.rules)
            rules.push_back(rule_from(order, written));
        const auto held = answer.rules_are == SyncAnswer::Rules::all
                              ? store_.replace_rules(rules, answer.rules_seq)
                              : store_.hold_rules(rules, answer.rules_seq);
        if (!held) return held;
        unflushed_ = true;
        if (answer.rules_are == SyncAnswer::Rules::all) {
            if (const auto named = store_.set_value(store_id_key, answer.store_id); !named) return named;
            participant_.rules_held({}, -1, answer.rules_seq);
        } else {
            participant_.rules_held(std::move(rules), request.held_seq, answer.rules_seq);
        }
    }
    if (const auto taken = take_own(answer); !taken) return taken;
    if (!answer.actions.empty()) participant_.actions_ordered(answer.actions, written);
    if (answer.audit_head) {
        if (const auto kept = audit_.take(answer.store_id, *answer.audit_head, request.agent_time); !kept)
            return kept;
        unflushed_ = true;
    }
    const std::lock_guard lock(mutex_);
    behind_ = answer.rest == SyncAnswer::Rest::more;
    last_contact_ = clock_();
    return {};
}

}  // namespace garita::hub_link
