#pragma once
// Syncing the write-ahead log beside the connection that writes it: a commit that need not be on disk at once
// lets its caller go on, and whoever promises durability to somebody waits here, without holding up others.

#include <atomic>
#include <filesystem>
#include <mutex>

#include "adapters/sqlite/connection.hpp"

namespace garita::sqlite {

/// While it lives, commits of this connection are not synced. The log stays whole whatever happens: each
/// commit in it has its checksum, and a later sync or checkpoint takes in all that went before.
class LazyCommits {
  public:
    explicit LazyCommits(Connection& db) : db_(db) { db_.execute("PRAGMA synchronous = NORMAL"); }
    ~LazyCommits();
    LazyCommits(const LazyCommits&) = delete;
    LazyCommits& operator=(const LazyCommits&) = delete;

  private:
    Connection& db_;
};

class WalSync {
  public:
    /// The store's file; its log must be there already. Throws Failure.
    explicit WalSync(const std::filesystem::path& file);
    ~WalSync();
    WalSync(const WalSync&) = delete;
    WalSync& operator=(const WalSync&) = delete;

    /// Something was committed without a sync.
    void written() { waiting_ = true; }
    /// Returns when all of that is on disk; at once if nothing waits. Any thread. Throws Failure.
    void sync();

  private:
    std::string name_;
    int fd_;
    std::mutex mutex_;  ///< who finds nothing waiting must know that the sync under way is over
    std::atomic<bool> waiting_ = false;
};

}  // namespace garita::sqlite
