// Rules: producers write the desired value, devices report what is in force.

#include <algorithm>
#include <limits>
#include <set>

#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {

namespace {

/// The condition of the index rules_unsettled, to the letter.
const std::string unsettled = "(desired IS NULL OR desired IS NOT current OR last_error <> '')";

std::int64_t is_everywhere(const Rule& rule) {
    return rule.scope == RuleScope::everywhere ? 1 : 0;
}

}  // namespace

std::vector<Rule> SqliteTransaction::rules(const store::RuleQuery& query) {
    static const std::string rest =
        "id > ?1 AND (?2 = '' OR device = ?2) AND (?3 = '' OR name = ?3) AND (?4 = '' OR params = ?4) ";
    const std::int64_t after = query.after ? query.after->value : 0;
    if (query.case_id) {
        auto rows =
            db_.statement(select_rule + "case_id = ?6 AND case_id <> 0 AND " + rest + "ORDER BY id LIMIT ?5");
        return all_rows<Rule>(
            rows.bind(after, query.device, query.name, query.params, query.limit, *query.case_id));
    }
    if (!query.device.empty() && !query.name.empty() && !query.params.empty()) {
        auto row =
            db_.statement(select_rule + "device = ?1 AND name = ?2 AND params = ?3 AND id > ?4 LIMIT ?5");
        return all_rows<Rule>(row.bind(query.device, query.name, query.params, after, query.limit));
    }
    auto rows = db_.statement(select_rule + rest + "ORDER BY id LIMIT ?5");
    return all_rows<Rule>(rows.bind(after, query.device, query.name, query.params, query.limit));
}

std::vector<Rule> SqliteTransaction::rule_changes(std::string_view device, std::int64_t after_seq,
                                                  std::size_t limit) {
    auto rows = db_.statement(select_rule + "device = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3");
    return all_rows<Rule>(rows.bind(device, after_seq, limit));
}

std::int64_t SqliteTransaction::last_rule_seq(std::string_view device) {
    if (const auto counted = positions_.find(device); counted != positions_.end()) return counted->second;
    auto row = db_.statement("SELECT last_seq FROM rule_positions WHERE device = ?1");
    return row.bind(device).step() ? row.integer(0) : 0;
}

std::optional<Time> SqliteTransaction::next_rule_expiry() {
    auto row = db_.statement(
        "SELECT expires_at FROM rules WHERE desired IS NOT NULL AND expires_at IS NOT NULL "
        "ORDER BY expires_at LIMIT 1");
    return row.step() ? row.optional_time(0) : std::nullopt;
}

std::int64_t SqliteTransaction::next_rule_seq(const std::string& device) {
    if (!rule_seq_) {
        auto row = db_.statement("SELECT value FROM counters WHERE name = 'rule_seq'");
        if (!row.step()) throw BrokenRule("the counter of rule changes is missing");
        rule_seq_ = row.integer(0);
    }
    return positions_[device] = ++*rule_seq_;
}

void SqliteTransaction::flush() {
    if (!rule_seq_) return;
    db_.statement("UPDATE counters SET value = ?1 WHERE name = 'rule_seq'").bind(*rule_seq_).run();
    for (const auto& [device, seq] : positions_)
        db_.statement(
               "INSERT INTO rule_positions (device, last_seq) VALUES (?1, ?2) "
               "ON CONFLICT (device) DO UPDATE SET last_seq = excluded.last_seq")
            .bind(device, seq)
            .run();
    rule_seq_.reset();
    positions_.clear();
}

std::optional<Rule> SqliteTransaction::find_rule(std::string_view device, std::string_view name,
                                                 std::string_view params) {
    auto row = db_.statement(select_rule + "device = ?1 AND name = ?2 AND params = ?3");
    return one_row<Rule>(row.bind(device, name, params));
}

std::optional<Rule> SqliteTransaction::change_rule(const RuleChange& change, Time now) {
    auto stored = find_rule(change.device, change.name, change.params);
    if (!stored) return change.desired ? std::optional(add_rule(change, now)) : std::nullopt;
    const bool same_end = !change.desired || stored->expires_at == change.expires_at;
    if (stored->desired != change.desired || !same_end) return rewrite_rule(std::move(*stored), change, now);
    const bool other_case = change.case_id && change.case_id != stored->case_id;
    const bool spreads = change.scope == RuleScope::everywhere && stored->scope == RuleScope::device;
    const bool newly_wanted = change.wish == RuleChange::Wish::people && !stored->wanted_by_people;
    if (change.desired && (other_case || spreads || newly_wanted))
        return adopt_rule(std::move(*stored), change, now);
    return std::nullopt;
}

