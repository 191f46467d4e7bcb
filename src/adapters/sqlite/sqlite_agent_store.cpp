#include "adapters/sqlite/sqlite_agent_store.hpp"

#include <atomic>
#include <mutex>
#include <utility>

#include "adapters/sqlite/agent_rows.hpp"
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/file_lock.hpp"
#include "adapters/sqlite/held_heads.hpp"
#include "adapters/sqlite/migrations.hpp"
#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/wal_sync.hpp"

namespace garita::sqlite {

class SqliteAgentStore::State {
  public:
    explicit State(const Options& options)
        : lock_(options.file), db_(options.file, Access::owner, {.cache_kib = options.cache_kib}) {
        db_.checkpoint_every(0);
        migrate(db_, FileKind::agent, agent_migrations());
        WriteTransaction transaction(db_);
        db_.statement("UPDATE counters SET value = value + 1 WHERE name = 'starts'").run();
        start_ = counter(db_, "starts");
        transaction.commit();
        rules_seq_ = counter(db_, "rules_seq");
        log_ = std::make_unique<WalSync>(options.file);
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
    /// As transact(), but on disk only after flush().
    template <typename Work>
    Result<void> transact_soon(Work work) {
        const std::lock_guard lock(mutex_);
        try {
            if (++commits_ >= commits_of_a_start) start_is_over();
            const LazyCommits lazily(db_);
            WriteTransaction transaction(db_);
            work(db_);
            transaction.commit();
            log_->written();
            return {};
        } catch (...) {
            return tl::unexpected<Error>(current_error(db_.file()));
        }
    }
    Result<void> flush() {
        try {
            log_->sync();
            return {};
        } catch (...) {
            return tl::unexpected<Error>(current_error(db_.file()));
        }
    }
    /// After a kill the log may hold megabytes, and to move them into the file takes as long as the disk
    /// likes: not while the blocks that they tell of wait to be put back.
    void start_is_over() {
        if (std::exchange(starting_, false)) db_.checkpoint_every(Connection::usual_checkpoint);
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
    /// Asked for at each step of the reconciler, which must not wait for somebody's sync.
    [[nodiscard]] std::int64_t rules_seq() const { return rules_seq_; }
    void set_rules_seq(std::int64_t seq) { rules_seq_ = seq; }

  private:
    static constexpr int commits_of_a_start = 100;  ///< where nobody asks for rules
    FileLock lock_;
    Connection db_;
    std::mutex mutex_;
    std::int64_t start_ = 0;
    bool starting_ = true;
    int commits_ = 0;
    std::atomic<std::int64_t> rules_seq_ = 0;
    std::unique_ptr<WalSync> log_;
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

Result<void> SqliteAgentStore::flush() {
    return state_->flush();
}

Result<void> SqliteAgentStore::push_alerts(const std::vector<Alert>& alerts, std::size_t limit) {
    return state_->transact<void>([&](Connection& db) { push(db, alerts, limit); });
}

Result<void> SqliteAgentStore::push_alerts_and_value(const std::vector<Alert>& alerts, std::size_t limit,
                                                     std::string_view key, std::string_view value) {
    return state_->transact_soon([&](Connection& db) {
        push(db, alerts, limit);
        keep_value(db, key, value);
    });
}

Result<std::vector<Alert>> SqliteAgentStore::oldest_alerts(std::size_t limit) {
    return alerts_after({}, limit);
}

Result<std::vector<Alert>> SqliteAgentStore::alerts_after(AlertId after, std::size_t limit) {
    return state_->query<std::vector<Alert>>(
        [&](Connection& db) { return waiting_alerts(db, after, limit); });
}

Result<bool> SqliteAgentStore::decide_alone(const Alert& alert, const DecidedAlone& decided) {
    return state_->transact<bool>([&](Connection& db) { return sqlite::decide_alone(db, alert, decided); });
}

Result<std::vector<store::OwnDecision>> SqliteAgentStore::own_decisions() {
    return state_->query<std::vector<store::OwnDecision>>(
        [](Connection& db) { return sqlite::own_decisions(db); });
}

Result<void> SqliteAgentStore::settle_own(const std::vector<std::string>& uids) {
    return state_->transact<void>([&](Connection& db) {
        for (const auto& uid : uids)
            db.statement("DELETE FROM own_decisions WHERE uid = ?1").bind(uid).run();
    });
}

Result<void> SqliteAgentStore::remove_alerts(const std::vector<AlertId>& delivered) {
    return state_->transact_soon([&](Connection& db) {
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
    auto held = state_->transact_soon([&](Connection& db) { hold(db, changes, up_to_seq); });
    if (held) state_->set_rules_seq(up_to_seq);
    return held;
}

Result<void> SqliteAgentStore::replace_rules(const std::vector<Rule>& all, std::int64_t up_to_seq) {
    auto held = state_->transact<void>([&](Connection& db) {
        db.statement("DELETE FROM rules").run();
        hold(db, all, up_to_seq);
    });
    if (held) state_->set_rules_seq(up_to_seq);
    return held;
}

Result<std::vector<HeldRule>> SqliteAgentStore::held_rules() {
    return state_->query<std::vector<HeldRule>>([this](Connection& db) {
        auto rows =
            db.statement("SELECT name, params, desired, expires_at, seq FROM rules ORDER BY name, params");
        std::vector<HeldRule> all;
        while (rows.step())
            all.push_back({rows.text(0), rows.text(1), rows.text(2), rows.optional_time(3), rows.integer(4)});
        state_->start_is_over();
        return all;
    });
}

Result<std::int64_t> SqliteAgentStore::rules_seq() {
    return state_->rules_seq();
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

Result<void> SqliteAgentStore::hold_head(const store::HeldHead& head) {
    return state_->transact_soon([&](Connection& db) { put_held_head(db, head); });
}

Result<std::vector<store::HeldHead>> SqliteAgentStore::held_heads() {
    return state_->query<std::vector<store::HeldHead>>([](Connection& db) { return all_held_heads(db); });
}

Result<std::vector<store::HeldHead>> SqliteAgentStore::read_held_heads(const std::filesystem::path& file) {
    try {
        Connection db(file, Access::reader, {});
        return all_held_heads(db);
    } catch (...) {
        return tl::unexpected<Error>(current_error(file.string()));
    }
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
