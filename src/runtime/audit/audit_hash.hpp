#pragma once
// The hash of the audit trail: BLAKE2b-256 by libsodium, which several times outruns SHA-256 without its
// processor instructions, and is in every language's library for whoever wants to check an export without
// Garita.

#include <string_view>

#include "model/audit_chain.hpp"

namespace garita::runtime::audit {

[[nodiscard]] AuditHash blake2b_256(std::string_view bytes);

/// The entry as the row after `head`. Its texts become what JSON can carry (valid UTF-8, no NUL, at most 4096
/// bytes), so that an export holds the very bytes that were hashed.
[[nodiscard]] AuditRow next_row(AuditEntry entry, const AuditHead& head);
/// Rows from before there was a chain, made links of it.
[[nodiscard]] AuditRow next_row(AuditRow unchained, const AuditHead& head);

}  // namespace garita::runtime::audit