Rule SqliteTransaction::add_rule(const RuleChange& change, Time now) {
    Rule rule;
    rule.device = change.device;
    rule.name = change.name;
    rule.params = change.params;
    rule.desired = change.desired;
    rule.expires_at = change.expires_at;
    rule.seq = next_rule_seq(change.device);
    rule.author = change.author;
    rule.case_id = change.case_id;
    rule.comment = change.comment;
    rule.scope = change.scope;
    rule.wanted_by_people = change.wish == RuleChange::Wish::people;
    rule.created_at = rule.updated_at = now;
    auto insert = db_.statement(
        "INSERT INTO rules (device, name, params, desired, expires_at, seq, author, case_id, comment, "
        "attempts, "
        "last_error, connections_cut, created_at, updated_at, everywhere, wanted_by_people) "
        "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, 0, '', 0, ?10, ?10, ?11, ?12)");
    insert
        .bind(rule.device, rule.name, rule.params, rule.desired, rule.expires_at, rule.seq, rule.author,
              rule.case_id, rule.comment, now, is_everywhere(rule), static_cast<int>(rule.wanted_by_people))
        .run();
    rule.id = RuleId{db_.last_insert_id()};
    return rule;
}

Rule SqliteTransaction::rewrite_rule(Rule rule, const RuleChange& change, Time now) {
    rule = adopt_rule(std::move(rule), change, now);
    rule.desired = change.desired;
    rule.expires_at = change.desired ? change.expires_at : std::nullopt;
    rule.seq = next_rule_seq(rule.device);
    rule.attempts = 0;
    rule.last_error.clear();
    db_.statement(
           "UPDATE rules SET desired = ?2, expires_at = ?3, seq = ?4, attempts = 0, last_error = '' WHERE id "
           "= ?1")
        .bind(rule.id, rule.desired, rule.expires_at, rule.seq)
        .run();
    return rule;
}

Rule SqliteTransaction::adopt_rule(Rule rule, const RuleChange& change, Time now) {
    const bool other_case = change.case_id && change.case_id != rule.case_id;
    if (other_case) {
        rule.case_id = change.case_id;
        rule.connections_cut = 0;
    }
    rule.author = change.author;
    rule.comment = change.comment;
    rule.updated_at = now;
    const bool was_everywhere = rule.desired && rule.scope == RuleScope::everywhere;
    rule.scope = change.desired && was_everywhere ? RuleScope::everywhere : change.scope;
    // a policy that wants the same does not make it its own
    rule.wanted_by_people =
        change.wish == RuleChange::Wish::people || (rule.desired && rule.wanted_by_people);
    db_.statement(
           "UPDATE rules SET author = ?2, case_id = ?3, comment = ?4, connections_cut = ?5, updated_at = ?6, "
           "everywhere = ?7, wanted_by_people = ?8 WHERE id = ?1")
        .bind(rule.id, rule.author, rule.case_id, rule.comment, rule.connections_cut, now,
              is_everywhere(rule), static_cast<int>(rule.wanted_by_people))
        .run();
    return rule;
}

std::size_t SqliteTransaction::inherit_rules(std::string_view device, Time now) {
    flush();  // numbers are given by the statement itself
    // of one wish on several devices the newest: beside max() SQLite takes the other columns from its row
    auto wishes = db_.statement(
        "INSERT INTO rules (device, name, params, desired, expires_at, seq, author, case_id, comment, "
        "attempts, last_error, connections_cut, created_at, updated_at, everywhere, wanted_by_people) "
        "SELECT ?1, name, params, desired, expires_at, (SELECT value FROM counters WHERE name = 'rule_seq') "
        "+ "
        "row_number() OVER (ORDER BY seq), author, case_id, comment, 0, '', 0, ?2, ?2, 1, wanted_by_people "
        "FROM (SELECT *, max(seq) FROM rules WHERE everywhere = 1 AND desired IS NOT NULL AND device <> ?1 "
        "AND (expires_at IS NULL OR expires_at > ?2) GROUP BY name, params) AS wish "
        "WHERE NOT EXISTS (SELECT 1 FROM rules AS own WHERE own.device = ?1 AND own.name = wish.name AND "
        "own.params = wish.params)");
    wishes.bind(device, now).run();
    const auto count = static_cast<std::size_t>(db_.changes());
    if (count == 0) return 0;
    db_.statement("UPDATE counters SET value = value + ?1 WHERE name = 'rule_seq'").bind(count).run();
    db_.statement(
           "INSERT INTO rule_positions (device, last_seq) SELECT ?1, value FROM counters WHERE name = "
           "'rule_seq' ON CONFLICT (device) DO UPDATE SET last_seq = excluded.last_seq")
        .bind(device)
        .run();
    return count;
}

