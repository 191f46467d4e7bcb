#include "adapters/sqlite/failure.hpp"

#include <cerrno>
#include <cstring>
#include <new>

#include <sqlite3.h>

namespace garita::sqlite {

Error current_error(const std::string& file) {
    try {
        throw;
    } catch (const Failure& failure) {
        return failure.error;
    } catch (const store::StoreFailure& failure) {
        return {ErrorCode::io, file + ": " + failure.what(), Retry::later};
    } catch (const std::bad_alloc&) {
        return {ErrorCode::full, file + ": out of memory", Retry::later};
    } catch (const std::exception& exception) {
        return {ErrorCode::invalid, file + ": internal error, please report it: " + exception.what(),
                Retry::no};
    } catch (...) {
        return {ErrorCode::invalid, file + ": internal error of an unknown kind, please report it",
                Retry::no};
    }
}

void raise(sqlite3* db, int code, const std::string& file) {
    const std::string why = db != nullptr ? sqlite3_errmsg(db) : sqlite3_errstr(code);
    const int system = db != nullptr ? sqlite3_system_errno(db) : 0;
    switch (code & 0xFF) {
        case SQLITE_CONSTRAINT:
        case SQLITE_MISUSE:
        case SQLITE_RANGE:
        case SQLITE_MISMATCH:
        case SQLITE_ERROR:
            throw BrokenRule(file + ": " + why);
        case SQLITE_NOMEM:
            throw std::bad_alloc();
        case SQLITE_FULL:
            break;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            throw Failure(
                {ErrorCode::unavailable, file + ": in use by another program (" + why + ")", Retry::later});
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB:
            throw Failure({ErrorCode::io,
                           file + ": damaged (" + why + "); stop Garita and restore the file from a backup",
                           Retry::no});
        default:
            if (system == ENOSPC || system == EDQUOT) break;
            throw Failure({ErrorCode::io,
                           file + ": " + why + (system != 0 ? std::string(": ") + std::strerror(system) : ""),
                           Retry::later});
    }
    throw Failure(
        {ErrorCode::full,
         file + ": no room (" + why + "); nothing is lost that was acknowledged; free space on its disk",
         Retry::later});
}

}  // namespace garita::sqlite
