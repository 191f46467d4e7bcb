#include "decide/policy_desk.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>

#include "decide/deciding.hpp"
#include "model/rights.hpp"

namespace garita::decide {
namespace {

constexpr std::size_t decisions_in_batch = 1000;  // so that answers to cases get in between
constexpr std::size_t rules_of_a_case = 100'000;
constexpr Duration look_again = std::chrono::seconds{30};

Error role_error(const Actor& by, Role needed, const std::string& what) {
    return {ErrorCode::forbidden, what + " needs the role " + std::string(to_text(needed)) + "; " + by.name +
                                      " has " + std::string(to_text(by.role))};
}

/// What a batch found, and its rules to unset.
struct Batch {
    std::vector<Decision> decisions;
    std::vector<Rule> to_unset;
    UndoOutcome found;
};

Batch look_at(store::View& view, const std::string& policy, Time since, DecisionId after) {
    Batch batch;
    batch.decisions = view.policy_decisions(policy, since, after, decisions_in_batch);
    store::RuleQuery query;
    query.limit = rules_of_a_case;
    for (const auto& decision : batch.decisions) {
        if (decision.response != Response::block) {
            const bool harmless =
                decision.response == Response::allow || decision.response == Response::nothing;
            batch.found.other_effects += harmless ? 0U : 1U;
            continue;
        }
        ++batch.found.decisions;
        query.case_id = decision.case_id;
        for (auto& rule : view.rules(query)) {
            if (!rule.desired)
                ++batch.found.over;
            else if (rule.wanted_by_people || rule.author != decision.by.text())
                ++batch.found.kept_for_people;
            else
                batch.to_unset.push_back(std::move(rule));
        }
    }
    batch.found.unset = batch.to_unset.size();
    return batch;
}

void unset(store::Transaction& transaction, const Batch& batch, const UndoOrder& order,
           const std::string& policy, Time now) {
    if (batch.to_unset.empty()) return;
    RuleChange change;
    change.author = order.by.text();
    change.comment = "undone: " + policy;
    std::string networks;
    std::vector<std::string> devices;
    for (const auto& rule : batch.to_unset) {
        change.device = rule.device;
        change.name = rule.name;
        change.params = rule.params;
        (void)transaction.change_rule(change, now);
        networks += (networks.empty() ? "" : " ") + rule.params;
        if (std::find(devices.begin(), devices.end(), rule.device) == devices.end())
            devices.push_back(rule.device);
    }
    (void)transaction.add_audit({0, now, order.by, "undo", "policy " + policy,
                                 std::to_string(batch.to_unset.size()) + " rules: " + networks});
    for (const auto& device : devices)
        transaction.ring({store::Topic::rules, device});
}

void add(UndoOutcome& sum, const UndoOutcome& more) {
    sum.decisions += more.decisions;
    sum.unset += more.unset;
    sum.kept_for_people += more.kept_for_people;
    sum.over += more.over;
    sum.other_effects += more.other_effects;
}

}  // namespace

Result<std::string> PolicyDesk::find(const std::string& policy) const {
    std::size_t number = 0;
    const auto* const end = policy.data() + policy.size();
    const auto parsed = std::from_chars(policy.data(), end, number);
    if (parsed.ec == std::errc{} && parsed.ptr == end && number >= 1 && number <= options_.policies.size())
        return policy_name(options_.policies[number - 1]);
    for (const auto& one : options_.policies)
        if (policy_name(one) == policy) return policy;
    return fail(ErrorCode::not_found,
                "there is no policy \"" + policy + "\"; `garita policies` lists all of them");
}

Result<std::vector<PolicyState>> PolicyDesk::list(Time now) {
    std::vector<PolicyState> all;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        all.clear();
        const auto suspended = suspensions(view);
        for (const auto& policy : options_.policies) {
            PolicyState state;
            state.name = policy_name(policy);
            state.policy = policy;
            const auto cap = policy.cap.value_or(options_.automatic_blocks);
            if (policy.mode == Policy::Mode::automatic)
                state.done_lately =
                    view.policy_decisions(state.name, now - cap.per, DecisionId{}, cap.at_most + 1).size();
            for (const auto& one : suspended)
                if (one.policy == state.name) state.suspended = one;
            all.push_back(std::move(state));
        }
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    return all;
}

Result<std::string> PolicyDesk::resume(const std::string& policy, const Actor& by, Time now) {
    if (by.role < Role::approver) return tl::unexpected(role_error(by, Role::approver, "resuming a policy"));
    const auto name = find(policy);
    if (!name) return name;
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        if (!lift_suspension(transaction, *name, now))
            return fail(ErrorCode::conflict, "the policy \"" + *name + "\" is not suspended");
        if (const auto open = transaction.open_case_about(hub_device, runaway_kind, *name)) {
            Decision decision;
            decision.case_id = open->id;
            decision.response = Response::resume;
            decision.by = by;
            decision.at = now;
            (void)transaction.decide(decision, CaseState::closed, now);
        }
        (void)transaction.add_audit({0, now, by, "policy_resumed", "policy " + *name, ""});
        transaction.ring({store::Topic::cases, {}});
        return {};
    });
    if (!written) return tl::unexpected(written.error());
    return name;
}

