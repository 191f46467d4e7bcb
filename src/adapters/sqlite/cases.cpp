// Alerts, cases and decisions.

#include <algorithm>
#include <limits>

#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {

std::vector<Alert> SqliteTransaction::unfiled_alerts(std::size_t limit) {
    auto rows = db_.statement(select_alert + "case_id IS NULL ORDER BY id LIMIT ?1");
    return all_rows<Alert>(rows.bind(limit));
}

std::vector<Alert> SqliteTransaction::alerts_of(CaseId id, std::size_t limit) {
    auto rows = db_.statement(select_alert + "case_id = ?1 ORDER BY id DESC LIMIT ?2");
    return all_rows<Alert>(rows.bind(id, limit));
}

std::optional<AlertId> SqliteTransaction::add_alert(const Alert& alert) {
    auto insert = db_.statement(
        "INSERT INTO alerts (device, uid, kind, subject, severity, at, address, facts, decided_policy, "
        "decided_at, decided_lasts) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11) "
        "ON CONFLICT (device, uid) DO NOTHING");
    std::optional<std::string> policy;
    std::optional<Time> at;
    std::optional<Duration> lasts;
    if (alert.decided) {
        policy = alert.decided->policy;
        at = alert.decided->at;
        lasts = alert.decided->lasts;
    }
    insert
        .bind(alert.device, alert.uid, alert.kind, alert.subject, static_cast<int>(alert.severity), alert.at,
              network_text(alert.address), facts_text(alert.facts), policy, at, lasts)
        .run();
    if (db_.changes() == 0) return std::nullopt;
    return AlertId{db_.last_insert_id()};
}

void SqliteTransaction::file_alert(AlertId alert, CaseId into) {
    db_.statement("UPDATE alerts SET case_id = ?2 WHERE id = ?1").bind(alert, into).run();
    if (db_.changes() == 0) throw BrokenRule("there is no alert " + std::to_string(alert.value) + " to file");
}

std::optional<Case> SqliteTransaction::find_case(CaseId id) {
    auto row = db_.statement(select_case + "c.id = ?1");
    return one_row<Case>(row.bind(id));
}

std::optional<Case> SqliteTransaction::open_case_about(std::string_view device, std::string_view kind,
                                                       std::string_view subject) {
    auto row =
        db_.statement(select_case + "c.device = ?1 AND c.kind = ?2 AND c.subject = ?3 AND c.state = 'open'");
    return one_row<Case>(row.bind(device, kind, subject));
}

std::optional<Case> SqliteTransaction::last_case_about(std::string_view device, std::string_view kind,
                                                       std::string_view subject) {
    auto row = db_.statement(select_case +
                             "c.device = ?1 AND c.kind = ?2 AND c.subject = ?3 ORDER BY c.id DESC LIMIT 1");
    return one_row<Case>(row.bind(device, kind, subject));
}

std::vector<Case> SqliteTransaction::cases(const store::CaseQuery& query) {
    static const std::string rest =
        "c.id < ?1 AND (?2 = '' OR c.device = ?2) AND (?3 = '' OR c.kind = ?3) ORDER BY c.id DESC LIMIT ?4";
    const std::int64_t before = query.before ? query.before->value : std::numeric_limits<std::int64_t>::max();
    if (query.states.empty()) {
        auto rows = db_.statement(select_case + rest);
        return all_rows<Case>(rows.bind(before, query.device, query.kind, query.limit));
    }
    // each state by its index, newest first, then the newest of them all: never a sort of everything
    static const std::string of_state = select_case + "c.state = ?5 AND " + rest;
    std::vector<Case> found;
    for (const auto state : query.states) {
        auto rows = db_.statement(of_state);
        auto part = all_rows<Case>(rows.bind(before, query.device, query.kind, query.limit, to_text(state)));
        std::move(part.begin(), part.end(), std::back_inserter(found));
    }
    std::sort(found.begin(), found.end(), [](const Case& a, const Case& b) { return a.id > b.id; });
    found.erase(
        std::unique(found.begin(), found.end(), [](const Case& a, const Case& b) { return a.id == b.id; }),
        found.end());
    if (found.size() > query.limit) found.resize(query.limit);
    return found;
}

std::vector<Case> SqliteTransaction::silent_cases(Time now, std::size_t limit) {
    auto rows =
        db_.statement(select_case +
                      "c.id IN (SELECT id FROM cases INDEXED BY cases_silent WHERE state = 'open' AND "
                      "expires_at IS NOT NULL AND expires_at <= ?1 ORDER BY expires_at, id LIMIT ?2) "
                      "ORDER BY c.expires_at, c.id");
    return all_rows<Case>(rows.bind(now, limit));
}

std::optional<Time> SqliteTransaction::next_silence() {
    auto row = db_.statement(
        "SELECT expires_at FROM cases INDEXED BY cases_silent WHERE state = 'open' AND expires_at IS NOT "
        "NULL "
        "ORDER BY expires_at LIMIT 1");
    return row.step() ? row.optional_time(0) : std::nullopt;
}

