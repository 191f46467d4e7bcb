#include "decide/deciding.hpp"

#include <algorithm>

#include "decide/confirmation.hpp"
#include "decide/incident_answers.hpp"
#include "decide/offers.hpp"
#include "decide/suspension.hpp"

namespace garita::decide {
namespace {

/// What a verdict does in the world.
struct Effects {
    std::vector<std::string> block_on;
    std::optional<ActionOrder> order;
    Duration within{};

    [[nodiscard]] bool any() const { return order || !block_on.empty(); }
};

std::vector<std::string> blocking_devices(const Case& about, BlockOn where, const Surroundings& around) {
    if (where == BlockOn::origin && around.knows(about.device)) return {about.device};
    return around.devices;
}

std::optional<Time> end_of_block(const Verdict& verdict, Time now) {
    return verdict.lasts ? std::optional(verdict.at.value_or(now) + *verdict.lasts) : std::nullopt;
}

Effects effects_of(const Case& about, const Verdict& verdict, const DeskOptions& options,
                   const Surroundings& around, Time now) {
    Effects effects;
    const auto ends = end_of_block(verdict, now);
    if (ends && *ends <= now) return effects;  // it was decided long ago and is over
    switch (verdict.response) {
        case Response::allow:
        case Response::nothing:
        case Response::resume:
        case Response::keep_observing:
        case Response::undo:
        case Response::accept:
        case Response::mute:
        case Response::keep:
        case Response::confirm:
        case Response::refresh:
        case Response::acknowledge:
            break;
        case Response::approve:
        case Response::dismiss:
        case Response::start_work:
        case Response::resolve:
            effects.order = move_of(about, verdict.response, verdict.by, verdict.comment);
            effects.within = incident_within;
            break;
        case Response::block:
            effects.block_on = blocking_devices(about, verdict.block_on, around);
            [[fallthrough]];
        case Response::close_connection:
            if (about.kind == "ssh_login" || verdict.response == Response::close_connection)
                if (const auto session = session_of(about.address, about.facts)) effects.order = *session;
            effects.within = options.close_within;
            break;
        case Response::reboot:
            effects.order = Reboot{};
            effects.within = options.reboot_within;
            break;
        case Response::power_off:
            effects.order = PowerOff{};
            effects.within = options.reboot_within;
            break;
    }
    return effects;
}

/// A block in force for longer stays as long as it was: a decision adds protection, `unset` takes it away.
std::optional<Time> expiry_on(store::Transaction& transaction, const std::string& device,
                              const std::string& network, std::optional<Time> wanted, Time now) {
    store::RuleQuery query;
    query.device = device;
    query.name = block_rule;
    query.params = network;
    query.limit = 1;
    const auto there = transaction.rules(query);
    if (there.empty() || !there.front().desired || !wanted) return wanted;
    const auto& until = there.front().expires_at;
    if (until && *until <= now) return wanted;
    return until ? std::optional(std::max(*until, *wanted)) : std::nullopt;
}

RuleChange::Wish wish_of(const Actor& by) {
    return by.kind == Actor::Kind::policy ? RuleChange::Wish::policy : RuleChange::Wish::people;
}

void order_blocks(store::Transaction& transaction, const Case& about, const Verdict& verdict,
                  const std::vector<std::string>& devices, const std::optional<Time>& wanted, Time now) {
    RuleChange change;
    change.name = block_rule;
    change.params = about.address->text();
    change.desired = std::string(block_value);
    change.author = verdict.by.text();
    change.case_id = about.id;
    change.comment = verdict.comment;
    change.scope = verdict.block_on == BlockOn::all ? RuleScope::everywhere : RuleScope::device;
    change.wish = wish_of(verdict.by);
    for (const auto& device : devices) {
        change.device = device;
        change.expires_at = expiry_on(transaction, device, change.params, wanted, now);
        if (transaction.change_rule(change, now)) transaction.ring({store::Topic::rules, device});
    }
}

void order_action(store::Transaction& transaction, const Case& about, const Effects& effects, Time now) {
    const auto stored = transaction.find_case(about.id);
    Action action;
    if (stored && stored->decision) action.decision_id = stored->decision->id;
    action.case_id = about.id;
    action.device = about.device;
    action.order = *effects.order;
    action.created_at = now;
    action.expires_at = now + effects.within;
    (void)transaction.insert_action(action);
    transaction.ring({store::Topic::actions, about.device});
}

std::string span_of(const std::optional<Duration>& lasts) {
    return lasts ? format_span(std::chrono::duration_cast<std::chrono::seconds>(*lasts)) : "ever";
}

std::string in_words(const Case& about, const Verdict& verdict, const Effects& effects) {
    std::string words(to_text(verdict.response));
    if (!effects.block_on.empty())
        words += " " + about.address->text() + " for " + span_of(verdict.lasts) + " on " +
                 std::to_string(effects.block_on.size()) +
                 (effects.block_on.size() == 1 ? " device" : " devices");
    if (effects.order) words += ", " + std::string(order_name(*effects.order)) + " on " + about.device;
    if (about.proposal && about.proposal->response == verdict.response)
        for (const auto& agreement : about.proposal->by)
            words += ", as " + agreement.by.text() + " proposed";
    if (verdict.at)
        words += ", decided on " + about.device + " at " + to_iso8601(*verdict.at) +
                 " while the hub was out of its reach";
    return verdict.comment.empty() ? words : words + ": " + verdict.comment;
}

Refusal not_offered(const Case& about, const std::string& word) {
    std::string offered;
    for (const auto response : about.responses)
        offered += (offered.empty() ? "" : ", ") + std::string(to_text(response));
    return {Error{ErrorCode::invalid, object_of(about.id) + " does not offer " + word + ", but: " + offered},
            "refused.not_offered",
            {{"response", word}, {"answers", offered}}};
}

}  // namespace

Refusal role_too_low(Response response, Role least, const Actor& by) {
    const std::string word(to_text(response));
    const std::string needed(to_text(least));
    const std::string has(to_text(by.role));
    return {Error{ErrorCode::forbidden, word + " needs the role " + needed + "; " + by.name + " has " + has},
            "refused.role",
            {{"response", word}, {"needed", needed}, {"has", has}}};
}

Refusal changed_meanwhile(CaseId id) {
    return {
        Error{ErrorCode::conflict, object_of(id) + " has changed; look at it again"}, "refused.changed", {}};
}

bool is_carried_out_elsewhere(std::string_view kind, Response response) {
    return response == Response::undo || (response == Response::mute && kind == "alertmanager");
}

std::string object_of(CaseId id) {
    return "case " + std::to_string(id.value);
}

std::optional<Refusal> refuse_verdict(const Case& about, const Verdict& verdict, const DeskOptions& options,
                                      const Surroundings& around) {
    const auto word = std::string(to_text(verdict.response));
    if (std::find(about.responses.begin(), about.responses.end(), verdict.response) == about.responses.end())
        return not_offered(about, word);
    const Role needed =
        role_needed(verdict.response, danger_of(verdict.response, about.address, options.wide));
    if (verdict.by.role < needed) return role_too_low(verdict.response, needed, verdict.by);
    if (verdict.lasts && *verdict.lasts <= Duration::zero())
        return Refusal{
            Error{ErrorCode::invalid, "a block lasts longer than nothing; give a span such as 24h"},
            "refused.span",
            {}};
    if (verdict.response != Response::block) return std::nullopt;
    if (!about.address)
        return Refusal{
            Error{ErrorCode::invalid, object_of(about.id) + " has no address that could be blocked"},
            "refused.no_address",
            {}};
    if (auto refused = refuse_block(*about.address, options, around.protected_networks, verdict.from))
        return refused;
    if (auto refused = refuse_cutting_off(*about.address, around, &about)) return refused;
    if (around.devices.empty())
        return Refusal{
            Error{ErrorCode::unavailable,
                  "no device is known that could block " + about.address->text() + ": connect an agent first",
                  Retry::later},
            "refused.no_device",
            {}};
    return std::nullopt;
}

bool carry_out(store::Transaction& transaction, const Case& about, const Verdict& verdict,
               const DeskOptions& options, const Surroundings& around, Time now) {
    const Effects effects = effects_of(about, verdict, options, around, now);
    Decision decision;
    decision.case_id = about.id;
    decision.response = verdict.response;
    decision.by = verdict.by;
    decision.at = verdict.at.value_or(now);
    decision.lasts = verdict.lasts;
    decision.comment = verdict.comment;
    const bool more_to_do = effects.any() || is_carried_out_elsewhere(about.kind, verdict.response);
    if (!transaction.decide(decision, more_to_do ? CaseState::decided : CaseState::closed, now)) return false;
    if (!effects.block_on.empty()) {
        auto ends = end_of_block(verdict, now);
        if (const auto provisional = provisional_block({*about.address}, ends, options, now)) {
            keep_provisional(transaction, about.id, *provisional);
            ends = provisional->until;
        }
        order_blocks(transaction, about, verdict, effects.block_on, ends, now);
    }
    if (verdict.response == Response::resume) (void)lift_suspension(transaction, about.subject, now);
    if (effects.order) order_action(transaction, about, effects, now);
    (void)transaction.add_audit(
        {0, now, verdict.by, "decide", object_of(about.id), in_words(about, verdict, effects)});
    transaction.ring({store::Topic::cases, {}});
    return true;
}

}  // namespace garita::decide
