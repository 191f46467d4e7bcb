#include "incidents/incident_cases.hpp"

#include <algorithm>
#include <chrono>

namespace garita::incidents {
namespace {

using namespace std::chrono_literals;

constexpr Duration before_all_know_of_it = 10s;  ///< channels have begun to tell of a case after that
constexpr Duration longest_telling = 10min;

/// It is over, by somebody who works in the SIEM itself.
void end(store::Transaction& transaction, const Case& about, const std::string& status, const std::string& by,
         const std::string& why, Time now) {
    Decision decision;
    decision.case_id = about.id;
    decision.response = Response::nothing;
    decision.by = {Actor::Kind::system, about.device, {}, Role::administrator};
    decision.at = now;
    decision.lasts = Duration::zero();
    decision.comment = status + (by.empty() ? "" : ", " + by);
    if (!transaction.decide(decision, CaseState::closed, now)) return;
    (void)transaction.add_audit({0, now, decision.by, "case_closed", "case " + std::to_string(about.id.value),
                                 why + ": " + decision.comment});
}

std::string status_in(const Facts& facts) {
    const auto there = facts.find(incident_status_fact);
    return there == facts.end() ? std::string() : there->second;
}

/// An incident that was first seen in a later state has still to be answered, unless there is nothing left to
/// do about it.
bool has_moved_on(const Facts& before, const std::string& status) {
    const auto now = parse_incident_status(status);
    if (!now || *now == IncidentStatus::fresh) return false;
    return status_in(before) != status || is_over(status);
}

}  // namespace

bool is_over(const std::string& status) {
    const auto known = parse_incident_status(status);
    return known == IncidentStatus::resolved || known == IncidentStatus::closed;
}

bool end_when_told(store::Transaction& transaction, std::string_view source, const std::string& id,
                   Time now) {
    const auto about = transaction.last_case_about(source, incident_kind, id);
    if (!about) return false;  // its alert is not filed yet
    if (about->state != CaseState::open || !is_over(status_in(about->facts))) return true;
    const auto messages = transaction.messages_of(about->id);
    const bool told =
        !messages.empty() && std::all_of(messages.begin(), messages.end(), [](const Message& one) {
            return one.abandoned || !one.external_id.empty();
        });
    const auto since = now - about->opened_at;
    if (since < longest_telling && (!told || since < before_all_know_of_it)) return false;
    end(transaction, *about, status_in(about->facts), "", "it was over when the SIEM showed it first", now);
    transaction.ring({store::Topic::cases, {}});
    return true;
}

bool raise(store::Transaction& transaction, std::string_view source, const Incident& incident, Facts facts,
           Time now) {
    Alert alert;
    alert.uid = incident.id;
    alert.device = source;
    alert.kind = incident_kind;
    alert.subject = incident.id;
    alert.severity = severity_of(incident);
    alert.at = incident.created == Time{} ? now : incident.created;
    alert.facts = std::move(facts);
    return transaction.add_alert(alert).has_value();
}

bool update(store::Transaction& transaction, std::string_view source, const News& news, Time now) {
    const auto& incident = news.incident;
    auto about = transaction.last_case_about(source, incident_kind, incident.id);
    if (!about) return false;
    const auto facts_before = about->facts;
    const auto severity_before = about->severity;
    bring_up_to_date(about->facts, incident, news.events);
    if (!incident.severity.empty()) about->severity = severity_of(incident);
    if (!news.moved_by.empty() && status_in(facts_before) != status_in(about->facts))
        about->facts.insert_or_assign("moved_by", news.moved_by);
    if (news.refreshed) about->facts.insert_or_assign("refreshed", to_iso8601(*news.refreshed));
    if (about->facts == facts_before && about->severity == severity_before) return false;
    const auto status = parse_incident_status(incident.status);
    about->responses = answers_in(status);
    about->updated_at = now;
    (void)transaction.update_case(*about);  // read in this transaction: nobody was faster
    if (about->state == CaseState::open && has_moved_on(facts_before, incident.status))
        end(transaction, *about, incident.status, news.moved_by, "the SIEM has moved it on", now);
    transaction.ring({store::Topic::cases, {}});
    return true;
}

}  // namespace garita::incidents
