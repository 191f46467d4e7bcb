#include "decide/desk.hpp"

#include "decide/deciding.hpp"

namespace garita::decide {
namespace {

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
Result<AnswerOutcome> settle(store::Transaction& transaction, const AnswerRequest& request,
                             const DeskOptions& options, const std::vector<ProtectedNetwork>& hub, Time now) {
    const auto about = transaction.find_case(request.case_id);
    if (!about)
        return fail(ErrorCode::not_found,
                    "there is no " + object_of(request.case_id) + "; `garita cases --all` lists all of them");
    const Verdict verdict = verdict_of(request, *about, options);
    if (about->state != CaseState::open) {
        // whoever may not answer learns that, and not what others answered
        const Role needed = role_needed(request.response);
        if (request.by.role < needed)
            return fail(ErrorCode::forbidden, std::string(to_text(request.response)) + " needs the role " +
                                                  std::string(to_text(needed)));
        return too_late(*about);
    }
    const auto around = look_around(transaction, options, hub);
    if (auto refused = refuse_verdict(*about, verdict, options, around))
        return tl::unexpected(std::move(*refused));
    const bool decided = carry_out(transaction, *about, verdict, options, around, now);
    const auto after = transaction.find_case(request.case_id);
    const Case& current = after ? *after : *about;
    if (!decided) return too_late(current);
    return AnswerOutcome{AnswerOutcome::Kind::accepted, current};
}

}  // namespace

Result<AnswerOutcome> Desk::answer(const AnswerRequest& request, Time now) {
    const auto hub = hub_networks(options_);
    Result<AnswerOutcome> outcome = fail(ErrorCode::io, "the store did not call back");
    const auto written = store_.write([&](store::Transaction& transaction) -> Result<void> {
        outcome = settle(transaction, request, options_, hub, now);
        if (!outcome) return tl::unexpected(outcome.error());
        return {};
    });
    if (written) return outcome;
    if (outcome) return tl::unexpected(written.error());  // the commit itself failed
    if (outcome.error().code == ErrorCode::forbidden) {
        const AuditEntry refusal{0,
                                 now,
                                 request.by,
                                 "decide_refused",
                                 object_of(request.case_id),
                                 std::string(to_text(request.response)) + ": " + outcome.error().text};
        const auto recorded = store_.write([&](store::Transaction& transaction) -> Result<void> {
            (void)transaction.add_audit(refusal);
            return {};
        });
        if (!recorded) return tl::unexpected(recorded.error());
    }
    return tl::unexpected(outcome.error());
}

}  // namespace garita::decide