Result<bool> PolicyDesk::undo_batch(const UndoOrder& order, Place& place, UndoOutcome& outcome, Time now) {
    Batch batch;
    const auto take = [&](store::View& view) { batch = look_at(view, outcome.policy, place.at, place.id); };
    const auto done = order.how == UndoOrder::How::count_only
                          ? store_.read([&](store::View& view) -> Result<void> {
                                take(view);
                                return {};
                            })
                          : store_.write([&](store::Transaction& transaction) -> Result<void> {
                                take(transaction);
                                unset(transaction, batch, order, outcome.policy, now);
                                return {};
                            });
    if (!done) return tl::unexpected(done.error());
    add(outcome, batch.found);
    if (batch.decisions.empty()) return false;
    place = {batch.decisions.back().at, batch.decisions.back().id};
    return batch.decisions.size() == decisions_in_batch;
}

Result<UndoOutcome> PolicyDesk::undo(const UndoOrder& order, Time now) {
    const auto needed =
        role_needed(order.how == UndoOrder::How::count_only ? Right::count_undo : Right::undo);
    if (order.by.role < needed)
        return tl::unexpected(role_error(order.by, needed, "undoing a policy's blocks"));
    if (order.since > now)
        return fail(ErrorCode::invalid, "what is undone has happened: " + to_iso8601(order.since) +
                                            " is still to come, by the hub's clock");
    const auto name = find(order.policy);
    if (!name) return tl::unexpected(name.error());
    UndoOutcome outcome;
    outcome.policy = *name;
    Place place{order.since, {}};
    for (;;) {
        const auto more = undo_batch(order, place, outcome, now);
        if (!more) return tl::unexpected(more.error());
        if (!*more) return outcome;
    }
}

Result<void> PolicyDesk::finish(CaseId id, const UndoOutcome& outcome, Time now) {
    return store_.write([&](store::Transaction& transaction) -> Result<void> {
        auto about = transaction.find_case(id);
        if (!about || about->state != CaseState::decided) return {};
        about->state = CaseState::closed;
        about->updated_at = now;
        about->facts["undone"] = std::to_string(outcome.unset);
        if (outcome.kept_for_people > 0) about->facts["rules_kept"] = std::to_string(outcome.kept_for_people);
        (void)transaction.update_case(*about);
        transaction.ring({store::Topic::cases, {}});
        return {};
    });
}

Result<Duration> PolicyDesk::step(Time now) {
    std::vector<Case> wanted;
    std::vector<Suspension> suspended;
    const auto looked = store_.read([&](store::View& view) -> Result<void> {
        store::CaseQuery query;
        query.states = {CaseState::decided};
        query.kind = runaway_kind;
        query.device = hub_device;
        wanted = view.cases(query);
        suspended = suspensions(view);
        return {};
    });
    if (!looked) return tl::unexpected(looked.error());
    for (const auto& about : wanted) {
        if (!about.decision || about.decision->response != Response::undo) continue;
        const auto run = std::find_if(suspended.begin(), suspended.end(),
                                      [&](const Suspension& one) { return one.case_id == about.id; });
        const UndoOrder order{about.subject, run == suspended.end() ? about.opened_at : run->run_began,
                              UndoOrder::How::carry_out, about.decision->by};
        UndoOutcome outcome;
        outcome.policy = about.subject;  // it may have gone from the configuration
        Place place{order.since, {}};
        Result<bool> more = true;
        while (more && *more)
            more = undo_batch(order, place, outcome, now);
        if (!more) return tl::unexpected(more.error());
        if (const auto done = finish(about.id, outcome, now); !done) return tl::unexpected(done.error());
    }
    return look_again;
}

}  // namespace garita::decide
