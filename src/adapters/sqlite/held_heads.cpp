#include "adapters/sqlite/held_heads.hpp"

namespace garita::sqlite {

void put_held_head(Connection& db, const store::HeldHead& held) {
    const auto hour = std::chrono::floor<std::chrono::hours>(held.kept_at).time_since_epoch().count();
    db.statement(
          "INSERT INTO audit_heads (line, hour, store, seq, hash, at, kept_at) "
          "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (line, hour) DO UPDATE SET "
          "store = excluded.store, seq = excluded.seq, hash = excluded.hash, at = excluded.at, "
          "kept_at = excluded.kept_at")
        .bind(held.line, std::int64_t{hour}, held.store_id, held.head.seq, held.head.hash, held.head.at,
              held.kept_at)
        .run();
    auto row = db.statement("SELECT count(*) FROM audit_heads");
    const auto count = row.step() ? static_cast<std::size_t>(row.integer(0)) : 0;
    if (count <= store::held_heads_limit) return;
    db.statement(
          "DELETE FROM audit_heads WHERE (line, hour) IN "
          "(SELECT line, hour FROM audit_heads ORDER BY line, seq LIMIT ?1)")
        .bind(count - store::held_heads_limit)
        .run();
}

std::vector<store::HeldHead> all_held_heads(Connection& db) {
    auto rows =
        db.statement("SELECT store, line, seq, hash, at, kept_at FROM audit_heads ORDER BY line, seq");
    std::vector<store::HeldHead> all;
    while (rows.step())
        all.push_back(
            {rows.text(0), rows.integer(1), {rows.integer(2), rows.hash(3), rows.time(4)}, rows.time(5)});
    return all;
}

}  // namespace garita::sqlite
