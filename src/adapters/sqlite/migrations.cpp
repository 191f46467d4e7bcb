#include "adapters/sqlite/migrations.hpp"

#include <string>

namespace garita::sqlite {

namespace {

std::int64_t pragma(Connection& db, std::string_view sql) {
    auto row = db.statement(sql);
    return row.step() ? row.integer(0) : 0;
}

void check_kind(Connection& db, FileKind kind) {
    const auto wanted = static_cast<std::int64_t>(kind);
    const auto found = pragma(db, "PRAGMA application_id");
    if (found == wanted) return;
    const bool fresh = found == 0 && pragma(db, "SELECT count(*) FROM sqlite_schema") == 0;
    if (!fresh)
        throw Failure({ErrorCode::invalid,
                       db.file() +
                           ": this file belongs to another program or to another part of Garita; name "
                           "another file for the store",
                       Retry::no});
    db.execute("PRAGMA application_id = " + std::to_string(wanted));
}

}  // namespace

void migrate(Connection& db, FileKind kind, std::span<const Migration> steps, const AfterSteps& after) {
    WriteTransaction transaction(db);
    check_kind(db, kind);
    const auto known = static_cast<std::int64_t>(steps.size());
    const auto version = pragma(db, "PRAGMA user_version");
    if (version > known)
        throw Failure({ErrorCode::invalid,
                       db.file() + ": written by a newer Garita (schema " + std::to_string(version) +
                           ", this program knows " + std::to_string(known) +
                           "); install that version again, or restore a backup made before the upgrade",
                       Retry::no});
    for (auto next = static_cast<std::size_t>(version); next < steps.size(); ++next)
        db.execute(steps[next].sql);
    if (after) after(db, version);
    if (version < known) db.execute("PRAGMA user_version = " + std::to_string(known));
    transaction.commit();
}

}  // namespace garita::sqlite
