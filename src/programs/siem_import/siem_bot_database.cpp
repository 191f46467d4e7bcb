#include "programs/siem_import/siem_bot_database.hpp"

#include <functional>
#include <memory>

#include <sqlite3.h>

namespace garita::programs {

namespace {

constexpr std::size_t most_rows = 100'000;

struct CloseDatabase {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
};
struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};
using DatabasePtr = std::unique_ptr<sqlite3, CloseDatabase>;
using StatementPtr = std::unique_ptr<sqlite3_stmt, FinalizeStatement>;

Error not_of_the_bot(const std::filesystem::path& file, sqlite3* db) {
    return {ErrorCode::invalid,
            file.string() + " is no database of the bot, or a damaged one: " + sqlite3_errmsg(db), Retry::no};
}

Result<void> for_each_row(sqlite3* db, const std::filesystem::path& file, const char* sql,
                          const std::function<void(sqlite3_stmt*)>& sink) {
    sqlite3_stmt* made = nullptr;
    const int prepared = sqlite3_prepare_v2(db, sql, -1, &made, nullptr);
    const StatementPtr statement(made);
    if (prepared != SQLITE_OK) return tl::unexpected(not_of_the_bot(file, db));
    int step = SQLITE_ROW;
    for (std::size_t rows = 0; rows < most_rows && (step = sqlite3_step(made)) == SQLITE_ROW; ++rows)
        sink(made);
    if (step != SQLITE_DONE && step != SQLITE_ROW) return tl::unexpected(not_of_the_bot(file, db));
    return {};
}

std::string text_at(sqlite3_stmt* row, int column) {
    const auto* const bytes = sqlite3_column_text(row, column);
    const auto size = static_cast<std::size_t>(sqlite3_column_bytes(row, column));
    return bytes == nullptr ? std::string() : std::string(reinterpret_cast<const char*>(bytes), size);
}

}  // namespace

Result<SiemBotMemory> read_siem_bot_database(const std::filesystem::path& file) {
    std::error_code missing;
    if (!std::filesystem::is_regular_file(file, missing))
        return fail(ErrorCode::not_found, file.string() + " is not there, or no file");
    sqlite3* opened = nullptr;
    const int code = sqlite3_open_v2(file.c_str(), &opened, SQLITE_OPEN_READONLY, nullptr);
    const DatabasePtr db(opened);
    if (code != SQLITE_OK) return tl::unexpected(not_of_the_bot(file, opened));
    sqlite3_busy_timeout(opened, 5000);  // the bot may still be running
    SiemBotMemory memory;
    const auto ids_into = [](std::vector<std::int64_t>& list) {
        return [&list](sqlite3_stmt* row) {
            // ids are kept as numbers by some versions, as texts by others
            if (const auto id = sqlite3_column_int64(row, 0); id != 0) list.push_back(id);
        };
    };
    if (auto read =
            for_each_row(opened, file, "SELECT tg_id FROM tg_users_allowed", ids_into(memory.allowed));
        !read)
        return tl::unexpected(read.error());
    if (auto read = for_each_row(opened, file, "SELECT tg_id FROM tg_users_denied", ids_into(memory.denied));
        !read)
        return tl::unexpected(read.error());
    const auto newest = [&](sqlite3_stmt* row) { memory.last_incident_time = text_at(row, 0); };
    if (auto read = for_each_row(opened, file,
                                 "SELECT value FROM variables WHERE name = 'last_incident_time'", newest);
        !read)
        return tl::unexpected(read.error());
    return memory;
}

}  // namespace garita::programs
