#include "fakes/memory_agent_store.hpp"

#include <algorithm>

namespace garita::fakes {

void MemoryAgentStore::push(const std::vector<Alert>& alerts, std::size_t limit) {
    for (const auto& alert : alerts) {
        const bool known = std::any_of(spool_.begin(), spool_.end(),
                                       [&](const auto& one) { return one.second.uid == alert.uid; });
        if (known) continue;
        auto& stored = spool_[++last_alert_] = alert;
        stored.id = AlertId{last_alert_};
        if (spool_.size() <= limit) continue;
        const auto least = std::min_element(spool_.begin(), spool_.end(), [](const auto& a, const auto& b) {
            // what was decided on stays: only the alert tells the hub of it
            return std::pair(a.second.decided.has_value(), a.second.severity) <
                   std::pair(b.second.decided.has_value(), b.second.severity);
        });
        if (least->second.decided) continue;
        spool_.erase(least);
        ++dropped_;
    }
}

Result<void> MemoryAgentStore::push_alerts(const std::vector<Alert>& alerts, std::size_t limit) {
    const std::lock_guard lock(mutex_);
    push(alerts, limit);
    return {};
}

Result<void> MemoryAgentStore::push_alerts_and_value(const std::vector<Alert>& alerts, std::size_t limit,
                                                     std::string_view key, std::string_view value) {
    const std::lock_guard lock(mutex_);
    push(alerts, limit);
    values_.insert_or_assign(std::string(key), std::string(value));
    return {};
}

Result<std::vector<Alert>> MemoryAgentStore::oldest_alerts(std::size_t limit) {
    return alerts_after({}, limit);
}

Result<std::vector<Alert>> MemoryAgentStore::alerts_after(AlertId after, std::size_t limit) {
    const std::lock_guard lock(mutex_);
    std::vector<Alert> all;
    for (const auto& [id, alert] : spool_)
        if (id > after.value && all.size() < limit) all.push_back(alert);
    return all;
}

bool MemoryAgentStore::waits(const std::string& uid) const {
    return std::any_of(spool_.begin(), spool_.end(), [&](const auto& one) { return one.second.uid == uid; });
}

Result<bool> MemoryAgentStore::decide_alone(const Alert& alert, const DecidedAlone& decided) {
    const std::lock_guard lock(mutex_);
    if (!alert.address || own_.contains(alert.uid)) return false;
    const auto rule = rules_.find({std::string(block_rule), alert.address->text()});
    if (rule != rules_.end() && (!rule->second.expires_at || *rule->second.expires_at > decided.at))
        return false;
    for (const auto& [uid, own] : own_)
        if (own.network == *alert.address && (!own.decided.ends() || *own.decided.ends() > decided.at))
            return false;
    for (auto& [id, waiting] : spool_)
        if (waiting.uid == alert.uid) {
            waiting.decided = decided;
            own_[alert.uid] = {alert.uid, *alert.address, decided, false};
            return true;
        }
    return false;
}

Result<std::vector<store::OwnDecision>> MemoryAgentStore::own_decisions() {
    const std::lock_guard lock(mutex_);
    std::vector<store::OwnDecision> all;
    for (const auto& [uid, own] : own_) {
        all.push_back(own);
        all.back().delivered = !waits(uid);
    }
    std::stable_sort(all.begin(), all.end(),
                     [](const auto& a, const auto& b) { return a.decided.at < b.decided.at; });
    return all;
}

Result<void> MemoryAgentStore::settle_own(const std::vector<std::string>& uids) {
    const std::lock_guard lock(mutex_);
    for (const auto& uid : uids)
        own_.erase(uid);
    return {};
}

Result<void> MemoryAgentStore::remove_alerts(const std::vector<AlertId>& delivered) {
    const std::lock_guard lock(mutex_);
    for (const auto id : delivered)
        spool_.erase(id.value);
    return {};
}

Result<store::SpoolCounts> MemoryAgentStore::spool_counts() {
    const std::lock_guard lock(mutex_);
    return store::SpoolCounts{static_cast<std::int64_t>(spool_.size()), dropped_};
}

void MemoryAgentStore::hold(const std::vector<Rule>& changes) {
    for (const auto& rule : changes) {
        if (rule.desired)
            rules_[{rule.name, rule.params}] = {rule.name, rule.params, *rule.desired, rule.expires_at,
                                                rule.seq};
        else
            rules_.erase({rule.name, rule.params});
    }
}

Result<void> MemoryAgentStore::hold_rules(const std::vector<Rule>& changes, std::int64_t up_to_seq) {
    const std::lock_guard lock(mutex_);
    hold(changes);
    rules_seq_ = up_to_seq;
    return {};
}

Result<void> MemoryAgentStore::replace_rules(const std::vector<Rule>& all, std::int64_t up_to_seq) {
    const std::lock_guard lock(mutex_);
    rules_.clear();
    hold(all);
    rules_seq_ = up_to_seq;
    return {};
}

Result<std::vector<HeldRule>> MemoryAgentStore::held_rules() {
    const std::lock_guard lock(mutex_);
    std::vector<HeldRule> all;
    for (const auto& [key, rule] : rules_)
        all.push_back(rule);
    return all;
}

Result<std::int64_t> MemoryAgentStore::rules_seq() {
    const std::lock_guard lock(mutex_);
    return rules_seq_;
}

Result<std::size_t> MemoryAgentStore::forget_expired_rules(Time now) {
    const std::lock_guard lock(mutex_);
    return std::erase_if(
        rules_, [&](const auto& one) { return one.second.expires_at && *one.second.expires_at <= now; });
}

Result<bool> MemoryAgentStore::begin_action(ActionId id, Time /*now*/) {
    const std::lock_guard lock(mutex_);
    return actions_.emplace(id.value, BegunAction{{id, ActionState::pending, ""}}).second;
}

Result<void> MemoryAgentStore::finish_action(const store::ActionReport& report, Time /*now*/) {
    const std::lock_guard lock(mutex_);
    const auto at = actions_.find(report.id.value);
    if (at == actions_.end())
        return fail(ErrorCode::not_found, "action " + std::to_string(report.id.value) + " was never begun");
    if (at->second.report.state == ActionState::pending) at->second.report = report;
    return {};
}

Result<std::vector<store::ActionReport>> MemoryAgentStore::unreported_actions() {
    const std::lock_guard lock(mutex_);
    std::vector<store::ActionReport> all;
    for (const auto& [id, action] : actions_) {
        if (action.acknowledged) continue;
        if (action.report.state != ActionState::pending)
            all.push_back(action.report);
        else if (!action.of_this_start)
            all.push_back({action.report.id, ActionState::failed, "the agent stopped before it was done"});
    }
    return all;
}

Result<void> MemoryAgentStore::acknowledge_actions(const std::vector<ActionId>& ids) {
    const std::lock_guard lock(mutex_);
    for (const auto id : ids)
        if (const auto at = actions_.find(id.value); at != actions_.end()) at->second.acknowledged = true;
    return {};
}

Result<void> MemoryAgentStore::forget_actions() {
    const std::lock_guard lock(mutex_);
    actions_.clear();
    return {};
}

Result<void> MemoryAgentStore::hold_head(const store::HeldHead& head) {
    const std::lock_guard lock(mutex_);
    const auto hour = std::chrono::floor<std::chrono::hours>(head.kept_at).time_since_epoch().count();
    heads_[{head.line, hour}] = head;
    while (heads_.size() > store::held_heads_limit)
        heads_.erase(std::min_element(heads_.begin(), heads_.end(), [](const auto& a, const auto& b) {
            return std::pair(a.second.line, a.second.head.seq) < std::pair(b.second.line, b.second.head.seq);
        }));
    return {};
}

Result<std::vector<store::HeldHead>> MemoryAgentStore::held_heads() {
    const std::lock_guard lock(mutex_);
    std::vector<store::HeldHead> all;
    for (const auto& [key, head] : heads_)
        all.push_back(head);
    std::sort(all.begin(), all.end(), [](const auto& a, const auto& b) {
        return std::pair(a.line, a.head.seq) < std::pair(b.line, b.head.seq);
    });
    return all;
}

Result<std::optional<std::string>> MemoryAgentStore::value(std::string_view key) {
    const std::lock_guard lock(mutex_);
    const auto at = values_.find(key);
    return at == values_.end() ? std::nullopt : std::optional(at->second);
}

Result<void> MemoryAgentStore::set_value(std::string_view key, std::string_view value) {
    const std::lock_guard lock(mutex_);
    values_.insert_or_assign(std::string(key), std::string(value));
    return {};
}

void MemoryAgentStore::restart() {
    const std::lock_guard lock(mutex_);
    for (auto& [id, action] : actions_)
        action.of_this_start = false;
}

}  // namespace garita::fakes
