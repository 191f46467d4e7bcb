#include "decide/desk.hpp"

#include "decide/acknowledging.hpp"
#include "decide/agreement.hpp"
#include "decide/confirmation.hpp"
#include "decide/deciding.hpp"
#include "decide/incident_answers.hpp"
#include "decide/question.hpp"

namespace garita::decide {
namespace {

using Answered = tl::expected<AnswerOutcome, Refusal>;

tl::unexpected<Refusal> refuse(Refusal why) {
    return tl::unexpected<Refusal>(std::move(why));
}
/// A failure of the store: it has no words of its own in other languages.
tl::unexpected<Refusal> failed(Error error) {
    return refuse({std::move(error), "", {}});
}

const Policy& policy_for(const Case& about, const DeskOptions& options) {
    return choose_policy(options.policies, options.otherwise, question_about(about));
}

Verdict verdict_of(const AnswerRequest& request, const Case& about, const DeskOptions& options) {
    const Policy& policy = policy_for(about, options);
    Verdict verdict;
    verdict.response = request.response;
    verdict.by = request.by;
    verdict.lasts = request.lasts;
    verdict.lasts_said = request.lasts.has_value();
    if (!verdict.lasts && request.response == Response::block)
        verdict.lasts = &policy == &options.otherwise ? options.block_lasts : policy.lasts;
    verdict.comment = request.comment;
    verdict.block_on = policy.block_on;
    verdict.from = request.from;
    return verdict;
}

AnswerOutcome too_late(const Case& about) {
    const bool answered = about.state == CaseState::decided || about.state == CaseState::closed;
    return {answered ? AnswerOutcome::Kind::already_decided : AnswerOutcome::Kind::over, about};
}

std::string said_by_link(const AnswerRequest& request) {
    return request.link ? ", by the link in the letter to " + request.link->address : "";
}

void record_link(store::Transaction& transaction, const AnswerRequest& request, const AnswerOutcome& outcome,
                 Time now) {
    using Kind = AnswerOutcome::Kind;
    if (!request.link || (outcome.kind != Kind::accepted && outcome.kind != Kind::proposed)) return;
    (void)transaction.add_audit({0, now, request.by, "link_used", object_of(request.case_id),
                                 std::string(to_text(request.response)) + said_by_link(request)});
}

/// The whole answer in one transaction.
Answered settle(store::Transaction& transaction, const AnswerRequest& request, const DeskOptions& options,
                const std::vector<ProtectedNetwork>& hub, Time now) {
    const auto about = transaction.find_case(request.case_id);
    if (!about)
        return refuse({Error{ErrorCode::not_found, "there is no " + object_of(request.case_id) +
                                                       "; `garita cases --all` lists all of them"},
                       "telegram.no_such_case",
                       {{"id", std::to_string(request.case_id.value)}}});
    if (request.link && !still_asks(*about, request.link->after_decision)) return too_late(*about);
    if (request.response == Response::confirm) return confirm(transaction, request, *about, now);
    if (request.response == Response::acknowledge) return take_on(transaction, request, *about, options, now);
    if (stands_beside_decision(*about, request.response) &&
        persons_needed(policy_for(*about, options), request.response, std::nullopt) == 1)
        return answer_incident(transaction, request, *about, options, now);
    Verdict verdict = verdict_of(request, *about, options);
    const auto danger = danger_of(verdict.response, about->address, options.wide);
    if (about->state != CaseState::open) {
        // whoever may not answer learns that, and not what others answered
        if (const Role least = role_needed(request.response, danger); request.by.role < least)
            return refuse(role_too_low(request.response, least, request.by));
        return too_late(*about);
    }
    const auto around = look_around(transaction, options, hub);
    auto refused = refuse_verdict(*about, verdict, options, around);
    if (!refused) refused = refuse_opposition(*about, verdict, options);
    if (refused) return refuse(std::move(*refused));
    const auto stepped = step_up(transaction, request.by, danger, request.code, options.step_up, now);
    if (!stepped) return refuse(stepped.error());
    if (*stepped == Stepped::code_wanted) return AnswerOutcome{AnswerOutcome::Kind::code_wanted, *about};
    const int needed = persons_needed(policy_for(*about, options), verdict.response, danger);
    if (needed > 1) {
        const auto agreed = take_agreement(transaction, *about, verdict, needed, options, now);
        if (!agreed) return refuse(agreed.error());
        if (*agreed == Agreed::kept)
            return AnswerOutcome{AnswerOutcome::Kind::proposed, *transaction.find_case(request.case_id)};
    }
    const bool decided = carry_out(transaction, *about, verdict, options, around, now);
    const auto after = transaction.find_case(request.case_id);
    const Case& current = after ? *after : *about;
    if (!decided) return too_late(current);
    return AnswerOutcome{AnswerOutcome::Kind::accepted, current};
}

}  // namespace

Answered Desk::answer_or_refuse(const AnswerRequest& request, Time now) {
    const auto hub = hub_networks(options_);
    Answered outcome = failed({ErrorCode::io, "the store did not call back"});
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        outcome = settle(transaction, request, options_, hub, now);
        if (outcome) {
            record_link(transaction, request, *outcome, now);
            return {};
        }
        const Error& error = outcome.error().error;
        if (error.code != ErrorCode::forbidden) return tl::unexpected(error);
        // a refusal has changed nothing but what is to be remembered of it
        (void)transaction.add_audit(
            {0, now, request.by, "decide_refused", object_of(request.case_id),
             std::string(to_text(request.response)) + said_by_link(request) + ": " + error.text});
        return {};
    });
    if (!written && outcome) return failed(written.error());  // the commit itself failed
    if (!written && outcome.error().error.code == ErrorCode::forbidden) return failed(written.error());
    return outcome;
}

}  // namespace garita::decide
