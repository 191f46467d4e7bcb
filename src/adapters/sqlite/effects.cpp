// Actions, and how far a decision's effects have come.

#include <map>
#include <string>

#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {

namespace {

/// More would not be read on a message, and a case may have a rule on every device.
constexpr std::size_t most_failures = 100;

/// Nobody waits for a device that was shut out.
constexpr std::string_view of_devices_that_count =
    " AND device NOT IN (SELECT name FROM devices INDEXED BY devices_revoked WHERE revoked_at IS NOT NULL)";

/// An incident may be moved again after a move that failed: how the last one went is how things stand.
constexpr std::string_view newest_of_device =
    "id IN (SELECT max(id) FROM actions WHERE case_id = ?1 GROUP BY device)";

}  // namespace

Progress SqliteTransaction::progress(CaseId id) {
    struct Device {
        bool pending = false;
        bool failed = false;
    };
    std::map<std::string, Device> devices;
    Progress progress;
    const auto look = [&](const std::string& sql) {
        auto rows = db_.statement(sql);
        rows.bind(id);
        while (rows.step()) {
            auto& device = devices[rows.text(0)];
            device.pending = device.pending || rows.integer(1) != 0;
            device.failed = device.failed || rows.integer(2) != 0;
            progress.connections_cut += rows.integer(3);
        }
    };
    look("SELECT device, state = 'pending', state = 'failed', 0 FROM actions WHERE case_id = ?1 AND " +
         std::string(newest_of_device));
    look(
        "SELECT device, desired IS NOT current AND last_error = '', last_error <> '', connections_cut "
        "FROM rules WHERE case_id = ?1 AND case_id <> 0" +
        std::string(of_devices_that_count));
    for (const auto& [name, device] : devices) {
        ++progress.wanted;
        if (device.pending) continue;
        ++(device.failed ? progress.failed : progress.done);
    }
    auto failures = db_.statement(
        "SELECT device, result FROM actions WHERE case_id = ?1 AND state = 'failed' AND " +
        std::string(newest_of_device) +
        " UNION ALL "
        "SELECT device, last_error FROM rules WHERE case_id = ?1 AND case_id <> 0 AND last_error <> ''" +
        std::string(of_devices_that_count) + " LIMIT ?2");
    failures.bind(id, most_failures);
    while (failures.step())
        progress.failures.push_back(failures.text(0) + ": " + failures.text(1));
    return progress;
}

std::optional<Action> SqliteTransaction::find_action(ActionId id) {
    auto row = db_.statement(select_action + "id = ?1");
    return one_row<Action>(row.bind(id));
}

std::vector<Action> SqliteTransaction::actions_of(CaseId id) {
    auto rows = db_.statement(select_action + "case_id = ?1 ORDER BY id");
    return all_rows<Action>(rows.bind(id));
}

std::vector<Action> SqliteTransaction::pending_actions(std::string_view device, Time now) {
    auto rows = db_.statement(
        select_action +
        "device = ?1 AND state = 'pending' AND expires_at > ?2 AND created_at <= ?3 ORDER BY id");
    return all_rows<Action>(rows.bind(device, now, now + store::clock_slack));
}

ActionId SqliteTransaction::insert_action(const Action& action) {
    auto insert = db_.statement(
        "INSERT INTO actions (decision_id, case_id, device, what, state, result, created_at, expires_at, "
        "finished_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)");
    insert
        .bind(action.decision_id, action.case_id, action.device, order_text(action.order),
              to_text(action.state), action.result, action.created_at, action.expires_at, action.finished_at)
        .run();
    return ActionId{db_.last_insert_id()};
}

bool SqliteTransaction::finish_action(ActionId id, ActionState state, std::string_view result, Time now) {
    db_.statement(
           "UPDATE actions SET state = ?2, result = ?3, finished_at = ?4 WHERE id = ?1 AND (state = "
           "'pending' OR "
           "(state = 'failed' AND result = ?5))")
        .bind(id, to_text(state), result, now, store::not_begun_in_time)
        .run();
    return db_.changes() > 0;
}

std::vector<CaseId> SqliteTransaction::expire_actions(Time now) {
    std::vector<CaseId> cases;
    auto due = db_.statement(
        "SELECT DISTINCT case_id FROM actions INDEXED BY actions_ending WHERE state = 'pending' AND "
        "(expires_at <= ?1 OR created_at > ?2) ORDER BY case_id");
    due.bind(now, now + store::clock_slack);
    while (due.step())
        cases.push_back(due.id<CaseId>(0));
    if (cases.empty()) return cases;
    db_.statement(
           "UPDATE actions INDEXED BY actions_ending SET state = 'failed', result = ?3, "
           "finished_at = ?1 WHERE state = 'pending' AND (expires_at <= ?1 OR created_at > ?2)")
        .bind(now, now + store::clock_slack, store::not_begun_in_time)
        .run();
    return cases;
}

}  // namespace garita::sqlite
