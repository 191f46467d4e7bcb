#include "adapters/hub_link/agent_workers.hpp"

#include <algorithm>
#include <charconv>

#include "runtime/http/rate.hpp"

namespace garita::hub_link {
namespace http = runtime::http;
namespace {

constexpr std::string_view store_id_key = "hub_store_id";
constexpr std::chrono::seconds usual_wait{50};
constexpr std::chrono::seconds usual_pause{1};
constexpr std::chrono::seconds longest_pause{600};

http::ClientOptions client_options(const HubAddress& hub) {
    http::ClientOptions options;
    options.base_url = hub.url;
    options.pin = hub.pin;
    options.user_agent = "garita-agent";
    options.max_response = 96 * 1024 * 1024;
    return options;
}

http::Headers headers_of(const HubAddress& hub) {
    http::Headers headers;
    headers.add("Authorization", "Bearer " + std::string(hub.code.reveal()));
    headers.add(std::string(agent_header), hub.agent_name);
    headers.add("Content-Type", "application/json");
    return headers;
}

Error unexpected_status(const http::ClientResponse& response, std::string_view what) {
    const auto detail = response.body.substr(0, 300);
    return Error{
        response.status == 401 ? ErrorCode::forbidden : ErrorCode::unavailable,
        "the hub answered " + std::to_string(response.status) + " to " + std::string(what) + ": " + detail,
        Retry::later};
}

Rule rule_from(const RuleOrder& order, Time now) {
    Rule rule;
    rule.name = order.name;
    rule.params = order.params;
    rule.desired = order.desired;
    rule.seq = order.seq;
    if (order.lasts) rule.expires_at = now + *order.lasts;
    return rule;
}

}  // namespace

AlertDelivery::AlertDelivery(const HubAddress& hub, store::AgentStore& store)
    : store_(store), headers_(headers_of(hub)), client_(client_options(hub)) {}

Result<Duration> AlertDelivery::step(Time now) {
    // each new alert wakes this worker, which is no reason to ask before the time; a clock set back is
    if (now < not_before_ && not_before_ - now <= longest_pause) return not_before_ - now;
    const auto waiting = store_.oldest_alerts(alerts_in_batch);
    if (!waiting) return tl::unexpected(waiting.error());
    if (waiting->empty()) return Duration(std::chrono::minutes(1));
    const auto response = client_.send(http::Method::post, alerts_path, headers_, encode_alerts(*waiting));
    if (!response) return tl::unexpected(response.error());
    if (response->status == 429) {
        const auto pause = http::retry_after(response->headers, usual_pause, longest_pause);
        not_before_ = now + pause;
        return fail(ErrorCode::unavailable,
                    "the hub takes no more alerts for " + std::to_string(pause.count()) +
                        " s; they wait in the spool: " + response->body.substr(0, 300),
                    Retry::later);
    }
    if (response->status != 200) return tl::unexpected(unexpected_status(*response, "alerts"));
    std::vector<AlertId> delivered;
    delivered.reserve(waiting->size());
    for (const auto& alert : *waiting)
        delivered.push_back(alert.id);
    if (const auto removed = store_.remove_alerts(delivered); !removed)
        return tl::unexpected(removed.error());
    return Duration::zero();
}

HubSync::HubSync(const HubAddress& hub, store::AgentStore& store, SyncParticipant& participant,
                 std::function<Time()> clock)
    : store_(store),
      participant_(participant),
      audit_(store, hub.agent_name, [this](const Alert& alert) { return participant_.raise(alert); }),
      clock_(std::move(clock)),
      headers_(headers_of(hub)),
      client_(client_options(hub)) {}

void HubSync::report_soon() {
    const std::lock_guard lock(mutex_);
    report_pending_ = true;
    if (waiting_) client_.cancel();
}

void HubSync::stop() {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    client_.cancel();
}

std::optional<Time> HubSync::last_contact() const {
    const std::lock_guard lock(mutex_);
    return last_contact_;
}

Result<Duration> HubSync::step(Time now) {
    {
        const std::lock_guard lock(mutex_);
        if (stopped_) return Duration(std::chrono::hours(1));
        report_pending_ = false;
        client_.resume();  // report_soon may have cancelled a call that was just over
    }
    const auto request = compose(now);
    if (!request) return tl::unexpected(request.error());
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
    if (const auto taken = take(*request, *answer, clock_()); !taken) return tl::unexpected(taken.error());
    return Duration::zero();
}

/// The kernel has the new rules meanwhile, or gets them; the hub is told so only when the disk has them too.
Result<void> HubSync::flush() {
    if (!unflushed_) return {};
    if (const auto flushed = store_.flush(); !flushed) return flushed;
    unflushed_ = false;
    return {};
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
    request.wait = behind_ ? std::chrono::seconds{0} : usual_wait;
    return request;
}

Result<SyncAnswer> HubSync::call(const SyncRequest& request) {
    {
        const std::lock_guard lock(mutex_);
        if (report_pending_ && request.wait.count() > 0)
            return fail(ErrorCode::unavailable, "something to report came up", Retry::later);
        waiting_ = request.wait.count() > 0;
    }
    const auto response = client_.send(http::Method::post, sync_path, headers_, encode(request),
                                       request.wait + std::chrono::seconds(15));
    if (!response) return tl::unexpected(response.error());
    if (response->status != 200) return tl::unexpected(unexpected_status(*response, "sync"));
    return decode_sync_answer(response->body);
}

Result<void> HubSync::take(const SyncRequest& request, const SyncAnswer& answer, Time now) {
    participant_.rules_report_delivered(request.rules);
    if (answer.store_id != request.store_id)
        if (const auto forgotten = store_.forget_actions(); !forgotten) return forgotten;
    if (!answer.acknowledged.empty())
        if (const auto done = store_.acknowledge_actions(answer.acknowledged); !done) return done;
    if (answer.rules_are == SyncAnswer::Rules::all || !answer.rules.empty()) {
        std::vector<Rule> rules;
        rules.reserve(answer.rules.size());
        for (const auto& order : answer.rules)
            rules.push_back(rule_from(order, now));
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
    if (!answer.actions.empty()) participant_.actions_ordered(answer.actions);
    if (answer.audit_head) {
        if (const auto kept = audit_.take(answer.store_id, *answer.audit_head, request.agent_time); !kept)
            return kept;
        unflushed_ = true;
    }
    const std::lock_guard lock(mutex_);
    behind_ = answer.rest == SyncAnswer::Rest::more;
    last_contact_ = now;
    return {};
}

}  // namespace garita::hub_link
