#include "programs/siem_import/siem_bot_database.hpp"

#include <array>
#include <functional>
#include <memory>
#include <utility>

#include <sqlite3.h>

namespace garita::programs {

namespace {

constexpr std::size_t most_rows = 100'000;
constexpr int most_work = 100'000'000;  ///< of SQLite's machine, for one question to a file of this size

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

/// The sink says what is wrong with a row; empty: nothing.
Result<void> for_each_row(sqlite3* db, const std::filesystem::path& file, const char* sql,
                          const std::function<std::string(sqlite3_stmt*)>& sink) {
    sqlite3_stmt* made = nullptr;
    const int prepared = sqlite3_prepare_v2(db, sql, -1, &made, nullptr);
    const StatementPtr statement(made);
    if (prepared != SQLITE_OK) return tl::unexpected(not_of_the_bot(file, db));
    int step = sqlite3_step(made);
    for (std::size_t rows = 0; step == SQLITE_ROW; step = sqlite3_step(made)) {
        if (++rows > most_rows)
            return fail(ErrorCode::invalid, file.string() + " has more rows than any bot has chats");
        if (const auto wrong = sink(made); !wrong.empty())
            return fail(ErrorCode::invalid, file.string() + " is damaged: " + wrong);
    }
    if (step != SQLITE_DONE) return tl::unexpected(not_of_the_bot(file, db));
    return {};
}

/// Whoever made the file may have put anything into it: a view that never ends in a table's place, say.
void distrust(sqlite3* db) {
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, nullptr);
    sqlite3_progress_handler(
        db, most_work, [](void*) { return 1; }, nullptr);
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
    distrust(opened);
    SiemBotMemory memory;
    const auto ids_into = [](std::vector<std::int64_t>& list, const std::string& table) {
        return [&list, table](sqlite3_stmt* row) {
            // ids are kept as numbers by some versions, as texts by others
            const auto id = sqlite3_column_int64(row, 0);
            if (id == 0 || text_at(row, 0) != std::to_string(id))
                return table + " has an id that is no number";
            list.push_back(id);
            return std::string();
        };
    };
    const auto newest = [&](sqlite3_stmt* row) {
        memory.last_incident_time = text_at(row, 0);
        return std::string();
    };
    const std::array<std::pair<const char*, std::function<std::string(sqlite3_stmt*)>>, 3> questions = {{
        {"SELECT tg_id FROM tg_users_allowed", ids_into(memory.allowed, "tg_users_allowed")},
        {"SELECT tg_id FROM tg_users_denied", ids_into(memory.denied, "tg_users_denied")},
        {"SELECT value FROM variables WHERE name = 'last_incident_time'", newest},
    }};
    for (const auto& [sql, sink] : questions)
        if (auto read = for_each_row(opened, file, sql, sink); !read) return tl::unexpected(read.error());
    return memory;
}

}  // namespace garita::programs
