#include "adapters/sqlite/connection.hpp"

#include <cstring>

#include <sqlite3.h>

#include "adapters/sqlite/new_file.hpp"

namespace garita::sqlite {

Statement::Statement(sqlite3_stmt* prepared, const std::string& file) : statement_(prepared), file_(&file) {
    if (sqlite3_stmt_busy(prepared) != 0)
        throw std::logic_error(std::string("statement is running already: ") + sqlite3_sql(prepared));
}

Statement::Statement(Statement&& other) noexcept : statement_(other.statement_), file_(other.file_) {
    other.statement_ = nullptr;
}

Statement::~Statement() {
    if (statement_ == nullptr) return;
    sqlite3_reset(statement_);
    sqlite3_clear_bindings(statement_);
}

void Statement::check(int code) const {
    if (code != SQLITE_OK) raise(sqlite3_db_handle(statement_), code, *file_);
}

bool Statement::step() {
    const int code = sqlite3_step(statement_);
    if (code == SQLITE_ROW) return true;
    if (code == SQLITE_DONE) return false;
    raise(sqlite3_db_handle(statement_), code, *file_);
}

bool Statement::is_null(int column) const {
    return sqlite3_column_type(statement_, column) == SQLITE_NULL;
}

std::int64_t Statement::integer(int column) const {
    return sqlite3_column_int64(statement_, column);
}

std::string_view Statement::view(int column) const {
    const auto* bytes = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    if (bytes == nullptr) return {};
    return {bytes, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::array<std::uint8_t, 32> Statement::hash(int column) const {
    std::array<std::uint8_t, 32> hash{};
    if (const auto bytes = view(column); bytes.size() == hash.size())
        std::memcpy(hash.data(), bytes.data(), hash.size());
    return hash;
}

std::optional<std::string> Statement::optional_text(int column) const {
    return is_null(column) ? std::nullopt : std::optional(text(column));
}

std::optional<Time> Statement::optional_time(int column) const {
    return is_null(column) ? std::nullopt : std::optional(time(column));
}

std::optional<Duration> Statement::optional_duration(int column) const {
    return is_null(column) ? std::nullopt : std::optional(Duration{integer(column)});
}

void Statement::bind_one(int index, std::int64_t value) {
    check(sqlite3_bind_int64(statement_, index, value));
}

void Statement::bind_one(int index, std::size_t value) {
    check(sqlite3_bind_int64(statement_, index,
                             static_cast<std::int64_t>(std::min(value, std::size_t{INT64_MAX}))));
}

void Statement::bind_one(int index, std::string_view value) {
    check(sqlite3_bind_text64(statement_, index, value.data() != nullptr ? value.data() : "", value.size(),
                              SQLITE_TRANSIENT, SQLITE_UTF8));
}

void Statement::bind_one(int index, const std::array<std::uint8_t, 32>& hash) {
    check(sqlite3_bind_blob64(statement_, index, hash.data(), hash.size(), SQLITE_TRANSIENT));
}

void Statement::bind_blob(int index, std::span<const std::uint8_t> bytes) {
    // of nothing a pointer that is not null, which would be NULL
    static constexpr std::uint8_t nothing = 0;
    const auto* const begin = bytes.empty() ? &nothing : bytes.data();
    check(sqlite3_bind_blob64(statement_, index, begin, bytes.size(), SQLITE_TRANSIENT));
}

void Statement::bind_one(int index, std::nullopt_t) {
    check(sqlite3_bind_null(statement_, index));
}

void Connection::Close::operator()(sqlite3* db) const {
    sqlite3_close(db);
}

void Connection::Finalize::operator()(sqlite3_stmt* statement) const {
    sqlite3_finalize(statement);
}

Connection::Connection(const std::filesystem::path& file, Access access, const Options& options)
    : file_(file.string()) {
    if (access == Access::owner) make_store_where_none_is(file_);
    sqlite3* raw = nullptr;
    const int mode = access == Access::owner ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY;
    const int code =
        sqlite3_open_v2(file_.c_str(), &raw, mode | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    db_.reset(raw);
    if (code != SQLITE_OK) raise(raw, code, file_);
    configure(access, options);
}

Connection::~Connection() = default;

void Connection::configure(Access access, const Options& options) {
    sqlite3_busy_timeout(db_.get(), options.busy_timeout_ms);
    sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    execute(
        "PRAGMA mmap_size = 0; PRAGMA foreign_keys = ON; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -" +
        std::to_string(options.cache_kib));
    if (access == Access::reader) {
        // only the owner moves pages from the log into the file: two at once are how files were damaged
        sqlite3_db_config(db_.get(), SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
        return execute("PRAGMA query_only = ON; PRAGMA wal_autocheckpoint = 0");
    }
    start_log();
    execute("PRAGMA synchronous = FULL; PRAGMA journal_size_limit = 67108864");
    checkpoint_every(usual_checkpoint);
}

void Connection::start_log() {
    auto mode = statement("PRAGMA journal_mode = WAL");
    if (!mode.step() || mode.view(0) != "wal")
        throw Failure(
            {ErrorCode::io, file_ + ": its file system does not allow a write-ahead log", Retry::no});
}

Connection::Prepared Connection::prepare(std::string_view sql) {
    sqlite3_stmt* raw = nullptr;
    const int code = sqlite3_prepare_v3(db_.get(), sql.data(), static_cast<int>(sql.size()),
                                        SQLITE_PREPARE_PERSISTENT, &raw, nullptr);
    if (code != SQLITE_OK) raise(db_.get(), code, file_);
    return Prepared(raw);
}

Statement Connection::statement(std::string_view sql) {
    if (observer_) observer_(sql);
    auto found = prepared_.find(sql);
    if (found == prepared_.end()) found = prepared_.emplace(std::string(sql), prepare(sql)).first;
    return {found->second.get(), file_};
}

void Connection::execute(std::string_view sql) {
    const std::string text(sql);
    const int code = sqlite3_exec(db_.get(), text.c_str(), nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) raise(db_.get(), code, file_);
}

void Connection::checkpoint_every(int pages) {
    sqlite3_wal_autocheckpoint(db_.get(), pages);
}

std::int64_t Connection::changes() const {
    return sqlite3_changes64(db_.get());
}

std::int64_t Connection::last_insert_id() const {
    return sqlite3_last_insert_rowid(db_.get());
}

bool Connection::in_transaction() const {
    return sqlite3_get_autocommit(db_.get()) == 0;
}

WriteTransaction::WriteTransaction(Connection& db) : db_(db) {
    db_.statement("BEGIN IMMEDIATE").run();
}

WriteTransaction::~WriteTransaction() {
    try {
        if (db_.in_transaction()) db_.statement("ROLLBACK").run();
    } catch (...) {  // the library has already undone it
    }
}

void WriteTransaction::commit() {
    db_.statement("COMMIT").run();
}

Savepoint::Savepoint(Connection& db) : db_(db) {
    db_.statement("SAVEPOINT one").run();
}

Savepoint::~Savepoint() {
    try {
        if (!open_ || !db_.in_transaction()) return;
        db_.statement("ROLLBACK TO one").run();
        db_.statement("RELEASE one").run();
    } catch (...) {  // the whole transaction cannot go on; its commit will say so
    }
}

void Savepoint::release() {
    db_.statement("RELEASE one").run();
    open_ = false;
}

ReadTransaction::ReadTransaction(Connection& db) : db_(db) {
    db_.statement("BEGIN").run();
}

ReadTransaction::~ReadTransaction() {
    try {
        if (db_.in_transaction()) db_.statement("ROLLBACK").run();
    } catch (...) {  // nothing was written
    }
}

}  // namespace garita::sqlite
