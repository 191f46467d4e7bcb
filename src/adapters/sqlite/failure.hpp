#pragma once
// How the library's failures become ours.

#include <string>

#include "model/result.hpp"
#include "store/store.hpp"

struct sqlite3;

namespace garita::sqlite {

/// The environment failed. Carries what the caller of the store will get.
struct Failure : store::StoreFailure {
    explicit Failure(Error why) : StoreFailure(why.text), error(std::move(why)) {}
    Error error;
};

/// A request that breaks the schema's rules: a programmer error, undone like any failed write.
struct BrokenRule : std::logic_error {
    using std::logic_error::logic_error;
};

/// The current exception as a value; call it only inside a catch block.
[[nodiscard]] Error current_error(const std::string& file);

/// Throws what an answer of the library other than SQLITE_OK means: Failure, or BrokenRule. `db` may be null.
[[noreturn]] void raise(sqlite3* db, int code, const std::string& file);

}  // namespace garita::sqlite