std::vector<CaseId> SqliteTransaction::confirm_rules(std::string_view device, std::int64_t up_to_seq,
                                                     const std::vector<store::FailedRule>& failed,
                                                     std::int64_t connections_cut, Time now) {
    std::set<CaseId> cases;
    auto touched = db_.statement(
        "SELECT DISTINCT case_id FROM rules INDEXED BY rules_unsettled WHERE device = ?1 AND seq <= ?2 "
        "AND case_id <> 0 AND " +
        unsettled);
    touched.bind(device, up_to_seq);
    while (touched.step())
        cases.insert(touched.id<CaseId>(0));

    std::set<std::int64_t> failed_seqs;
    for (const auto& one : failed) {
        if (one.seq > up_to_seq || !failed_seqs.insert(one.seq).second) continue;
        auto update = db_.statement(
            "UPDATE rules SET last_error = ?3, attempts = attempts + 1, updated_at = ?4 "
            "WHERE device = ?1 AND seq = ?2 RETURNING case_id");
        update.bind(device, one.seq, one.error.empty() ? "refused without a reason" : one.error, now);
        while (update.step())
            if (const auto id = update.id<CaseId>(0)) cases.insert(id);
    }
    std::int64_t after = std::numeric_limits<std::int64_t>::min();
    for (const auto seq : failed_seqs) {
        settle_between(device, after, seq, now);
        after = seq;
    }
    if (after < up_to_seq) settle_between(device, after, up_to_seq + 1, now);
    if (connections_cut > 0) credit_cut(device, up_to_seq, connections_cut, now);
    return {cases.begin(), cases.end()};
}

void SqliteTransaction::settle_between(std::string_view device, std::int64_t after, std::int64_t before,
                                       Time now) {
    if (after != std::numeric_limits<std::int64_t>::min() && after + 1 >= before) return;
    db_.statement(
           "DELETE FROM rules INDEXED BY rules_unsettled WHERE device = ?1 AND seq > ?2 AND seq < ?3 "
           "AND desired IS NULL")
        .bind(device, after, before)
        .run();
    db_.statement(
           "UPDATE rules INDEXED BY rules_unsettled SET current = desired, last_error = '', attempts = 0, "
           "updated_at = ?4 WHERE device = ?1 AND seq > ?2 AND seq < ?3 AND " +
           unsettled)
        .bind(device, after, before, now)
        .run();
}

void SqliteTransaction::credit_cut(std::string_view device, std::int64_t up_to_seq, std::int64_t count,
                                   Time now) {
    db_.statement(
           "UPDATE rules SET connections_cut = connections_cut + ?3, updated_at = ?4 WHERE id = ("
           "SELECT id FROM rules INDEXED BY rules_by_seq WHERE device = ?1 AND seq <= ?2 AND desired IS NOT "
           "NULL "
           "AND desired IS current AND last_error = '' ORDER BY seq DESC LIMIT 1)")
        .bind(device, up_to_seq, count, now)
        .run();
}

std::vector<std::string> SqliteTransaction::expire_rules(Time now, std::size_t limit) {
    std::vector<Rule> due;
    {
        auto rows = db_.statement(select_rule +
                                  "desired IS NOT NULL AND expires_at IS NOT NULL AND expires_at <= ?1 "
                                  "ORDER BY expires_at LIMIT ?2");
        due = all_rows<Rule>(rows.bind(now, limit));
    }
    std::set<std::string> devices;
    for (const auto& rule : due) {
        db_.statement(
               "UPDATE rules SET desired = NULL, expires_at = NULL, seq = ?2, attempts = 0, last_error = '', "
               "updated_at = ?3 WHERE id = ?1")
            .bind(rule.id, next_rule_seq(rule.device), now)
            .run();
        devices.insert(rule.device);
    }
    return {devices.begin(), devices.end()};
}

}  // namespace garita::sqlite
