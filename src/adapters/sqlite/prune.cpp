// Taking away what is over and old, a bounded piece at a time.

#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {

std::size_t SqliteTransaction::prune(const Retention& retention, std::size_t limit) {
    std::size_t removed = 0;
    const auto remove = [&](std::string_view sql, Time before) {
        if (removed >= limit) return;
        db_.statement(sql).bind(before, limit - removed).run();
        removed += static_cast<std::size_t>(db_.changes());
    };
    remove(
        "DELETE FROM answers WHERE (scope, name) IN (SELECT scope, name FROM answers WHERE at < ?1 LIMIT ?2)",
        retention.answers_before);
    if (removed < limit) removed += prune_audit(retention.audit_before, retention.now, limit - removed);
    if (removed < limit) removed += prune_alerts(retention.alerts_before, limit - removed);
    if (removed < limit) removed += prune_cases(retention.cases_before, limit - removed);
    return removed;
}

std::size_t SqliteTransaction::prune_alerts(Time before, std::size_t limit) {
    // by the cases that are over, because an open case keeps its evidence however old it is
    db_.statement(
           "DELETE FROM alerts WHERE id IN (SELECT a.id FROM cases c CROSS JOIN alerts a ON a.case_id = c.id "
           "WHERE c.state NOT IN ('open', 'decided') AND a.at < ?1 LIMIT ?2)")
        .bind(before, limit)
        .run();
    return static_cast<std::size_t>(db_.changes());
}

std::size_t SqliteTransaction::prune_cases(Time before, std::size_t limit) {
    std::vector<CaseId> over;
    {
        auto rows = db_.statement(
            "SELECT id FROM cases WHERE state NOT IN ('open', 'decided') AND updated_at < ?1 "
            "ORDER BY updated_at LIMIT ?2");
        rows.bind(before, limit);
        while (rows.step())
            over.push_back(rows.id<CaseId>(0));
    }
    std::size_t removed = 0;
    for (const auto id : over) {
        if (removed >= limit) break;
        removed += remove_case(id, limit - removed);
    }
    return removed;
}

std::size_t SqliteTransaction::remove_case(CaseId id, std::size_t limit) {
    db_.statement("DELETE FROM alerts WHERE id IN (SELECT id FROM alerts WHERE case_id = ?1 LIMIT ?2)")
        .bind(id, limit)
        .run();
    const auto alerts = static_cast<std::size_t>(db_.changes());
    if (alerts >= limit) return alerts;  // the rest another time
    for (const auto* sql :
         {"DELETE FROM tickets WHERE case_id = ?1", "DELETE FROM messages WHERE case_id = ?1",
          "DELETE FROM actions WHERE case_id = ?1", "DELETE FROM decisions WHERE case_id = ?1",
          "DELETE FROM cases WHERE id = ?1"})
        db_.statement(sql).bind(id).run();
    return alerts + 1;
}

}  // namespace garita::sqlite
