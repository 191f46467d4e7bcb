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
    // what was decided on stays: only the alert tells the hub of it
    db.statement(
          "DELETE FROM spool WHERE id IN (SELECT id FROM spool WHERE NOT EXISTS (SELECT 1 FROM own_decisions "
          "o "
          "WHERE o.uid = spool.uid) ORDER BY severity, id LIMIT ?1)")
        .bind(waiting - limit)
        .run();
    const auto dropped = db.changes();
    db.statement("UPDATE counters SET value = value + ?1 WHERE name = 'dropped'").bind(dropped).run();
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

std::vector<Alert> waiting_alerts(Connection& db, AlertId after, std::size_t limit) {
    auto rows = db.statement(
        "SELECT s.id, s.uid, s.device, s.kind, s.subject, s.severity, s.at, s.address, s.facts, o.policy, "
        "o.at, o.lasts FROM spool s LEFT JOIN own_decisions o ON o.uid = s.uid WHERE s.id > ?1 "
        "ORDER BY s.id LIMIT ?2");
    return all_rows<Alert>(rows.bind(after, limit));
}

bool decide_alone(Connection& db, const Alert& alert, const DecidedAlone& decided) {
    const auto network = network_text(alert.address);
    if (!network) return false;
    auto possible = db.statement(
        "SELECT EXISTS (SELECT 1 FROM spool WHERE uid = ?1) AND NOT EXISTS (SELECT 1 FROM rules WHERE "
        "name = ?2 AND params = ?3 AND (expires_at IS NULL OR expires_at > ?4)) AND NOT EXISTS (SELECT 1 "
        "FROM own_decisions WHERE network = ?3 AND (lasts IS NULL OR at + lasts > ?4))");
    possible.bind(alert.uid, block_rule, *network, decided.at);
    if (!possible.step() || possible.integer(0) == 0) return false;
    db.statement(
          "INSERT INTO own_decisions (uid, network, policy, at, lasts) VALUES (?1, ?2, ?3, ?4, ?5) "
          "ON CONFLICT (uid) DO NOTHING")
        .bind(alert.uid, *network, decided.policy, decided.at, decided.lasts)
        .run();
    return db.changes() > 0;
}

std::vector<store::OwnDecision> own_decisions(Connection& db) {
    auto rows = db.statement(
        "SELECT uid, network, policy, at, lasts, NOT EXISTS (SELECT 1 FROM spool s WHERE s.uid = o.uid) "
        "FROM own_decisions o ORDER BY at, uid");
    std::vector<store::OwnDecision> all;
    while (rows.step())
        if (const auto network = IpNetwork::parse(rows.view(1)))
            all.push_back({rows.text(0),
                           *network,
                           {rows.text(2), rows.time(3), rows.optional_duration(4)},
                           rows.integer(5) != 0});
    return all;
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
