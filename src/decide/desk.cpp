#include "decide/desk.hpp"

#include "decide/deciding.hpp"

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

/// The whole answer in one transaction.
Answered settle(store::Transaction& transaction, const AnswerRequest& request, const DeskOptions& options,
                const std::vector<ProtectedNetwork>& hub, Time now) {
    const auto about = transaction.find_case(request.case_id);
    if (!about)
        return refuse({Error{ErrorCode::not_found, "there is no " + object_of(request.case_id) +
                                                       "; `garita cases --all` lists all of them"},
                       "telegram.no_such_case",
                       {{"id", std::to_string(request.case_id.value)}}});
    const Verdict verdict = verdict_of(request, *about, options);
    if (about->state != CaseState::open) {
        // whoever may not answer learns that, and not what others answered
        if (request.by.role < role_needed(request.response))
            return refuse(role_too_low(request.response, request.by));
        return too_late(*about);
    }
    const auto around = look_around(transaction, options, hub);
    if (auto refused = refuse_verdict(*about, verdict, options, around)) return refuse(std::move(*refused));
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
        if (!outcome) return tl::unexpected(outcome.error().error);
        return {};
    });
    if (written) return outcome;
    if (outcome) return failed(written.error());  // the commit itself failed
    const Error& error = outcome.error().error;
    if (error.code == ErrorCode::forbidden) {
        const AuditEntry refusal{0,
                                 now,
                                 request.by,
                                 "decide_refused",
                                 object_of(request.case_id),
                                 std::string(to_text(request.response)) + ": " + error.text};
        const auto recorded = store_.write([&](store::Transaction& transaction) -> Result<void> {
            (void)transaction.add_audit(refusal);
            return {};
        });
        if (!recorded) return failed(recorded.error());
    }
    return outcome;
}

}  // namespace garita::decide
