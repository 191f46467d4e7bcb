// The clerk and what an agent decided on by itself: the hub takes it over as it is, and has the last word.

#include <algorithm>

#include "decide/agreement.hpp"
#include "decide/clerk.hpp"
#include "decide/deciding.hpp"
#include "decide/standing.hpp"

namespace garita::decide {
namespace {

constexpr std::size_t audit_page = 1000;

Actor actor_alone(const DecidedAlone& decided) {
    return {Actor::Kind::policy, decided.policy, std::string(alone_channel), Role::administrator};
}

const Policy* find_policy(const DeskOptions& options, std::string_view name) {
    const auto found =
        std::find_if(options.policies.begin(), options.policies.end(),
                     [&](const Policy& policy) { return policy.locally && policy_name(policy) == name; });
    return found == options.policies.end() ? nullptr : &*found;
}

bool has_word(std::string_view text, std::string_view word) {
    for (auto at = text.find(word); at != text.npos; at = text.find(word, at + 1)) {
        const auto after = at + word.size();
        const bool begins = at == 0 || text[at - 1] == ' ';
        const bool ends =
            after == text.size() || text[after] == ' ' || text[after] == ':' || text[after] == ',';
        if (begins && ends) return true;
    }
    return false;
}

}  // namespace

void Clerk::take_over(CaseId id, const Alert& alert) {
    const auto& decided = *alert.decided;
    const auto about = transaction_.find_case(id);
    if (!about || about->state != CaseState::open)
        return record_alone(id, alert, "the case was decided at the hub");
    if (const auto why = refuse_alone(alert); !why.empty()) return record_alone(id, alert, why);
    const Policy& policy = *find_policy(options_, decided.policy);
    Verdict verdict = verdict_of_policy(policy);
    verdict.by = actor_alone(decided);
    verdict.at = std::min(decided.at, now_);
    if (policy.lasts) verdict.lasts = std::min(*policy.lasts, decided.lasts.value_or(*policy.lasts));
    auto refused = refuse_unattended(*about, verdict.response, policy, options_);
    if (!refused) refused = refuse_verdict(*about, verdict, options_, around_);
    if (refused) return record_alone(id, alert, refused->error.text);
    while (const auto runaway = memory_.caps.ask(transaction_, options_, policy, verdict.response, now_)) {
        suspended_.push_back(suspend(transaction_, *runaway, now_));
        if (runaway->policy == verdict.by.name)
            return record_alone(id, alert, "the policy has done too much; it only observes now");
    }
    (void)carry_out(transaction_, *about, verdict, options_, around_, now_);
}

/// Empty: nothing stands against it.
std::string Clerk::refuse_alone(const Alert& alert) {
    const auto& decided = *alert.decided;
    if (find_policy(options_, decided.policy) == nullptr)
        return "there is no policy of this name any more that an agent may follow by itself";
    if (std::any_of(suspended_.begin(), suspended_.end(), [&](const Suspension& one) {
            return one.policy == decided.policy && one.since <= decided.at;
        }))
        return "the policy had done too much before, and only observes";
    if (unset_since(alert)) return "its block was unset at the hub after that";
    return {};
}

void Clerk::record_alone(CaseId id, const Alert& alert, const std::string& why) {
    const auto& decided = *alert.decided;
    (void)transaction_.add_audit({0, now_, actor_alone(decided), "decide_refused", object_of(id),
                                  "block " + (alert.address ? alert.address->text() : "") + " on " +
                                      alert.device + " at " + to_iso8601(decided.at) +
                                      " while the hub was out of its reach, not taken over: " + why});
}

/// Whether somebody took the block of this network away, or all that the policy did, after the agent had
/// decided: the trail knows, even where no rule is left.
bool Clerk::unset_since(const Alert& alert) {
    if (!alert.address) return false;
    const auto network = alert.address->text();
    store::AuditQuery query;
    query.since = alert.decided->at;
    query.limit = audit_page;
    for (;;) {
        const auto rows = transaction_.audit(query);
        for (const auto& row : rows) {
            const bool undone = row.verb == "undo" && row.object == "policy " + alert.decided->policy;
            const bool unset = row.verb == "rule_unset" && has_word(row.detail, network) &&
                               (has_word(row.object, "all") || has_word(row.object, alert.device));
            if (undone || unset) return true;
        }
        if (rows.size() < audit_page) return false;
        query.before = rows.back().id;
    }
}

}  // namespace garita::decide