std::vector<Case> SqliteTransaction::decided_cases(CaseId after, std::size_t limit) {
    auto rows = db_.statement(select_case + "c.state = 'decided' AND c.id > ?1 ORDER BY c.id LIMIT ?2");
    return all_rows<Case>(rows.bind(after, limit));
}

std::vector<Case> SqliteTransaction::unconfirmed_cases(Time now, std::size_t limit) {
    auto rows = db_.statement(
        select_case +
        "c.id IN (SELECT id FROM cases INDEXED BY cases_unconfirmed WHERE unconfirmed_until IS NOT NULL AND "
        "unconfirmed_until <= ?1 ORDER BY unconfirmed_until, id LIMIT ?2) ORDER BY c.unconfirmed_until, "
        "c.id");
    return all_rows<Case>(rows.bind(now, limit));
}

std::vector<Decision> SqliteTransaction::policy_decisions(std::string_view policy, Time since,
                                                          DecisionId after, std::size_t limit) {
    auto rows =
        db_.statement(select_decision +
                      "by_kind = 'policy' AND by_name = ?1 AND (at, id) > (?2, ?3) ORDER BY at, id LIMIT ?4");
    return all_rows<Decision>(rows.bind(policy, since, after, limit));
}

CaseId SqliteTransaction::insert_case(const Case& new_case) {
    auto insert = db_.statement(
        "INSERT INTO cases (version, kind, device, subject, state, severity, opened_at, updated_at, "
        "last_alert_at, alert_count, address, facts, responses, expires_at, on_silence, on_silence_lasts, "
        "proposal, provisional, unconfirmed_until, duty) "
        "VALUES (1, ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)");
    insert
        .bind(new_case.kind, new_case.device, new_case.subject, to_text(new_case.state),
              static_cast<int>(new_case.severity), new_case.opened_at, new_case.updated_at,
              new_case.last_alert_at, new_case.alert_count, network_text(new_case.address),
              facts_text(new_case.facts), responses_text(new_case.responses), new_case.expires_at,
              to_text(new_case.on_silence), new_case.on_silence_lasts, proposal_text(new_case.proposal),
              provisional_text(new_case.provisional), unconfirmed_until(new_case), duty_text(new_case.duty))
        .run();
    return CaseId{db_.last_insert_id()};
}

bool SqliteTransaction::write_case(const Case& changed, std::int64_t new_versions) {
    auto update = db_.statement(
        "UPDATE cases SET version = version + ?18, kind = ?3, device = ?4, subject = ?5, state = ?6, "
        "severity = ?7, opened_at = ?8, updated_at = ?9, last_alert_at = ?10, alert_count = ?11, "
        "address = ?12, facts = ?13, responses = ?14, expires_at = ?15, on_silence = ?16, "
        "on_silence_lasts = ?17, proposal = ?19, provisional = ?20, unconfirmed_until = ?21, duty = ?22 "
        "WHERE id = ?1 "
        "AND version = ?2");
    update
        .bind(changed.id, changed.version, changed.kind, changed.device, changed.subject,
              to_text(changed.state), static_cast<int>(changed.severity), changed.opened_at,
              changed.updated_at, changed.last_alert_at, changed.alert_count, network_text(changed.address),
              facts_text(changed.facts), responses_text(changed.responses), changed.expires_at,
              to_text(changed.on_silence), changed.on_silence_lasts, new_versions,
              proposal_text(changed.proposal), provisional_text(changed.provisional),
              unconfirmed_until(changed), duty_text(changed.duty))
        .run();
    return db_.changes() > 0;
}

bool SqliteTransaction::update_case(const Case& changed) {
    if (!write_case(changed, 1)) return false;
    show_new_version(changed.id);
    return true;
}

bool SqliteTransaction::note_case(const Case& changed) {
    return write_case(changed, 0);
}

void SqliteTransaction::touch_case(CaseId id, Time now) {
    db_.statement("UPDATE cases SET version = version + 1, updated_at = ?2 WHERE id = ?1")
        .bind(id, now)
        .run();
    show_new_version(id);
}

bool SqliteTransaction::decide(const Decision& decision, CaseState state_after, Time now) {
    db_.statement(
           "UPDATE cases SET state = ?2, version = version + 1, updated_at = ?3 WHERE id = ?1 AND state = "
           "'open'")
        .bind(decision.case_id, to_text(state_after), now)
        .run();
    if (db_.changes() == 0) return false;
    db_.statement(
           "INSERT INTO decisions (case_id, response, by_kind, by_name, by_channel, by_role, at, lasts, "
           "comment) "
           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)")
        .bind(decision.case_id, to_text(decision.response), to_text(decision.by.kind), decision.by.name,
              decision.by.channel, to_text(decision.by.role), decision.at, decision.lasts, decision.comment)
        .run();
    show_new_version(decision.case_id);
    return true;
}

}  // namespace garita::sqlite
