// Certificates of agents, and the codes that let new ones in.

#include "adapters/sqlite/rows.hpp"
#include "adapters/sqlite/transaction.hpp"

namespace garita::sqlite {

std::optional<AgentCertificate> SqliteTransaction::find_certificate(std::string_view key) {
    auto row = db_.statement(select_certificate + "key = ?1");
    return one_row<AgentCertificate>(row.bind(key));
}

std::vector<AgentCertificate> SqliteTransaction::certificates_of(std::string_view device) {
    auto rows = db_.statement(select_certificate + "device = ?1 ORDER BY issued_at DESC, key");
    return all_rows<AgentCertificate>(rows.bind(device));
}

void SqliteTransaction::put_certificate(const AgentCertificate& one) {
    db_.statement(
           "INSERT INTO agent_certificates (key, device, serial, pem, issued_at, expires_at, first_used_at, "
           "revoked_at, revoked_because) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) "
           "ON CONFLICT (key) DO UPDATE SET device = excluded.device, serial = excluded.serial, "
           "pem = excluded.pem, issued_at = excluded.issued_at, expires_at = excluded.expires_at, "
           "first_used_at = excluded.first_used_at, revoked_at = excluded.revoked_at, "
           "revoked_because = excluded.revoked_because")
        .bind(one.key, one.device, one.serial, one.pem, one.issued_at, one.expires_at, one.first_used_at,
              one.revoked_at, one.revoked_because)
        .run();
}

std::vector<EnrolmentCode> SqliteTransaction::enrolment_codes() {
    auto rows = db_.statement(
        "SELECT hash, device, author, created_at, expires_at, used_at, used_by FROM enrolment_codes "
        "INDEXED BY enrolment_codes_ending ORDER BY expires_at, hash");
    return all_rows<EnrolmentCode>(rows);
}

void SqliteTransaction::put_enrolment_code(const EnrolmentCode& code) {
    db_.statement(
           "INSERT INTO enrolment_codes (hash, device, author, created_at, expires_at, used_at, used_by) "
           "VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (hash) DO UPDATE SET device = excluded.device, "
           "author = excluded.author, created_at = excluded.created_at, expires_at = excluded.expires_at, "
           "used_at = excluded.used_at, used_by = excluded.used_by")
        .bind(code.hash, code.device, code.author, code.created_at, code.expires_at, code.used_at,
              code.used_by)
        .run();
}

void SqliteTransaction::remove_enrolment_codes(std::string_view device, Time expired_before) {
    db_.statement("DELETE FROM enrolment_codes WHERE device = ?1 AND used_at IS NULL").bind(device).run();
    db_.statement("DELETE FROM enrolment_codes WHERE expires_at < ?1").bind(expired_before).run();
}

void SqliteTransaction::set_revoked(std::string_view device, std::optional<Time> since) {
    db_.statement("UPDATE devices SET revoked_at = ?2 WHERE name = ?1").bind(device, since).run();
}

}  // namespace garita::sqlite
