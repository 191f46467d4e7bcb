#include "adapters/sqlite/sqlite_agent_store.hpp"

#include <mutex>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/file_lock.hpp"
#include "adapters/sqlite/migrations.hpp"
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

}  // namespace

class SqliteAgentStore::State {
  public:
    explicit State(const Options& options)
        : lock_(options.file), db_(options.file, Access::owner, {.cache_kib = options.cache_kib}) {
        migrate(db_, FileKind::agent, agent_migrations());
        WriteTransaction transaction(db_);
        db_.statement("UPDATE counters SET value = value + 1 WHERE name = 'starts'").run();
        start_ = counter(db_, "starts");
        transaction.commit();
    }

    /// Runs `work(connection)` in a transaction; what it throws becomes the error.
    template <typename T, typename Work>
    Result<T> transact(Work work) {
        const std::lock_guard lock(mutex_);
        try {
            WriteTransaction transaction(db_);
            if constexpr (std::is_void_v<T>) {
                work(db_);
                transaction.commit();
                return {};
            } else {
                Result<T> outcome = work(db_);
                if (outcome) transaction.commit();
                return outcome;
            }
        } catch (...) {
            return tl::unexpected<Error>(current_error(db_.file()));
        }
    }
    template <typename T, typename Work>
    Result<T> query(Work work) {
        const std::lock_guard lock(mutex_);
        try {
            return work(db_);
        } catch (...) {
            return tl::unexpected<Error>(current_error(db_.file()));
        }
    }
    [[nodiscard]] std::int64_t start() const { return start_; }

  private:
    FileLock lock_;
    Connection db_;
    std::mutex mutex_;
    std::int64_t start_ = 0;
};

SqliteAgentStore::SqliteAgentStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteAgentStore::~SqliteAgentStore() = default;

Result<std::unique_ptr<SqliteAgentStore>> SqliteAgentStore::open(const Options& options) {
    try {
        return std::unique_ptr<SqliteAgentStore>(new SqliteAgentStore(std::make_unique<State>(options)));
    } catch (...) {
        return tl::unexpected<Error>(current_error(options.file.string()));
    }
}

Result<void> SqliteAgentStore::push_alerts(const std::vector<Alert>& alerts, std::size_t limit) {
    return state_->transact<void>([&](Connection& db) { push(db, alerts, limit); });
}

Result<void> SqliteAgentStore::push_alerts_and_value(const std::vector<Alert>& alerts, std::size_t limit,
                                                     std::string_view key, std::string_view value) {
    return state_->transact<void>([&](Connection& db) {
        push(db, alerts, limit);
        keep_value(db, key, value);
    });
}

Result<std::vector<Alert>> SqliteAgentStore::oldest_alerts(std::size_t limit) {
    return state_->query<std::vector<Alert>>([&](Connection& db) {
        auto rows = db.statement(
            "SELECT id, uid, device, kind, subject, severity, at, address, facts FROM spool ORDER BY id "
            "LIMIT ?1");
        return all_rows<Alert>(rows.bind(limit));
    });
}

Result<void> SqliteAgentStore::remove_alerts(const std::vector<AlertId>& delivered) {
    return state_->transact<void>([&](Connection& db) {
        for (const auto id : delivered)
            db.statement("DELETE FROM spool WHERE id = ?1").bind(id).run();
    });
}

Result<store::SpoolCounts> SqliteAgentStore::spool_counts() {
    return state_->query<store::SpoolCounts>([](Connection& db) {
        auto waiting = db.statement("SELECT count(*) FROM spool");
        return store::SpoolCounts{waiting.step() ? waiting.integer(0) : 0, counter(db, "dropped")};
    });
}

Result<void> SqliteAgentStore::hold_rules(const std::vector<Rule>& changes, std::int64_t up_to_seq) {
    return state_->transact<void>([&](Connection& db) { hold(db, changes, up_to_seq); });
}

Result<void> SqliteAgentStore::replace_rules(const std::vector<Rule>& all, std::int64_t up_to_seq) {
    return state_->transact<void>([&](Connection& db) {
        db.statement("DELETE FROM rules").run();
        hold(db, all, up_to_seq);
    });
}

Result<std::vector<HeldRule>> SqliteAgentStore::held_rules() {
    return state_->query<std::vector<HeldRule>>([](Connection& db) {
        auto rows =
            db.statement("SELECT name, params, desired, expires_at, seq FROM rules ORDER BY name, params");
        std::vector<HeldRule> all;
        while (rows.step())
            all.push_back({rows.text(0), rows.text(1), rows.text(2), rows.optional_time(3), rows.integer(4)});
        return all;
    });
}

Result<std::int64_t> SqliteAgentStore::rules_seq() {
    return state_->query<std::int64_t>([](Connection& db) { return counter(db, "rules_seq"); });
}

Result<std::size_t> SqliteAgentStore::forget_expired_rules(Time now) {
    return state_->transact<std::size_t>([&](Connection& db) {
        db.statement("DELETE FROM rules WHERE expires_at IS NOT NULL AND expires_at <= ?1").bind(now).run();
        return static_cast<std::size_t>(db.changes());
    });
}

Result<bool> SqliteAgentStore::begin_action(ActionId id, Time now) {
    return state_->transact<bool>([&](Connection& db) {
        db.statement(
              "INSERT INTO actions (id, begun_at, begun_by, state, result, acknowledged) "
              "VALUES (?1, ?2, ?3, 'pending', '', 0) ON CONFLICT (id) DO NOTHING")
            .bind(id, now, state_->start())
            .run();
        return db.changes() > 0;
    });
}

Result<void> SqliteAgentStore::finish_action(const store::ActionReport& report, Time now) {
    const auto known = state_->transact<bool>([&](Connection& db) {
        db.statement(
              "UPDATE actions SET state = ?2, result = ?3, finished_at = ?4 WHERE id = ?1 AND state = "
              "'pending'")
            .bind(report.id, to_text(report.state), report.result, now)
            .run();
        auto row = db.statement("SELECT 1 FROM actions WHERE id = ?1");
        return row.bind(report.id).step();
    });
    if (!known) return tl::unexpected<Error>(known.error());
    if (!*known)
        return fail(ErrorCode::not_found, "action " + std::to_string(report.id.value) + " was never begun");
    return {};
}

Result<std::vector<store::ActionReport>> SqliteAgentStore::unreported_actions() {
    return state_->query<std::vector<store::ActionReport>>(
        [&](Connection& db) { return unreported(db, state_->start()); });
}

Result<void> SqliteAgentStore::acknowledge_actions(const std::vector<ActionId>& ids) {
    return state_->transact<void>([&](Connection& db) {
        for (const auto id : ids)
            db.statement("UPDATE actions SET acknowledged = 1 WHERE id = ?1").bind(id).run();
    });
}

Result<void> SqliteAgentStore::forget_actions() {
    return state_->transact<void>([&](Connection& db) { db.statement("DELETE FROM actions").run(); });
}

Result<std::optional<std::string>> SqliteAgentStore::value(std::string_view key) {
    return state_->query<std::optional<std::string>>([&](Connection& db) {
        auto row = db.statement("SELECT value FROM kept_values WHERE name = ?1");
        return row.bind(key).step() ? row.optional_text(0) : std::nullopt;
    });
}

Result<void> SqliteAgentStore::set_value(std::string_view key, std::string_view value) {
    return state_->transact<void>([&](Connection& db) { keep_value(db, key, value); });
}

}  // namespace garita::sqlite
