#pragma once
// A small hub store for the tests of what stands on it: one lock, plain maps, and an undo list a
// transaction.

#include <algorithm>
#include <map>
#include <mutex>
#include <set>
#include <utility>

#include "store/store.hpp"

namespace garita::tests {

struct PlainRows {
    std::int64_t next = 1;
    std::int64_t seq = 0;
    std::map<std::int64_t, Alert> alerts;
    std::map<std::string, std::int64_t> uids;
    std::map<std::int64_t, std::int64_t> filed;  // alert → case
    std::set<std::int64_t> unfiled;
    std::map<std::int64_t, Case> cases;
    std::map<std::string, std::int64_t> newest_about, open_about;
    std::map<std::int64_t, Action> actions;
    std::map<std::tuple<std::string, std::string, std::string>, Rule> rules;
    std::map<std::string, Device> devices;
    std::vector<AuditEntry> audit;
    std::map<std::string, std::string> values;
};

class PlainTransaction final : public store::Transaction {
  public:
    explicit PlainTransaction(PlainRows& rows) : d(rows) {}
    std::vector<store::Ring> rings;
    void roll_back() {
        while (!undo_.empty()) {
            undo_.back()();
            undo_.pop_back();
        }
    }

    std::vector<Alert> unfiled_alerts(std::size_t limit) override {
        std::vector<Alert> found;
        for (auto id = d.unfiled.begin(); id != d.unfiled.end() && found.size() < limit; ++id)
            found.push_back(d.alerts.at(*id));
        return found;
    }
    std::vector<Alert> alerts_of(CaseId id, std::size_t limit) override {
        std::vector<Alert> found;
        for (auto f = d.filed.rbegin(); f != d.filed.rend() && found.size() < limit; ++f)
            if (f->second == id.value) found.push_back(d.alerts.at(f->first));
        return found;
    }
    std::optional<Case> find_case(CaseId id) override {
        const auto c = d.cases.find(id.value);
        return c == d.cases.end() ? std::nullopt : std::optional(c->second);
    }
    std::optional<Case> open_case_about(std::string_view device, std::string_view kind,
                                        std::string_view subject) override {
        const auto c = d.open_about.find(about(device, kind, subject));
        return c == d.open_about.end() ? std::nullopt : find_case({c->second});
    }
    std::optional<Case> last_case_about(std::string_view device, std::string_view kind,
                                        std::string_view subject) override {
        const auto c = d.newest_about.find(about(device, kind, subject));
        return c == d.newest_about.end() ? std::nullopt : find_case({c->second});
    }
    std::vector<Case> cases(const store::CaseQuery& query) override {
        std::vector<Case> found;
        for (auto c = d.cases.rbegin(); c != d.cases.rend() && found.size() < query.limit; ++c)
            if (query.states.empty() || std::count(query.states.begin(), query.states.end(), c->second.state))
                found.push_back(c->second);
        return found;
    }
    std::vector<Case> silent_cases(Time now, std::size_t limit) override {
        return select(
            [&](const Case& c) { return c.state == CaseState::open && c.expires_at && *c.expires_at <= now; },
            limit);
    }
    std::optional<Time> next_silence() override {
        std::optional<Time> next;
        for (const auto& [id, c] : d.cases)
            if (c.state == CaseState::open && c.expires_at)
                next = next ? std::min(*next, *c.expires_at) : *c.expires_at;
        return next;
    }
    std::vector<Case> decided_cases(CaseId after, std::size_t limit) override {
        return select([&](const Case& c) { return c.state == CaseState::decided && c.id > after; }, limit);
    }
    Progress progress(CaseId id) override {
        Progress p;
        for (const auto& [key, rule] : d.rules) {
            if (rule.case_id != id) continue;
            ++p.wanted;
            p.connections_cut += rule.connections_cut;
            if (!rule.last_error.empty()) {
                ++p.failed;
                p.failures.push_back(rule.device + ": " + rule.last_error);
            } else if (rule.settled()) {
                ++p.done;
            }
        }
        for (const auto& [key, action] : d.actions) {
            if (action.case_id != id) continue;
            ++p.wanted;
            p.done += action.state == ActionState::done;
            p.failed += action.state == ActionState::failed;
            if (action.state == ActionState::failed)
                p.failures.push_back(action.device + ": " + action.result);
        }
        return p;
    }
    std::optional<Action> find_action(ActionId id) override {
        const auto a = d.actions.find(id.value);
        return a == d.actions.end() ? std::nullopt : std::optional(a->second);
    }
    std::vector<Action> actions_of(CaseId id) override {
        std::vector<Action> found;
        for (const auto& [key, action] : d.actions)
            if (action.case_id == id) found.push_back(action);
        return found;
    }
    std::vector<Action> pending_actions(std::string_view device, Time now) override {
        std::vector<Action> found;
        for (const auto& [key, a] : d.actions)
            if (a.device == device && a.state == ActionState::pending && a.expires_at > now)
                found.push_back(a);
        return found;
    }
    std::vector<Rule> rules(const store::RuleQuery& query) override {
        std::vector<Rule> found;
        if (!query.device.empty() && !query.name.empty() && !query.params.empty()) {
            const auto r = d.rules.find({query.device, query.name, query.params});
            if (r != d.rules.end()) found.push_back(r->second);
            return found;
        }
        for (const auto& [key, rule] : d.rules)
            if ((query.device.empty() || query.device == rule.device) &&
                (!query.case_id || *query.case_id == rule.case_id) &&
                (query.params.empty() || query.params == rule.params) && found.size() < query.limit)
                found.push_back(rule);
        return found;
    }
    std::vector<Rule> rule_changes(std::string_view device, std::int64_t after_seq,
                                   std::size_t limit) override {
        std::vector<Rule> found;
        for (const auto& [key, rule] : d.rules)
            if (rule.device == device && rule.seq > after_seq) found.push_back(rule);
        std::sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.seq < b.seq; });
        found.resize(std::min(found.size(), limit));
        return found;
    }
    std::int64_t last_rule_seq(std::string_view device) override {
        std::int64_t last = 0;
        for (const auto& [key, rule] : d.rules)
            if (rule.device == device) last = std::max(last, rule.seq);
        return last;
    }
    std::optional<Time> next_rule_expiry() override {
        std::optional<Time> next;
        for (const auto& [key, r] : d.rules)
            if (r.desired && r.expires_at) next = next ? std::min(*next, *r.expires_at) : *r.expires_at;
        return next;
    }
    std::optional<Device> find_device(std::string_view name) override {
        const auto device = d.devices.find(std::string(name));
        return device == d.devices.end() ? std::nullopt : std::optional(device->second);
    }
    std::vector<Device> devices() override {
        std::vector<Device> all;
        for (const auto& [name, device] : d.devices)
            all.push_back(device);
        return all;
    }
    std::vector<AuditEntry> audit(const store::AuditQuery& query) override {
        std::vector<AuditEntry> found;
        for (auto e = d.audit.rbegin(); e != d.audit.rend() && found.size() < query.limit; ++e)
            if (query.object.empty() || query.object == e->object) found.push_back(*e);
        return found;
    }
    std::optional<std::string> value(std::string_view key) override {
        const auto v = d.values.find(std::string(key));
        return v == d.values.end() ? std::nullopt : std::optional(v->second);
    }
    StoreCounts counts() override {
        StoreCounts c;
        c.alerts = static_cast<std::int64_t>(d.alerts.size());
        c.open_cases = static_cast<std::int64_t>(d.open_about.size());
        return c;
    }

    std::optional<AlertId> add_alert(const Alert& alert) override {
        auto& known = keep(d.uids, alert.device + "\n" + alert.uid);
        if (known != 0) return std::nullopt;
        const auto id = known = fresh();
        keep(d.alerts, id) = alert;
        d.alerts[id].id = {id};
        d.unfiled.insert(id);
        undo_.push_back([this, id] { d.unfiled.erase(id); });
        return AlertId{id};
    }
    void file_alert(AlertId alert, CaseId into) override {
        keep(d.filed, alert.value) = into.value;
        if (d.unfiled.erase(alert.value) != 0)
            undo_.push_back([this, alert] { d.unfiled.insert(alert.value); });
    }
    CaseId insert_case(const Case& fresh_case) override {
        const auto id = fresh();
        Case& c = keep(d.cases, id) = fresh_case;
        c.id = {id};
        c.version = 1;
        const auto key = about(c.device, c.kind, c.subject);
        keep(d.newest_about, key) = id;
        if (c.state == CaseState::open) keep(d.open_about, key) = id;
        return c.id;
    }
    bool update_case(const Case& changed) override { return write_case(changed, 1); }
    bool note_case(const Case& changed) override { return write_case(changed, 0); }
    void touch_case(CaseId id, Time now) override {
        Case& c = keep(d.cases, id.value);
        ++c.version;
        c.updated_at = now;
    }
    bool decide(const Decision& decision, CaseState after, Time now) override {
        const auto found = d.cases.find(decision.case_id.value);
        if (found == d.cases.end() || found->second.state != CaseState::open) return false;
        Case& c = keep(d.cases, decision.case_id.value);
        c.decision = decision;
        c.decision->id = {fresh()};
        c.state = after;
        c.updated_at = now;
        ++c.version;
        drop(d.open_about, about(c.device, c.kind, c.subject));
        return true;
    }
    ActionId insert_action(const Action& action) override {
        const auto id = fresh();
        keep(d.actions, id) = action;
        d.actions[id].id = {id};
        return {id};
    }
    bool finish_action(ActionId id, ActionState state, std::string_view result, Time now) override {
        const auto found = d.actions.find(id.value);
        if (found == d.actions.end() || found->second.state != ActionState::pending) return false;
        Action& a = keep(d.actions, id.value);
        a.state = state;
        a.result = result;
        a.finished_at = now;
        return true;
    }
    std::vector<CaseId> expire_actions(Time now) override {
        std::vector<CaseId> touched;
        for (const auto& [id, action] : d.actions)
            if (action.state == ActionState::pending && action.expires_at <= now)
                touched.push_back(action.case_id);
        for (auto& [id, action] : d.actions)
            if (action.state == ActionState::pending && action.expires_at <= now)
                (void)finish_action({id}, ActionState::failed, "not begun in time", now);
        return touched;
    }
    std::optional<Rule> change_rule(const RuleChange& change, Time now) override {
        const std::tuple key{change.device, change.name, change.params};
        const auto found = d.rules.find(key);
        if (found == d.rules.end() && !change.desired) return std::nullopt;
        if (found != d.rules.end() && found->second.desired == change.desired &&
            (!change.desired || found->second.expires_at == change.expires_at))
            return std::nullopt;
        const auto id = fresh();
        Rule& r = keep(d.rules, key);
        if (!r.id) r.id = {id};
        std::tie(r.device, r.name, r.params) = key;
        r.desired = change.desired;
        r.expires_at = change.expires_at;
        const auto seq_before = d.seq;
        undo_.push_back([this, seq_before] { d.seq = seq_before; });
        r.seq = ++d.seq;
        r.author = change.author;
        r.case_id = change.case_id;
        r.comment = change.comment;
        r.last_error.clear();
        r.updated_at = now;
        return r;
    }
    std::vector<CaseId> confirm_rules(std::string_view device, std::int64_t up_to_seq,
                                      const std::vector<store::FailedRule>& failed, std::int64_t cut,
                                      Time now) override {
        std::set<CaseId> touched;
        std::vector<decltype(d.rules)::key_type> keys;
        for (const auto& [key, rule] : d.rules)
            if (rule.device == device && rule.seq <= up_to_seq) keys.push_back(key);
        for (const auto& key : keys) {
            const Rule& is = d.rules.at(key);
            const auto f =
                std::find_if(failed.begin(), failed.end(), [&](const auto& x) { return x.seq == is.seq; });
            if (f == failed.end() ? is.settled() && (is.desired || is.current) : is.last_error == f->error)
                continue;
            if (is.case_id) touched.insert(is.case_id);
            Rule& r = keep(d.rules, key);
            r.updated_at = now;
            if (f != failed.end()) {
                r.last_error = f->error;
                ++r.attempts;
                continue;
            }
            r.current = r.desired;
            r.last_error.clear();
            r.attempts = 0;
            r.connections_cut += std::exchange(cut, 0);
            if (!r.desired) drop(d.rules, key);
        }
        return {touched.begin(), touched.end()};
    }
    std::vector<std::string> expire_rules(Time now, std::size_t limit) override {
        std::set<std::string> touched;
        std::vector<Rule> ended;
        for (const auto& [key, r] : d.rules)
            if (r.desired && r.expires_at && *r.expires_at <= now && ended.size() < limit) ended.push_back(r);
        for (const auto& r : ended) {
            (void)change_rule(
                {r.device, r.name, r.params, std::nullopt, std::nullopt, r.author, r.case_id, r.comment},
                now);
            touched.insert(r.device);
        }
        return {touched.begin(), touched.end()};
    }
    void put_device(const Device& device) override { keep(d.devices, device.name) = device; }
    std::int64_t add_audit(const AuditEntry& entry) override {
        d.audit.push_back(entry);
        undo_.push_back([this] { d.audit.pop_back(); });
        return static_cast<std::int64_t>(d.audit.size());
    }
    void set_value(std::string_view key, std::string_view v) override {
        keep(d.values, std::string(key)) = v;
    }
    std::size_t prune(const Retention&, std::size_t) override { return 0; }
    void ring(store::Ring r) override { rings.push_back(std::move(r)); }

    // what the desk does not use
    std::vector<Case> cases_without_message(std::string_view, std::string_view, std::size_t) override {
        return {};
    }
    std::vector<Message> stale_messages(std::string_view, Time, std::size_t) override { return {}; }
    std::vector<Message> messages_of(CaseId) override { return {}; }
    std::optional<ButtonTicket> find_ticket(std::string_view) override { return {}; }
    std::optional<std::string> saved_answer(std::string_view, std::string_view) override { return {}; }
    std::int64_t insert_message(const Message&) override { return 0; }
    void update_message(const Message&) override {}
    void move_messages(std::string_view, std::string_view, std::string_view) override {}
    void insert_tickets(const std::vector<ButtonTicket>&) override {}
    void save_answer(std::string_view, std::string_view, std::string_view, Time) override {}

  private:
    PlainRows& d;
    std::vector<std::function<void()>> undo_;

    static std::string about(std::string_view device, std::string_view kind, std::string_view subject) {
        return std::string(device).append("\n").append(kind).append("\n").append(subject);
    }
    std::int64_t fresh() { return d.next++; }
    template <typename Map>
    typename Map::mapped_type& keep(Map& map, const typename Map::key_type& key) {
        const auto found = map.find(key);
        if (found == map.end())
            undo_.push_back([&map, key] { map.erase(key); });
        else
            undo_.push_back([&map, key, was = found->second] { map[key] = was; });
        return map[key];
    }
    template <typename Map>
    void drop(Map& map, const typename Map::key_type& key) {
        const auto found = map.find(key);
        if (found == map.end()) return;
        undo_.push_back([&map, key, was = found->second] { map[key] = was; });
        map.erase(key);
    }
    template <typename Matches>
    std::vector<Case> select(Matches matches, std::size_t limit) {
        std::vector<Case> found;
        for (const auto& [id, c] : d.cases)
            if (matches(c) && found.size() < limit) found.push_back(c);
        return found;
    }
    bool write_case(const Case& changed, std::int64_t step) {
        const auto found = d.cases.find(changed.id.value);
        if (found == d.cases.end() || found->second.version != changed.version) return false;
        Case& c = keep(d.cases, changed.id.value);
        const auto decision = c.decision;
        if (c.state == CaseState::open && changed.state != CaseState::open)
            drop(d.open_about, about(c.device, c.kind, c.subject));
        c = changed;
        c.decision = decision;
        c.version += step;
        return true;
    }
};

class PlainStore final : public store::Store {
  public:
    PlainRows rows;
    std::vector<store::Ring> rung;  ///< all so far

    Result<void> read(const Reading& work) override {
        const std::lock_guard lock(mutex_);
        PlainTransaction view(rows);
        return work(view);
    }
    Result<void> write(const Writing& work) override {
        const std::lock_guard lock(mutex_);
        PlainTransaction transaction(rows);
        Result<void> result;
        try {
            result = work(transaction);
        } catch (...) {
            transaction.roll_back();
            throw;
        }
        if (!result)
            transaction.roll_back();
        else
            rung.insert(rung.end(), transaction.rings.begin(), transaction.rings.end());
        return result;
    }
    void on_ring(std::function<void(const store::Ring&)>) override {}

  private:
    std::mutex mutex_;
};

}  // namespace garita::tests
