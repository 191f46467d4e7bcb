#include "decide/confirmation.hpp"

#include <algorithm>

#include "decide/deciding.hpp"
#include "model/rights.hpp"

namespace garita::decide {
namespace {

using State = Provisional::State;

constexpr std::size_t cases_in_batch = 200;
constexpr std::size_t rules_in_page = 5000;

Refusal refusal(ErrorCode code, std::string text, std::string key) {
    return {
        {code, std::move(text), code == ErrorCode::conflict ? Retry::later : Retry::no}, std::move(key), {}};
}

/// Why this answer does not confirm; nothing: it does.
std::optional<Refusal> refuse_confirmation(const AnswerRequest& request, const Case& about) {
    const auto object = object_of(about.id);
    if (!about.provisional)
        return refusal(ErrorCode::invalid, object + " has no block that waits to be confirmed",
                       "refused.nothing_to_confirm");
    if (const Role needed = role_needed(Right::confirm); request.by.role < needed)
        return role_too_low(Response::confirm, needed, request.by);
    if (about.provisional->state != State::waiting) return std::nullopt;
    const auto& since = about.provisional->in_force_since;
    if (!since)
        return refusal(ErrorCode::conflict,
                       "no device has the block of " + object + " in force yet: nothing is proved before",
                       "refused.not_in_force");
    if (!request.connected_at || *request.connected_at <= *since)
        return refusal(ErrorCode::forbidden,
                       "the connection that this comes over is older than the block of " + object +
                           ", or nobody can tell its age (tmux; /proc mounted with hidepid): log in anew, "
                           "and confirm from there",
                       "refused.old_connection");
    return std::nullopt;
}

/// Every rule of the case that is still wanted lives as long as was decided.
void prolong(store::Transaction& transaction, const Case& about, Time now) {
    store::RuleQuery query;
    query.case_id = about.id;
    query.limit = rules_in_page;
    std::vector<std::string> devices;
    for (;;) {
        const auto rules = transaction.rules(query);
        for (const auto& rule : rules) {
            if (!rule.desired) continue;
            RuleChange change{rule.device, rule.name,    rule.params, rule.desired, about.provisional->ends,
                              rule.author, rule.case_id, rule.comment};
            (void)transaction.change_rule(change, now);
            if (std::find(devices.begin(), devices.end(), rule.device) == devices.end())
                devices.push_back(rule.device);
        }
        if (rules.size() < rules_in_page) break;
        query.after = rules.back().id;
    }
    for (const auto& device : devices)
        transaction.ring({store::Topic::rules, device});
}

}  // namespace

std::optional<Provisional> provisional_block(const std::vector<IpNetwork>& networks,
                                             const std::optional<Time>& ends, const DeskOptions& options,
                                             Time now) {
    const bool wide = std::any_of(networks.begin(), networks.end(),
                                  [&](const IpNetwork& one) { return options.wide.are_passed_by(one); });
    if (!wide || !options.confirm_within) return std::nullopt;
    Provisional provisional;
    provisional.until = now + *options.confirm_within;
    provisional.ends = ends;
    if (ends && *ends <= provisional.until) return std::nullopt;
    return provisional;
}

void keep_provisional(store::Transaction& transaction, CaseId id, const Provisional& provisional) {
    auto about = transaction.find_case(id);
    if (!about) return;
    about->provisional = provisional;
    (void)transaction.update_case(*about);  // read in this transaction: nobody was faster
}

bool note_in_force(Case& about, const Progress& progress, Time now) {
    if (!about.provisional || about.provisional->state != State::waiting || progress.done == 0) return false;
    if (about.provisional->in_force_since && about.state != CaseState::decided) return false;
    about.provisional->in_force_since = now;
    return true;
}

tl::expected<AnswerOutcome, Refusal> confirm(store::Transaction& transaction, const AnswerRequest& request,
                                             const Case& about, Time now) {
    if (auto refused = refuse_confirmation(request, about)) return tl::unexpected(std::move(*refused));
    if (about.provisional->state == State::confirmed)
        return AnswerOutcome{AnswerOutcome::Kind::already_decided, about};
    if (about.provisional->state == State::rolled_back || now >= about.provisional->until)
        return AnswerOutcome{AnswerOutcome::Kind::over, about};
    Case changed = about;
    changed.provisional->state = State::confirmed;
    changed.provisional->confirmed_by = request.by;
    changed.updated_at = now;
    if (!transaction.update_case(changed)) return tl::unexpected(changed_meanwhile(about.id));
    prolong(transaction, changed, now);
    (void)transaction.add_audit({0, now, request.by, "confirm", object_of(about.id), ""});
    transaction.ring({store::Topic::cases, {}});
    return AnswerOutcome{AnswerOutcome::Kind::accepted, *transaction.find_case(about.id)};
}

void roll_back_unconfirmed(store::Transaction& transaction, Time now) {
    for (auto& about : transaction.unconfirmed_cases(now, cases_in_batch)) {
        about.provisional->state = State::rolled_back;
        about.updated_at = now;
        if (!transaction.update_case(about)) continue;
        const Actor desk{Actor::Kind::system, "desk", {}, Role::administrator};
        (void)transaction.add_audit({0, now, desk, "rolled_back", object_of(about.id),
                                     about.provisional->in_force_since ? "nobody confirmed the block"
                                                                       : "no device had the block in force"});
        transaction.ring({store::Topic::cases, {}});
    }
}

}  // namespace garita::decide
