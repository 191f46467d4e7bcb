#pragma once
// The audit trail of files from before it was a chain.

#include <cstdint>

#include "adapters/sqlite/connection.hpp"

namespace garita::sqlite {

/// Chains the rows that the migration brought along. Nothing to do where it was done before.
void chain_old_audit_rows(Connection& db, std::int64_t steps_done_before);

}  // namespace garita::sqlite
