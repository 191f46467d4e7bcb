#pragma once
// The C API under RAII: connections, cached statements, transactions. Failures are thrown (Failure,
// BrokenRule); the stores turn them into values. One thread at a time per connection.

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "adapters/sqlite/failure.hpp"
#include "model/ids.hpp"
#include "model/packed.hpp"
#include "model/time.hpp"

struct sqlite3;
struct sqlite3_stmt;

namespace garita::sqlite {

/// One run of a prepared statement; it is reset when this goes out of scope. Columns count from 0,
/// parameters from ?1.
class Statement {
  public:
    Statement(sqlite3_stmt* prepared, const std::string& file);
    Statement(const Statement&) = delete;
    Statement& operator=(const Statement&) = delete;
    Statement(Statement&& other) noexcept;
    Statement& operator=(Statement&&) = delete;
    ~Statement();

    /// All parameters, in order.
    template <typename... Values>
    Statement& bind(const Values&... values) {
        int index = 0;
        (bind_one(++index, values), ...);
        return *this;
    }
    /// True: there is a row.
    bool step();
    void run() {
        while (step()) {
        }
    }

    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] std::string_view view(int column) const;  ///< until the next step
    [[nodiscard]] std::string text(int column) const { return std::string(view(column)); }
    [[nodiscard]] Time time(int column) const { return from_micros(integer(column)); }
    [[nodiscard]] std::optional<std::string> optional_text(int column) const;
    [[nodiscard]] std::optional<Time> optional_time(int column) const;
    [[nodiscard]] std::optional<Duration> optional_duration(int column) const;
    /// Zeros where the column does not hold 32 bytes.
    [[nodiscard]] std::array<std::uint8_t, 32> hash(int column) const;
    /// Nothing where the column is NULL, or holds more than fits.
    template <typename P>
    [[nodiscard]] std::optional<P> packed(int column) const {
        const auto bytes = view(column);
        P made;
        const bool fits = made.append({reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()});
        return fits && !is_null(column) ? std::optional(made) : std::nullopt;
    }
    template <typename IdType>
    [[nodiscard]] IdType id(int column) const {
        return IdType{integer(column)};
    }

  private:
    void bind_one(int index, std::int64_t value);
    void bind_one(int index, int value) { bind_one(index, std::int64_t{value}); }
    void bind_one(int index, std::size_t value);
    void bind_one(int index, std::string_view value);
    void bind_one(int index, const char* value) { bind_one(index, std::string_view(value)); }
    void bind_one(int index, const std::string& value) { bind_one(index, std::string_view(value)); }
    void bind_one(int index, const std::array<std::uint8_t, 32>& hash);
    template <std::size_t Capacity>
    void bind_one(int index, const Packed<Capacity>& packed) {
        bind_blob(index, packed.bytes());
    }
    void bind_blob(int index, std::span<const std::uint8_t> bytes);
    void bind_one(int index, std::nullopt_t);
    void bind_one(int index, Time value) { bind_one(index, to_micros(value)); }
    void bind_one(int index, Duration value) { bind_one(index, std::int64_t{value.count()}); }
    template <typename Tag>
    void bind_one(int index, Id<Tag> value) {
        bind_one(index, value.value);
    }
    template <typename T>
    void bind_one(int index, const std::optional<T>& value) {
        if (value)
            bind_one(index, *value);
        else
            bind_one(index, std::nullopt);
    }
    void check(int code) const;

    sqlite3_stmt* statement_;
    const std::string* file_;
};

enum class Access {
    owner,   ///< the one connection that writes and checkpoints
    reader,  ///< reads snapshots beside it
};

class Connection {
  public:
    struct Options {
        int cache_kib = 2048;
        int busy_timeout_ms = 5000;
    };
    /// An owner makes the file (readable for its user only) if it is not there. Throws Failure.
    Connection(const std::filesystem::path& file, Access access, const Options& options);
    ~Connection();
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    [[nodiscard]] const std::string& file() const { return file_; }
    /// Prepared once per text. Two runs of the same text must not overlap.
    [[nodiscard]] Statement statement(std::string_view sql);
    /// One or more statements without results; not cached.
    void execute(std::string_view sql);

    static constexpr int usual_checkpoint = 2000;
    /// Pages in the log after which a commit moves them into the file; 0: never.
    void checkpoint_every(int pages);

    /// Called with the text of each statement from now on: for looking at what the database does.
    void observe(std::function<void(std::string_view)> observer) { observer_ = std::move(observer); }

    [[nodiscard]] std::int64_t changes() const;  ///< rows of the last INSERT, UPDATE or DELETE
    [[nodiscard]] std::int64_t last_insert_id() const;
    /// Some failures (disk full, I/O) end a transaction by themselves.
    [[nodiscard]] bool in_transaction() const;

  private:
    struct Close {
        void operator()(sqlite3* db) const;
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const;
    };
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };
    using Prepared = std::unique_ptr<sqlite3_stmt, Finalize>;

    void configure(Access access, const Options& options);
    void start_log();
    [[nodiscard]] Prepared prepare(std::string_view sql);

    std::string file_;
    std::unique_ptr<sqlite3, Close> db_;
    std::unordered_map<std::string, Prepared, TextHash, std::equal_to<>> prepared_;
    std::function<void(std::string_view)> observer_;
};

/// Rolled back unless committed.
class WriteTransaction {
  public:
    explicit WriteTransaction(Connection& db);
    ~WriteTransaction();
    WriteTransaction(const WriteTransaction&) = delete;
    WriteTransaction& operator=(const WriteTransaction&) = delete;
    void commit();

  private:
    Connection& db_;
};

/// A part of a transaction that can be undone alone; undone unless released.
class Savepoint {
  public:
    explicit Savepoint(Connection& db);
    ~Savepoint();
    Savepoint(const Savepoint&) = delete;
    Savepoint& operator=(const Savepoint&) = delete;
    void release();

  private:
    Connection& db_;
    bool open_ = true;
};

/// One consistent state for several queries.
class ReadTransaction {
  public:
    explicit ReadTransaction(Connection& db);
    ~ReadTransaction();
    ReadTransaction(const ReadTransaction&) = delete;
    ReadTransaction& operator=(const ReadTransaction&) = delete;

  private:
    Connection& db_;
};

}  // namespace garita::sqlite
