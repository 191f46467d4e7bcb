// The call with which agents tell how they are, and wait for what is wanted of them.

#include <algorithm>

#include "adapters/hub_link/agent_refusal.hpp"
#include "adapters/hub_link/agent_routes.hpp"
#include "adapters/hub_link/standing_json.hpp"
#include "adapters/hub_link/store_identity.hpp"

namespace garita::hub_link {
namespace http = runtime::http;
namespace {

/// How stale `last_seen` may become before it is written again.
constexpr Duration seen_resolution = std::chrono::seconds(10);

bool same_host(const Device& device, const HostReport& host) {
    return device.version == host.version && device.boot_id == host.boot_id &&
           device.protected_networks == host.protected_networks && device.logins == host.logins &&
           device.watches == host.watches && device.troubles == host.troubles;
}

/// A report is recorded once: a request that brings one is answered at once and never parked.
bool brings_report(const SyncRequest& request) {
    return !request.rules.failed.empty() || request.rules.connections_cut > 0 || !request.actions.empty();
}

/// Those whose alert has its case, or is not known: what the hub wants is among the rules it answers with.
std::vector<std::string> settled_of(store::View& view, const std::string& device,
                                    const std::vector<std::string>& asked) {
    constexpr std::size_t backlog = 10'000;
    if (asked.empty()) return {};
    const auto unfiled = view.unfiled_alerts(backlog);
    if (unfiled.size() == backlog) return {};
    auto settled = asked;
    std::erase_if(settled, [&](const std::string& uid) {
        return std::any_of(unfiled.begin(), unfiled.end(),
                           [&](const Alert& alert) { return alert.device == device && alert.uid == uid; });
    });
    return settled;
}

void tell_standing(SyncAnswer& answer, const std::string& held,
                   const std::optional<decide::Standing>& standing) {
    auto text = standing ? encode(*standing) : std::string();
    auto version = version_of(text);
    if (version == held) return;
    answer.standing = std::move(text);
    answer.standing_version = std::move(version);
}

RuleOrder order_for(const Rule& rule, Time now) {
    RuleOrder order{rule.name, rule.params, rule.desired, std::nullopt, rule.seq};
    if (rule.expires_at) {
        order.lasts = *rule.expires_at - now;
        if (*order.lasts <= Duration::zero()) order.desired.reset();
    }
    return order;
}

}  // namespace

http::Answer AgentRoutes::sync(const std::string& device, const http::Request& request) {
    const auto report = decode_sync_request(request.body);
    if (!report) return refusal(report.error());
    if (options_.scans != nullptr) options_.scans->heard_of(device, report->host.scans);
    const Time now = options_.clock();
    const auto held_for = [&] {
        return std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now() - request.arrived);
    };
    const auto recorded = record_report(device, *report, now, now - held_for());
    if (!recorded) return refusal(recorded.error());
    // what is left of a block counts from here: the report may have waited for the disk
    const auto held = held_for();
    auto answer = look(device, *report, options_.clock());
    if (!answer) return refusal(answer.error());
    answer->held = held;
    const bool nothing_new = !brings_report(*report) && answer->rules.empty() && answer->actions.empty() &&
                             answer->rules_are == SyncAnswer::Rules::changes && answer->settled.empty() &&
                             !answer->standing;
    // news do not wait for the disk to note that the agent was seen; its next call, in a moment, does that
    if (nothing_new && recorded->refresh)
        if (const auto noted = note_device(*recorded->refresh); !noted) return refusal(noted.error());
    const auto wait = std::clamp(report->wait, std::chrono::seconds{0}, longest_wait);
    if (nothing_new && !request.final_call && wait.count() > 0)
        return http::Park{agent_topic(device), request.arrived + wait};
    return http::json_response(200, encode(*answer));
}

Result<void> AgentRoutes::note_device(const Device& device) {
    return store_.write([&](store::Transaction& tx) -> Result<void> {
        decide::record_device(tx, device, options_.clock());
        options_.heads->save(tx, device.name);
        return {};
    });
}

Result<AgentRoutes::Recorded> AgentRoutes::record_report(const std::string& device, const SyncRequest& report,
                                                         Time now, Time sent) {
    Device known;
    known.name = device;
    bool same_store = false;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        if (const auto found = view.find_device(device)) known = *found;
        same_store = report.store_id == store_identity(view);
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    if (same_store) options_.heads->note(device, report.audit_heads, now);
    const bool progress =
        same_store && (report.rules.in_force_seq > known.applied_seq || brings_report(report));
    if (progress) {
        const decide::RuleReceipt receipt{report.rules.in_force_seq, report.rules.failed,
                                          static_cast<std::int64_t>(report.rules.connections_cut)};
        if (const auto kept = settlement_.rules_in_force(device, receipt, now); !kept)
            return tl::unexpected(kept.error());
        known.applied_seq = std::max(known.applied_seq, report.rules.in_force_seq);
    }
    if (same_store && !report.actions.empty()) {
        std::vector<decide::ActionReceipt> receipts;
        for (const auto& action : report.actions)
            receipts.push_back({action.id, action.state, action.result});
        if (const auto kept = settlement_.actions_finished(device, receipts, now); !kept)
            return tl::unexpected(kept.error());
    }
    const bool nothing_but_time = !progress && same_host(known, report.host) && known.last_seen;
    // an agent does not wait in its first call: that one is noted, however short it was away
    if (nothing_but_time && report.wait.count() > 0 && now - *known.last_seen < seen_resolution)
        return Recorded{};
    known.version = report.host.version;
    known.boot_id = report.host.boot_id;
    known.protected_networks = report.host.protected_networks;
    known.logins = report.host.logins;
    known.watches = report.host.watches;
    known.troubles = report.host.troubles;
    known.clock_offset = report.agent_time - sent;
    known.last_seen = now;
    if (nothing_but_time) return Recorded{known};
    if (const auto noted = note_device(known); !noted) return tl::unexpected(noted.error());
    return Recorded{};
}

Result<SyncAnswer> AgentRoutes::look(const std::string& device, const SyncRequest& request, Time now) {
    SyncAnswer answer;
    const auto seen = store_.read([&](store::View& view) -> Result<void> {
        answer.store_id = store_identity(view);
        answer.audit_head = view.audit_head();
        const bool knows_us =
            request.store_id == answer.store_id && request.held_seq <= view.last_rule_seq(device);
        const bool first_page = !knows_us;
        answer.rules_are = first_page ? SyncAnswer::Rules::all : SyncAnswer::Rules::changes;
        const auto from = first_page ? 0 : request.held_seq;
        const auto page = first_page ? rules_in_full_answer : rules_in_answer;
        const auto changes = view.rule_changes(device, from, page);
        answer.rules_seq = changes.empty() ? from : changes.back().seq;
        if (changes.size() == page)
            answer.rest = SyncAnswer::Rest::more;
        else
            answer.settled = settled_of(view, device, request.own_decisions);
        tell_standing(answer, request.standing_version,
                      options_.standing ? options_.standing(view, device, now) : std::nullopt);
        for (const auto& rule : changes)
            answer.rules.push_back(order_for(rule, now));
        for (auto& action : view.pending_actions(device, now))
            if (std::find(request.known_actions.begin(), request.known_actions.end(), action.id) ==
                request.known_actions.end())
                answer.actions.push_back({action.id, action.order, action.expires_at - now});
        return {};
    });
    if (!seen) return tl::unexpected(seen.error());
    for (const auto& report : request.actions)
        answer.acknowledged.push_back(report.id);
    return answer;
}

}  // namespace garita::hub_link
