#include "adapters/sqlite/new_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <filesystem>
#include <memory>
#include <unistd.h>

#include <sqlite3.h>

#include "adapters/sqlite/failure.hpp"

namespace garita::sqlite {
namespace {

/// The library would make it with the umask's rights; it holds who logged in where.
void make_private_file(const std::string& file) {
    const int fd = ::open(file.c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (fd < 0)
        throw Failure({ErrorCode::io,
                       file + ": cannot be opened: " + std::strerror(errno) +
                           "; its directory must exist and be writable by Garita",
                       Retry::no});
    ::close(fd);
}

struct Close {
    void operator()(sqlite3* db) const { sqlite3_close(db); }
};

}  // namespace

// Beside its place, and put there whole, with one sync where the library would make four on the way: with a
// torn first page no program would start, and with none the library takes the log, and all that was
// acknowledged in it, for a leftover.
void make_store_where_none_is(const std::string& file) {
    std::error_code missing;
    if (std::filesystem::file_size(file, missing) > 0 && !missing) return;
    const auto unfinished = file + ".new";
    make_private_file(unfinished);
    sqlite3* raw = nullptr;
    int code =
        sqlite3_open_v2(unfinished.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_EXRESCODE, nullptr);
    const std::unique_ptr<sqlite3, Close> db(raw);
    constexpr auto* in_memory_then_whole =
        "PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF; PRAGMA journal_mode = WAL";
    if (code == SQLITE_OK) code = sqlite3_exec(raw, in_memory_then_whole, nullptr, nullptr, nullptr);
    // through the library: closing a descriptor of our own would take its locks away
    sqlite3_file* written = nullptr;
    if (code == SQLITE_OK) code = sqlite3_file_control(raw, "main", SQLITE_FCNTL_FILE_POINTER, &written);
    if (code == SQLITE_OK) code = written->pMethods->xSync(written, SQLITE_SYNC_NORMAL);
    if (code != SQLITE_OK) raise(raw, code, unfinished);
    // on disk with the log's first sync, which is of the folder too
    if (std::rename(unfinished.c_str(), file.c_str()) != 0)
        throw Failure({ErrorCode::io, file + ": cannot be made: " + std::strerror(errno), Retry::no});
}

}  // namespace garita::sqlite
