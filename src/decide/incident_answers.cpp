#include "decide/incident_answers.hpp"

#include <algorithm>

#include "decide/deciding.hpp"
#include "model/incident.hpp"
#include "store/refresh_wishes.hpp"

namespace garita::decide {
namespace {

void order_move(store::Transaction& transaction, const Case& about, const AnswerRequest& request, Time now) {
    Action action;
    if (about.decision) action.decision_id = about.decision->id;
    action.case_id = about.id;
    action.device = about.device;
    action.order = move_of(about, request.response, request.by, request.comment);
    action.created_at = now;
    action.expires_at = now + incident_within;
    (void)transaction.insert_action(action);
    (void)transaction.add_audit(
        {0, now, request.by, "decide", object_of(about.id),
         std::string(to_text(request.response)) + (request.comment.empty() ? "" : ": " + request.comment)});
    transaction.touch_case(about.id, now);
    transaction.ring({store::Topic::cases, {}});
}

}  // namespace

ActionOrder move_of(const Case& about, Response response, const Actor& by, const std::string& comment) {
    return MoveIncident{about.subject, status_asked_by(response).value_or(IncidentStatus::approved),
                        by.text(), comment};
}

bool stands_beside_decision(const Case& about, Response response) {
    if (about.kind != incident_kind) return false;
    if (response == Response::refresh) return true;
    const bool offered =
        std::find(about.responses.begin(), about.responses.end(), response) != about.responses.end();
    // until the SIEM has heard of the decision, somebody was faster; so it is with what its state does not
    // allow
    return about.state == CaseState::closed && offered && status_asked_by(response).has_value();
}

tl::expected<AnswerOutcome, Refusal> answer_incident(store::Transaction& transaction,
                                                     const AnswerRequest& request, const Case& about,
                                                     const DeskOptions& options, Time now) {
    Verdict verdict;
    verdict.response = request.response;
    verdict.by = request.by;
    if (auto refused = refuse_verdict(about, verdict, options, {}))
        return tl::unexpected(std::move(*refused));
    if (request.response == Response::refresh)
        store::wish_refresh(transaction, about.device, about.id);
    else
        order_move(transaction, about, request, now);
    transaction.ring({store::Topic::actions, about.device});
    return AnswerOutcome{AnswerOutcome::Kind::accepted, transaction.find_case(about.id).value_or(about)};
}

}  // namespace garita::decide
