#include "adapters/sqlite/sqlite_store.hpp"

#include <algorithm>

#include "adapters/sqlite/audit.hpp"
#include "adapters/sqlite/connection.hpp"
#include "adapters/sqlite/file_lock.hpp"
#include "adapters/sqlite/group_commit.hpp"
#include "adapters/sqlite/migrations.hpp"
#include "adapters/sqlite/reader_pool.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {

class SqliteStore::State {
  public:
    explicit State(const Options& options)
        : lock_(options.file),
          writer_(options.file, Access::owner, {.cache_kib = options.writer_cache_kib}),
          readers_(options.file, std::max(options.readers, std::size_t{1}),
                   {.cache_kib = options.reader_cache_kib}),
          commits_([this](const GroupCommit::Batch& batch) { commit(batch); }) {
        migrate(writer_, FileKind::hub, hub_migrations(), chain_old_audit_rows);
    }

    Result<void> read(const Reading& work) {
        try {
            const auto loan = readers_.borrow();
            const ReadTransaction snapshot(loan.connection());
            SqliteTransaction view(loan.connection());
            return work(view);
        } catch (...) {
            return tl::unexpected<Error>(current_error(writer_.file()));
        }
    }
    Result<void> write(const Writing& work) { return commits_.submit(work); }
    void follow(store::Topic topic, const Writing& work) {
        followed_ = topic;
        follower_ = work;
    }
    void listen(std::function<void(const store::Ring&)> listener) { listener_ = std::move(listener); }

  private:
    using Rings = std::vector<store::Ring>;

    /// One write in its own savepoint; returns what it rings.
    Rings run(WriteRequest& request) {
        try {
            Savepoint savepoint(writer_);
            SqliteTransaction transaction(writer_);
            request.outcome = (*request.work)(transaction);
            if (!request.outcome) return {};
            transaction.flush();
            savepoint.release();
            return transaction.take_rings();
        } catch (...) {
            request.outcome = tl::unexpected<Error>(current_error(writer_.file()));
            return {};
        }
    }

    void commit(const GroupCommit::Batch& batch) {
        Rings rings;
        try {
            WriteTransaction transaction(writer_);
            for (auto* request : batch) {
                add(rings, run(*request));
                if (!writer_.in_transaction()) {
                    // the library gave the whole transaction up: what was written before in it is gone too
                    const auto why = request->outcome
                                         ? Error{ErrorCode::io, writer_.file() + ": undone", Retry::later}
                                         : request->outcome.error();
                    return refuse(batch, why);
                }
            }
            if (wants_follower(rings)) {
                WriteRequest follower;
                follower.work = &follower_;
                add(rings, run(follower));  // what fails is left to whoever comes by himself
                if (!writer_.in_transaction())
                    return refuse(batch, Error{ErrorCode::io, writer_.file() + ": undone", Retry::later});
            }
            transaction.commit();
        } catch (...) {
            return refuse(batch, current_error(writer_.file()));
        }
        for (const auto& ring : rings)
            announce(ring);
    }

    static void add(Rings& all, Rings more) {
        for (auto& ring : more)
            if (std::find(all.begin(), all.end(), ring) == all.end()) all.push_back(std::move(ring));
    }
    [[nodiscard]] bool wants_follower(const Rings& rings) const {
        return follower_ && std::any_of(rings.begin(), rings.end(),
                                        [this](const store::Ring& ring) { return ring.topic == followed_; });
    }

    /// Nothing of the batch stays. Those that failed by themselves keep their own reason.
    static void refuse(const GroupCommit::Batch& batch, const Error& why) {
        for (auto* request : batch)
            if (request->outcome) request->outcome = tl::unexpected<Error>(why);
    }

    void announce(const store::Ring& ring) noexcept {
        try {
            if (listener_) listener_(ring);
        } catch (...) {  // whoever was not woken looks by itself later; the write is done
        }
    }

    FileLock lock_;
    Connection writer_;
    ReaderPool readers_;
    GroupCommit commits_;
    std::function<void(const store::Ring&)> listener_;
    store::Topic followed_{};
    Writing follower_;
};

SqliteStore::SqliteStore(std::unique_ptr<State> state) : state_(std::move(state)) {}
SqliteStore::~SqliteStore() = default;

Result<std::unique_ptr<SqliteStore>> SqliteStore::open(const Options& options) {
    try {
        return std::unique_ptr<SqliteStore>(new SqliteStore(std::make_unique<State>(options)));
    } catch (...) {
        return tl::unexpected<Error>(current_error(options.file.string()));
    }
}

Result<void> SqliteStore::read(const Reading& work) {
    return state_->read(work);
}

Result<void> SqliteStore::write(const Writing& work) {
    return state_->write(work);
}

void SqliteStore::before_commit(store::Topic topic, const Writing& work) {
    state_->follow(topic, work);
}

void SqliteStore::on_ring(std::function<void(const store::Ring&)> listener) {
    state_->listen(std::move(listener));
}

}  // namespace garita::sqlite
