#include "fakes/memory_store.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <stdexcept>

#include "fakes/memory_transaction.hpp"

namespace garita::fakes {

namespace {

bool over(const Case& one) {
    return one.state != CaseState::open && one.state != CaseState::decided;
}

bool run_out(const Action& one, Time now) {
    return one.expires_at <= now || one.created_at > now + store::clock_slack;
}

bool about(const Case& one, std::string_view device, std::string_view kind, std::string_view subject) {
    return one.device == device && one.kind == kind && one.subject == subject;
}

/// Those of a map's values that pass, in the order of their ids, at most `limit`.
template <typename Map, typename Test>
auto chosen(const Map& map, std::size_t limit, Test test) {
    std::vector<typename Map::mapped_type> all;
    for (const auto& [id, value] : map) {
        if (all.size() == limit) break;
        if (test(value)) all.push_back(value);
    }
    return all;
}

template <typename Map, typename Test>
auto chosen_newest(const Map& map, std::size_t limit, Test test) {
    std::vector<typename Map::mapped_type> all;
    for (auto at = map.rbegin(); at != map.rend() && all.size() < limit; ++at)
        if (test(at->second)) all.push_back(at->second);
    return all;
}

template <typename Map, typename Key>
auto found(const Map& map, const Key& key) {
    const auto at = map.find(key);
    return at == map.end() ? std::nullopt : std::optional(at->second);
}

constexpr auto unlimited = std::numeric_limits<std::size_t>::max();

}  // namespace

Result<void> MemoryStore::read(const Reading& work) {
    std::shared_ptr<MemoryState> snapshot;
    {
        const std::lock_guard lock(mutex_);
        snapshot = state_;
    }
    try {
        MemoryTransaction view(*snapshot);
        return work(view);
    } catch (const std::exception& exception) {
        return fail(ErrorCode::invalid, exception.what());
    }
}

Result<void> MemoryStore::write(const Writing& work) {
    {
        const std::lock_guard lock(mutex_);
        if (writer_ == std::this_thread::get_id()) return fail(ErrorCode::conflict, "a write inside a write");
    }
    const std::lock_guard turn(writing_);
    {
        const std::lock_guard lock(mutex_);
        writer_ = std::this_thread::get_id();
    }
    std::vector<store::Ring> rings;
    auto done = commit(work, rings);
    std::vector<store::Ring> rung;
    for (auto& ring : rings) {
        if (std::find(rung.begin(), rung.end(), ring) != rung.end()) continue;
        if (listener_) listener_(ring);
        rung.push_back(std::move(ring));
    }
    const std::lock_guard lock(mutex_);
    writer_ = {};
    return done;
}

Result<void> MemoryStore::commit(const Writing& work, std::vector<store::Ring>& rings) {
    const auto copy = std::make_shared<MemoryState>(*state_);  // only writers change the pointer
    try {
        MemoryTransaction transaction(*copy);
        if (auto done = work(transaction); !done) return done;
        const std::lock_guard lock(mutex_);
        if (refusal_) return tl::unexpected<Error>(*refusal_);
        state_ = copy;
        rings = transaction.take_rings();
        return {};
    } catch (const store::StoreFailure& failure) {
        return fail(ErrorCode::io, failure.what(), Retry::later);
    } catch (const std::exception& exception) {
        return fail(ErrorCode::invalid, exception.what());
    } catch (...) {
        return fail(ErrorCode::invalid, "unknown exception");
    }
}

void MemoryStore::refuse_writes(std::optional<Error> why) {
    const std::lock_guard lock(mutex_);
    refusal_ = std::move(why);
}

Case& MemoryTransaction::must_case(CaseId id) {
    const auto at = state_.cases.find(id.value);
    if (at == state_.cases.end()) throw std::logic_error("there is no case " + std::to_string(id.value));
    return at->second;
}

std::vector<Alert> MemoryTransaction::unfiled_alerts(std::size_t limit) {
    std::vector<Alert> all;
    for (const auto& one : chosen(state_.alerts, limit, [](const auto& a) { return !a.case_id; }))
        all.push_back(one.alert);
    return all;
}

std::vector<Alert> MemoryTransaction::alerts_of(CaseId id, std::size_t limit) {
    std::vector<Alert> all;
    for (const auto& one :
         chosen_newest(state_.alerts, limit, [&](const auto& a) { return a.case_id == id; }))
        all.push_back(one.alert);
    return all;
}

std::optional<Case> MemoryTransaction::find_case(CaseId id) {
    return found(state_.cases, id.value);
}

std::optional<Case> MemoryTransaction::open_case_about(std::string_view device, std::string_view kind,
                                                       std::string_view subject) {
    const auto all = chosen(state_.cases, 1, [&](const Case& one) {
        return one.state == CaseState::open && about(one, device, kind, subject);
    });
    return all.empty() ? std::nullopt : std::optional(all.front());
}

std::optional<Case> MemoryTransaction::last_case_about(std::string_view device, std::string_view kind,
                                                       std::string_view subject) {
    const auto all =
        chosen_newest(state_.cases, 1, [&](const Case& one) { return about(one, device, kind, subject); });
    return all.empty() ? std::nullopt : std::optional(all.front());
}

std::vector<Case> MemoryTransaction::cases(const store::CaseQuery& query) {
    return chosen_newest(state_.cases, query.limit, [&](const Case& one) {
        const bool state = query.states.empty() || std::find(query.states.begin(), query.states.end(),
                                                             one.state) != query.states.end();
        return state && (query.device.empty() || query.device == one.device) &&
               (query.kind.empty() || query.kind == one.kind) && (!query.before || one.id < *query.before);
    });
}

std::vector<Case> MemoryTransaction::silent_cases(Time now, std::size_t limit) {
    auto all = chosen(state_.cases, unlimited, [&](const Case& one) {
        return one.state == CaseState::open && one.expires_at && *one.expires_at <= now;
    });
    std::stable_sort(all.begin(), all.end(),
                     [](const Case& a, const Case& b) { return a.expires_at < b.expires_at; });
    if (all.size() > limit) all.resize(limit);
    return all;
}

std::optional<Time> MemoryTransaction::next_silence() {
    const auto all = silent_cases(Time::max(), 1);
    return all.empty() ? std::nullopt : all.front().expires_at;
}

std::vector<Case> MemoryTransaction::decided_cases(CaseId after, std::size_t limit) {
    return chosen(state_.cases, limit,
                  [&](const Case& one) { return one.state == CaseState::decided && one.id > after; });
}

std::vector<Case> MemoryTransaction::unconfirmed_cases(Time now, std::size_t limit) {
    auto all = chosen(state_.cases, unlimited, [&](const Case& one) {
        return one.provisional && one.provisional->state == Provisional::State::waiting &&
               one.provisional->until <= now;
    });
    std::stable_sort(all.begin(), all.end(), [](const Case& a, const Case& b) {
        return a.provisional->until < b.provisional->until;
    });
    if (all.size() > limit) all.resize(limit);
    return all;
}

std::vector<Decision> MemoryTransaction::policy_decisions(std::string_view policy, Time since,
                                                          DecisionId after, std::size_t limit) {
    std::vector<Decision> all;
    for (const auto& [id, one] : state_.cases)
        if (one.decision && one.decision->by.kind == Actor::Kind::policy && one.decision->by.name == policy &&
            std::pair(one.decision->at, one.decision->id) > std::pair(since, after))
            all.push_back(*one.decision);
    std::sort(all.begin(), all.end(), [](const Decision& a, const Decision& b) {
        return std::pair(a.at, a.id) < std::pair(b.at, b.id);
    });
    if (all.size() > limit) all.resize(limit);
    return all;
}

Progress MemoryTransaction::progress(CaseId id) {
    struct Device {
        bool pending = false;
        bool failed = false;
    };
    std::map<std::string, Device> devices;
    Progress progress;
    const auto failed = [&](const std::string& device, const std::string& why) {
        devices[device].failed = true;
        if (progress.failures.size() < 100) progress.failures.push_back(device + ": " + why);
    };
    std::map<std::string, Action> newest;  // how the last one of a device went is how things stand
    for (auto& action : actions_of(id))
        newest.insert_or_assign(action.device, std::move(action));
    for (const auto& [name, action] : newest) {
        devices[name].pending = action.state == ActionState::pending;
        if (action.state == ActionState::failed) failed(name, action.result);
    }
    for (const auto& rule :
         chosen(state_.rules, unlimited, [&](const Rule& one) { return id && one.case_id == id; })) {
        const auto owner = find_device(rule.device);
        if (owner && owner->revoked_at) continue;
        auto& device = devices[rule.device];
        device.pending = device.pending || (!rule.settled() && rule.last_error.empty());
        progress.connections_cut += rule.connections_cut;
        if (!rule.last_error.empty()) failed(rule.device, rule.last_error);
    }
    for (const auto& [name, device] : devices) {
        ++progress.wanted;
        if (device.pending) continue;
        ++(device.failed ? progress.failed : progress.done);
    }
    return progress;
}

std::optional<Action> MemoryTransaction::find_action(ActionId id) {
    return found(state_.actions, id.value);
}

std::vector<Action> MemoryTransaction::actions_of(CaseId id) {
    return chosen(state_.actions, unlimited, [&](const Action& one) { return one.case_id == id; });
}

std::vector<Action> MemoryTransaction::pending_actions(std::string_view device, Time now) {
    return chosen(state_.actions, unlimited, [&](const Action& one) {
        return one.device == device && one.state == ActionState::pending && !run_out(one, now);
    });
}

std::optional<AlertId> MemoryTransaction::add_alert(const Alert& alert) {
    for (const auto& [id, one] : state_.alerts)
        if (one.alert.device == alert.device && one.alert.uid == alert.uid) return std::nullopt;
    Alert stored = alert;
    stored.id = AlertId{++state_.last_id};
    state_.alerts[stored.id.value] = {stored, CaseId{}};
    return stored.id;
}

void MemoryTransaction::file_alert(AlertId alert, CaseId into) {
    state_.alerts.at(alert.value).case_id = must_case(into).id;
}

CaseId MemoryTransaction::insert_case(const Case& new_case) {
    if (new_case.state == CaseState::open &&
        open_case_about(new_case.device, new_case.kind, new_case.subject))
        throw std::logic_error("there is an open case about this already");
    Case stored = new_case;
    stored.id = CaseId{++state_.last_case_id};
    stored.version = 1;
    stored.decision.reset();
    return (state_.cases[stored.id.value] = stored).id;
}

bool MemoryTransaction::update_case(const Case& changed) {
    if (!note_case(changed)) return false;
    ++state_.cases.at(changed.id.value).version;
    release_held(changed.id);
    return true;
}

bool MemoryTransaction::note_case(const Case& changed) {
    const auto at = state_.cases.find(changed.id.value);
    if (at == state_.cases.end() || at->second.version != changed.version) return false;
    auto decision = std::move(at->second.decision);
    at->second = changed;
    at->second.decision = std::move(decision);
    return true;
}

void MemoryTransaction::touch_case(CaseId id, Time now) {
    const auto at = state_.cases.find(id.value);
    if (at == state_.cases.end()) return;
    ++at->second.version;
    at->second.updated_at = now;
    release_held(id);
}

bool MemoryTransaction::decide(const Decision& decision, CaseState state_after, Time now) {
    const auto at = state_.cases.find(decision.case_id.value);
    if (at == state_.cases.end() || at->second.state != CaseState::open) return false;
    at->second.decision = decision;
    at->second.decision->id = DecisionId{++state_.last_id};
    at->second.state = state_after;
    touch_case(decision.case_id, now);
    return true;
}

ActionId MemoryTransaction::insert_action(const Action& action) {
    must_case(action.case_id);
    Action stored = action;
    stored.id = ActionId{++state_.last_id};
    return (state_.actions[stored.id.value] = stored).id;
}

bool MemoryTransaction::finish_action(ActionId id, ActionState state, std::string_view result, Time now) {
    const auto at = state_.actions.find(id.value);
    if (at == state_.actions.end()) return false;
    const bool expired =
        at->second.state == ActionState::failed && at->second.result == store::not_begun_in_time;
    if (at->second.state != ActionState::pending && !expired) return false;
    at->second.state = state;
    at->second.result = result;
    at->second.finished_at = now;
    return true;
}

std::vector<CaseId> MemoryTransaction::expire_actions(Time now) {
    std::set<CaseId> cases;
    for (auto& [id, action] : state_.actions)
        if (action.state == ActionState::pending && run_out(action, now)) {
            cases.insert(action.case_id);
            (void)finish_action(action.id, ActionState::failed, store::not_begun_in_time, now);
        }
    return {cases.begin(), cases.end()};
}

std::size_t MemoryTransaction::prune(const Retention& retention, std::size_t limit) {
    std::size_t removed = 0;
    const auto remove_if = [&](auto& map, auto old) {
        for (auto at = map.begin(); at != map.end() && removed < limit;)
            at = old(at->second) ? (++removed, map.erase(at)) : std::next(at);
    };
    const auto case_over = [&](CaseId id) { return id && over(must_case(id)); };
    remove_if(state_.answers, [&](const auto& one) { return one.at < retention.answers_before; });
    removed += prune_audit(retention.audit_before, retention.now, limit - removed);
    remove_if(state_.alerts, [&](const auto& one) {
        return one.alert.at < retention.alerts_before && case_over(one.case_id);
    });
    std::set<CaseId> old;
    for (const auto& [id, one] : state_.cases)
        if (over(one) && one.updated_at < retention.cases_before) old.insert(one.id);
    for (const auto id : old) {
        remove_if(state_.alerts, [&](const auto& one) { return one.case_id == id; });
        if (removed >= limit) break;
        std::erase_if(state_.tickets, [&](const auto& one) { return one.second.case_id == id; });
        std::erase_if(state_.messages, [&](const auto& one) { return one.second.case_id == id; });
        std::erase_if(state_.actions, [&](const auto& one) { return one.second.case_id == id; });
        state_.cases.erase(id.value);
        ++removed;
    }
    return removed;
}

void MemoryTransaction::ring(store::Ring ring) {
    rings_.push_back(std::move(ring));
}

}  // namespace garita::fakes
