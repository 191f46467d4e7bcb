// Rules and the small tables of the memory store.

#include <set>

#include "fakes/memory_transaction.hpp"

namespace garita::fakes {

std::vector<Rule> MemoryTransaction::rules(const store::RuleQuery& query) {
    std::vector<Rule> all;
    for (const auto& [id, rule] : state_.rules) {
        if (all.size() == query.limit) break;
        if (!query.device.empty() && query.device != rule.device) continue;
        if (!query.name.empty() && query.name != rule.name) continue;
        if (!query.params.empty() && query.params != rule.params) continue;
        if (query.case_id && (*query.case_id != rule.case_id || !rule.case_id)) continue;
        if (query.after && rule.id <= *query.after) continue;
        all.push_back(rule);
    }
    return all;
}

std::vector<Rule> MemoryTransaction::rule_changes(std::string_view device, std::int64_t after_seq,
                                                  std::size_t limit) {
    std::map<std::int64_t, Rule> by_seq;
    for (const auto& [id, rule] : state_.rules)
        if (rule.device == device && rule.seq > after_seq) by_seq.emplace(rule.seq, rule);
    std::vector<Rule> all;
    for (const auto& [seq, rule] : by_seq)
        if (all.size() < limit) all.push_back(rule);
    return all;
}

std::int64_t MemoryTransaction::last_rule_seq(std::string_view device) {
    const auto at = state_.positions.find(device);
    return at == state_.positions.end() ? 0 : at->second;
}

std::optional<Time> MemoryTransaction::next_rule_expiry() {
    std::optional<Time> next;
    for (const auto& [id, rule] : state_.rules)
        if (rule.desired && rule.expires_at && (!next || *rule.expires_at < *next)) next = rule.expires_at;
    return next;
}

Rule* MemoryTransaction::rule_about(std::string_view device, std::string_view name, std::string_view params) {
    for (auto& [id, rule] : state_.rules)
        if (rule.device == device && rule.name == name && rule.params == params) return &rule;
    return nullptr;
}

std::int64_t MemoryTransaction::next_rule_seq(const std::string& device) {
    return state_.positions[device] = ++state_.rule_seq;
}

std::optional<Rule> MemoryTransaction::change_rule(const RuleChange& change, Time now) {
    auto* rule = rule_about(change.device, change.name, change.params);
    if (rule == nullptr) {
        if (!change.desired) return std::nullopt;
        rule = &state_.rules[++state_.last_id];
        rule->id = RuleId{state_.last_id};
        rule->device = change.device;
        rule->name = change.name;
        rule->params = change.params;
        rule->created_at = now;
    }
    const auto expires_at = change.desired ? change.expires_at : std::optional<Time>();
    const bool changes = rule->seq == 0 || rule->desired != change.desired || rule->expires_at != expires_at;
    const bool other_case = change.case_id && change.case_id != rule->case_id;
    const bool spreads = change.scope == RuleScope::everywhere && rule->scope == RuleScope::device;
    const bool by_people = change.wish == RuleChange::Wish::people;
    const bool newly_wanted = by_people && !rule->wanted_by_people;
    if (!changes && !((other_case || spreads || newly_wanted) && change.desired)) return std::nullopt;
    rule->wanted_by_people = by_people || (rule->desired && rule->wanted_by_people);
    if (other_case) {
        rule->case_id = change.case_id;
        rule->connections_cut = 0;
    }
    rule->author = change.author;
    rule->comment = change.comment;
    rule->updated_at = now;
    const bool stays_everywhere =
        change.desired && rule->desired && rule->scope == RuleScope::everywhere && rule->seq != 0;
    rule->scope = stays_everywhere ? RuleScope::everywhere : change.scope;
    if (!changes) return *rule;
    rule->desired = change.desired;
    rule->expires_at = expires_at;
    rule->seq = next_rule_seq(rule->device);
    rule->attempts = 0;
    rule->last_error.clear();
    return *rule;
}

std::size_t MemoryTransaction::inherit_rules(std::string_view device, Time now) {
    std::map<std::pair<std::string, std::string>, Rule> newest;
    for (const auto& [id, rule] : state_.rules) {
        if (rule.scope != RuleScope::everywhere || !rule.desired || rule.device == device) continue;
        if (rule.expires_at && *rule.expires_at <= now) continue;
        auto& known = newest[{rule.name, rule.params}];
        if (known.seq < rule.seq) known = rule;
    }
    std::map<std::int64_t, Rule> by_seq;
    for (const auto& [about, rule] : newest)
        if (rule_about(device, rule.name, rule.params) == nullptr) by_seq.emplace(rule.seq, rule);
    for (const auto& [seq, rule] : by_seq)
        change_rule({std::string(device), rule.name, rule.params, rule.desired, rule.expires_at, rule.author,
                     rule.case_id, rule.comment, RuleScope::everywhere,
                     rule.wanted_by_people ? RuleChange::Wish::people : RuleChange::Wish::policy},
                    now);
    return by_seq.size();
}

std::vector<CaseId> MemoryTransaction::confirm_rules(std::string_view device, std::int64_t up_to_seq,
                                                     const std::vector<store::FailedRule>& failed,
                                                     std::int64_t connections_cut, Time now) {
    std::map<std::int64_t, std::string> errors;
    for (const auto& one : failed)
        errors.emplace(one.seq, one.error.empty() ? "refused without a reason" : one.error);
    std::set<CaseId> cases;
    Rule* newest = nullptr;
    for (auto at = state_.rules.begin(); at != state_.rules.end();) {
        Rule& rule = at->second;
        const auto error = errors.find(rule.seq);
        const bool touched = rule.device == device && rule.seq <= up_to_seq &&
                             (error != errors.end() || !rule.settled() || !rule.desired);
        if (touched && rule.case_id) cases.insert(rule.case_id);
        if (touched && error != errors.end()) {
            rule.last_error = error->second;
            ++rule.attempts;
            rule.updated_at = now;
        } else if (touched && !rule.desired) {
            at = state_.rules.erase(at);
            continue;
        } else if (touched) {
            rule.current = rule.desired;
            rule.last_error.clear();
            rule.attempts = 0;
            rule.updated_at = now;
        }
        const bool in_force =
            rule.device == device && rule.seq <= up_to_seq && rule.desired && rule.settled();
        if (in_force && (newest == nullptr || newest->seq < rule.seq)) newest = &rule;
        ++at;
    }
    if (newest != nullptr) newest->connections_cut += connections_cut;
    return {cases.begin(), cases.end()};
}

std::vector<std::string> MemoryTransaction::expire_rules(Time now, std::size_t limit) {
    std::multimap<Time, Rule*> due;
    for (auto& [id, rule] : state_.rules)
        if (rule.desired && rule.expires_at && *rule.expires_at <= now) due.emplace(*rule.expires_at, &rule);
    std::set<std::string> devices;
    for (const auto& [expires_at, rule] : due) {
        if (limit-- == 0) break;
        rule->desired.reset();
        rule->expires_at.reset();
        rule->seq = next_rule_seq(rule->device);
        rule->attempts = 0;
        rule->last_error.clear();
        rule->updated_at = now;
        devices.insert(rule->device);
    }
    return {devices.begin(), devices.end()};
}

std::optional<Device> MemoryTransaction::find_device(std::string_view name) {
    const auto at = state_.devices.find(name);
    return at == state_.devices.end() ? std::nullopt : std::optional(at->second);
}

std::vector<Device> MemoryTransaction::devices() {
    std::vector<Device> all;
    for (const auto& [name, device] : state_.devices)
        all.push_back(device);
    return all;
}

void MemoryTransaction::put_device(const Device& device) {
    auto& stored = state_.devices[device.name];
    const auto revoked_at = stored.revoked_at;
    stored = device;
    stored.revoked_at = revoked_at;
}

std::optional<std::string> MemoryTransaction::value(std::string_view key) {
    const auto at = state_.values.find(key);
    return at == state_.values.end() ? std::nullopt : std::optional(at->second);
}

void MemoryTransaction::set_value(std::string_view key, std::string_view value) {
    state_.values.insert_or_assign(std::string(key), std::string(value));
}

std::optional<std::string> MemoryTransaction::saved_answer(std::string_view scope, std::string_view key) {
    const auto at = state_.answers.find({std::string(scope), std::string(key)});
    return at == state_.answers.end() ? std::nullopt : std::optional(at->second.answer);
}

void MemoryTransaction::save_answer(std::string_view scope, std::string_view key, std::string_view answer,
                                    Time now) {
    state_.answers.emplace(std::pair(std::string(scope), std::string(key)),
                           MemoryState::SavedAnswer{std::string(answer), now});
}

StoreCounts MemoryTransaction::counts() {
    const auto count = [](const auto& map, auto test) {
        return static_cast<std::int64_t>(
            std::count_if(map.begin(), map.end(), [&](const auto& one) { return test(one.second); }));
    };
    return {static_cast<std::int64_t>(state_.alerts.size()),
            count(state_.cases, [](const Case& one) { return one.state == CaseState::open; }),
            static_cast<std::int64_t>(state_.rules.size()),
            count(state_.rules, [](const Rule& one) { return !one.settled(); }),
            count(state_.actions, [](const Action& one) { return one.state == ActionState::pending; })};
}

}  // namespace garita::fakes
