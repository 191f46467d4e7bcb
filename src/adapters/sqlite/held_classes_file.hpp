#pragma once
// The file behind SqliteHeldClasses and its book: one connection, one call at a time.

#include <functional>
#include <mutex>

#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/migrations.hpp"
#include "adapters/sqlite/sqlite_held_classes.hpp"
#include "adapters/sqlite/wal_sync.hpp"

namespace garita::sqlite {

/// A row of `classes`.
struct HeldClass {
    std::int64_t id = 0;
    std::string source;
    bool filling = false;
    std::int64_t epoch = 0;
    std::int64_t last_seq = 0;
    store::LanePositions last;
    store::LanePositions recorded;
    store::LanePositions held;
    store::LanePositions confirmed;
};

[[nodiscard]] inline int number_of(store::Lane lane) {
    return lane == store::Lane::bulk ? 1 : 0;
}
[[nodiscard]] inline std::int64_t& position(store::LanePositions& positions, store::Lane lane) {
    return lane == store::Lane::bulk ? positions.bulk : positions.quick;
}

/// Nothing where this host does not keep such rules.
[[nodiscard]] std::optional<HeldClass> find_held_class(Connection& db, std::string_view rules);
void save_held_class(Connection& db, const HeldClass& one);

class SqliteHeldClasses::File {
  public:
    explicit File(const std::filesystem::path& file);

    /// `work(connection)` in a transaction; what it throws becomes the error.
    template <typename T, typename Work>
    Result<T> write(Work work) {
        const std::lock_guard lock(mutex_);
        try {
            WriteTransaction transaction(db_);
            Result<T> done = work(db_);
            if (!done) return done;
            transaction.commit();
            log_->written();
            return done;
        } catch (...) {
            return tl::unexpected<Error>(current_error(db_.file()));
        }
    }
    template <typename T, typename Work>
    Result<T> read(Work work) {
        const std::lock_guard lock(mutex_);
        try {
            return work(db_);
        } catch (...) {
            return tl::unexpected<Error>(current_error(db_.file()));
        }
    }
    Result<void> flush();
    std::function<void()> heard = [] {};

  private:
    Connection db_;
    std::mutex mutex_;
    std::unique_ptr<WalSync> log_;
};

/// What the reconciler sees of it.
class SqliteHeldClasses::Book final : public store::ClassBook {
  public:
    explicit Book(File& file) : file_(file) {}

    [[nodiscard]] Result<std::vector<store::PendingRule>> pending(std::string_view rules, store::Lane lane,
                                                                  std::int64_t after,
                                                                  std::size_t limit) override;
    [[nodiscard]] Result<std::int64_t> recorded(std::string_view rules, store::Lane lane) override;
    [[nodiscard]] Result<void> record(std::string_view rules, store::Lane lane, std::int64_t up_to,
                                      std::span<const store::RefusedRule> refused, Time now) override;
    [[nodiscard]] Result<std::vector<store::RefusedRule>> refused(std::string_view rules) override;
    [[nodiscard]] Result<void> retried(std::string_view rules, std::span<const store::RefusedRule> tried,
                                       std::span<const store::RefusedRule> still, Time now) override;
    [[nodiscard]] Result<std::int64_t> wanted(std::string_view rules, const WantedSink& sink) override;

  private:
    File& file_;
};

}  // namespace garita::sqlite
