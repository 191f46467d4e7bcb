#include "adapters/sqlite/agent_rows.hpp"

#include "adapters/sqlite/rows.hpp"

namespace garita::sqlite {
namespace {

void add_to_spool(Connection& db, const Alert& alert) {
    db.statement(
          "INSERT INTO spool (uid, device, kind, subject, severity, at, address, facts) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (uid) DO NOTHING")
        .bind(alert.uid, alert.device, alert.kind, alert.subject, static_cast<int>(alert.severity), alert.at,
              network_text(alert.address), facts_text(alert.facts))
        .run();
}

void shrink_spool(Connection& db, std::size_t limit) {
    auto count = db.statement("SELECT count(*) FROM spool");
    const auto waiting = count.step() ? static_cast<std::size_t>(count.integer(0)) : 0;
    if (waiting <= limit) return;
    db.statement("DELETE FROM spool WHERE id IN (SELECT id FROM spool ORDER BY severity, id LIMIT ?1)")
        .bind(waiting - limit)
        .run();
    db.statement("UPDATE counters SET value = value + ?1 WHERE name = 'dropped'").bind(waiting - limit).run();
}

}  // namespace

void push(Connection& db, const std::vector<Alert>& alerts, std::size_t limit) {
    for (const auto& alert : alerts)
        add_to_spool(db, alert);
    shrink_spool(db, limit);
}

void hold(Connection& db, const std::vector<Rule>& changes, std::int64_t up_to_seq) {
    for (const auto& rule : changes) {
        if (rule.desired)
            db.statement(
                  "INSERT INTO rules (name, params, desired, expires_at, seq) VALUES (?1, ?2, ?3, ?4, ?5) "
                  "ON CONFLICT (name, params) DO UPDATE SET desired = excluded.desired, "
                  "expires_at = excluded.expires_at, seq = excluded.seq")
                .bind(rule.name, rule.params, *rule.desired, rule.expires_at, rule.seq)
                .run();
        else
            db.statement("DELETE FROM rules WHERE name = ?1 AND params = ?2")
                .bind(rule.name, rule.params)
                .run();
    }
    db.statement("UPDATE counters SET value = ?1 WHERE name = 'rules_seq'").bind(up_to_seq).run();
}

void keep_value(Connection& db, std::string_view key, std::string_view value) {
    db.statement(
          "INSERT INTO kept_values (name, value) VALUES (?1, ?2) "
          "ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(key, value)
        .run();
}

std::int64_t counter(Connection& db, std::string_view name) {
    auto row = db.statement("SELECT value FROM counters WHERE name = ?1");
    return row.bind(name).step() ? row.integer(0) : 0;
}

std::vector<store::ActionReport> unreported(Connection& db, std::int64_t start) {
    auto rows = db.statement(
        "SELECT id, state, result FROM actions WHERE acknowledged = 0 AND (state <> 'pending' OR begun_by < "
        "?1) "
        "ORDER BY id");
    rows.bind(start);
    std::vector<store::ActionReport> all;
    while (rows.step()) {
        const auto state = parse_action_state(rows.view(1)).value_or(ActionState::failed);
        if (state == ActionState::pending)
            all.push_back(
                {rows.id<ActionId>(0), ActionState::failed, "the agent stopped before it was done"});
        else
            all.push_back({rows.id<ActionId>(0), state, rows.text(2)});
    }
    return all;
}

}  // namespace garita::sqlite
