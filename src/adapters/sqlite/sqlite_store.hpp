#pragma once
// The hub's store in one SQLite file.
//
// One connection writes: the writes that wait are committed together with one sync of the write-ahead log
// (synchronous = FULL: what was acknowledged survives a power cut). Reading goes on beside it, each read in a
// snapshot of its own.

#include <filesystem>
#include <memory>

#include "store/store.hpp"

namespace garita::sqlite {

class SqliteStore final : public store::Store {
  public:
    struct Options {
        std::filesystem::path file;  ///< its directory must exist
        std::size_t readers = 3;     ///< reads at the same time; more wait
        int writer_cache_kib = 4096;
        int reader_cache_kib = 1024;
    };
    /// Makes the file or brings it to this program's schema. Errors name the file: in use by another program,
    /// written by a newer version, damaged, not writable.
    [[nodiscard]] static Result<std::unique_ptr<SqliteStore>> open(const Options& options);
    ~SqliteStore() override;

    [[nodiscard]] Result<void> read(const Reading& work) override;
    [[nodiscard]] Result<void> write(const Writing& work) override;
    void before_commit(store::Topic topic, const Writing& work) override;
    void on_ring(std::function<void(const store::Ring&)> listener) override;

  private:
    class State;
    explicit SqliteStore(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace garita::sqlite
