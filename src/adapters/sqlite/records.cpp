// Devices, the audit trail, values, saved answers, counts.

#include <limits>

#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {

std::optional<Device> SqliteTransaction::find_device(std::string_view name) {
    auto row = db_.statement(select_device + " WHERE name = ?1");
    return one_row<Device>(row.bind(name));
}

std::vector<Device> SqliteTransaction::devices() {
    auto rows = db_.statement(select_device + " ORDER BY name");
    return all_rows<Device>(rows);
}

void SqliteTransaction::put_device(const Device& device) {
    db_.statement(
           "INSERT INTO devices (name, version, boot_id, last_seen, applied_seq, clock_offset, "
           "protected_networks, watches, troubles, logins) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) "
           "ON CONFLICT (name) DO UPDATE SET version = excluded.version, boot_id = excluded.boot_id, "
           "last_seen = excluded.last_seen, applied_seq = excluded.applied_seq, "
           "clock_offset = excluded.clock_offset, protected_networks = excluded.protected_networks, "
           "watches = excluded.watches, troubles = excluded.troubles, logins = excluded.logins")
        .bind(device.name, device.version, device.boot_id, device.last_seen, device.applied_seq,
              device.clock_offset, networks_text(device.protected_networks), lines_text(device.watches),
              lines_text(device.troubles), logins_text(device.logins))
        .run();
}

std::optional<std::string> SqliteTransaction::value(std::string_view key) {
    auto row = db_.statement("SELECT value FROM kept_values WHERE name = ?1");
    return row.bind(key).step() ? row.optional_text(0) : std::nullopt;
}

void SqliteTransaction::set_value(std::string_view key, std::string_view value) {
    db_.statement(
           "INSERT INTO kept_values (name, value) VALUES (?1, ?2) "
           "ON CONFLICT (name) DO UPDATE SET value = excluded.value")
        .bind(key, value)
        .run();
}

std::optional<std::string> SqliteTransaction::saved_answer(std::string_view scope, std::string_view key) {
    auto row = db_.statement("SELECT answer FROM answers WHERE scope = ?1 AND name = ?2");
    return row.bind(scope, key).step() ? row.optional_text(0) : std::nullopt;
}

void SqliteTransaction::save_answer(std::string_view scope, std::string_view key, std::string_view answer,
                                    Time now) {
    db_.statement(
           "INSERT INTO answers (scope, name, answer, at) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING")
        .bind(scope, key, answer, now)
        .run();
}

StoreCounts SqliteTransaction::counts() {
    const auto count = [&](std::string_view sql) {
        auto row = db_.statement(sql);
        return row.step() ? row.integer(0) : 0;
    };
    return {
        count("SELECT count(*) FROM alerts"), count("SELECT count(*) FROM cases WHERE state = 'open'"),
        count("SELECT count(*) FROM rules"),
        count("SELECT count(*) FROM rules INDEXED BY rules_unsettled WHERE (desired IS NULL OR "
              "desired IS NOT current OR last_error <> '') AND (desired IS NOT current OR last_error <> '')"),
        count("SELECT count(*) FROM actions WHERE state = 'pending'")};
}

void SqliteTransaction::ring(store::Ring ring) {
    rings_.push_back(std::move(ring));
}

}  // namespace garita::sqlite
