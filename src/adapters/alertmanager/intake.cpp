#include "adapters/alertmanager/intake.hpp"

#include <algorithm>

#include "decide/deciding.hpp"

namespace garita::alertmanager {
namespace {

constexpr std::size_t unfiled_looked_at = 10000;

Actor alertmanager() {
    return {Actor::Kind::system, "alertmanager", {}, Role::administrator};
}

/// False: nobody was faster, but it could not be closed.
bool close_unanswered(store::Transaction& transaction, const Case& about, const std::string& why, Time now) {
    Decision decision;
    decision.case_id = about.id;
    decision.response = Response::nothing;
    decision.by = alertmanager();
    decision.at = now;
    decision.lasts = Duration::zero();  // the next time it fires people are asked again
    decision.comment = why;
    return transaction.decide(decision, CaseState::closed, now);
}

/// Whether the case is about a later time than the one that has ended.
bool fires_again(const Case& about, const Ended& ended) {
    const auto began = about.facts.find("starts_at");
    return began != about.facts.end() && began->second > to_iso8601(ended.began);
}

bool end(store::Transaction& transaction, Case about, const Ended& ended, Time now) {
    if (about.facts.contains("over") || fires_again(about, ended)) return false;
    const bool was_open = about.state == CaseState::open;
    about.facts["over"] = to_iso8601(std::chrono::floor<std::chrono::seconds>(ended.ended));
    about.updated_at = now;
    (void)transaction.update_case(about);  // read in this transaction: nobody was faster
    transaction.ring({store::Topic::cases, {}});
    const std::string why = "over: resolved in Alertmanager";
    if (was_open && !close_unanswered(transaction, about, why, now)) return false;
    (void)transaction.add_audit(
        {0, now, alertmanager(), was_open ? "case_closed" : "case_over", decide::object_of(about.id), why});
    return true;
}

bool waits_to_be_filed(store::View& view, const Ended& ended) {
    const auto waiting = view.unfiled_alerts(unfiled_looked_at);
    return std::any_of(waiting.begin(), waiting.end(), [&](const Alert& alert) {
        return alert.kind == alert_kind && alert.device == ended.device && alert.subject == ended.subject;
    });
}

/// Alertmanager keeps the old start of an alert that comes back before it has forgotten the end: that is news
/// all the same, once.
std::string uid_of(store::View& view, const Alert& alert) {
    const auto last = view.last_case_about(alert.device, alert_kind, alert.subject);
    if (!last) return alert.uid;
    const auto over = last->facts.find("over");
    return over == last->facts.end() ? alert.uid : alert.uid + " after " + over->second;
}

}  // namespace

Result<Taken> take_in(store::Transaction& transaction, const Webhook& webhook, Time now) {
    Taken taken;
    for (const auto& ended : webhook.resolved) {
        if (waits_to_be_filed(transaction, ended))
            return fail(ErrorCode::unavailable,
                        "the hub has not filed the alert that has ended yet; send it again", Retry::later);
        auto about = transaction.last_case_about(ended.device, alert_kind, ended.subject);
        if (about && end(transaction, std::move(*about), ended, now)) ++taken.ended;
    }
    for (auto alert : webhook.firing) {
        alert.uid = uid_of(transaction, alert);
        ++(transaction.add_alert(alert) ? taken.accepted : taken.duplicates);
    }
    if (taken.accepted > 0) transaction.ring({store::Topic::alerts, {}});
    return taken;
}

}  // namespace garita::alertmanager
