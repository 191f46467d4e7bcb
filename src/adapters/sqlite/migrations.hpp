#pragma once
// Bringing a database file to this program's schema: numbered steps, each done once, in order.

#include <cstdint>
#include <functional>
#include <span>
#include <string_view>

#include "adapters/sqlite/connection.hpp"

namespace garita::sqlite {

struct Migration {
    std::string_view file;  ///< "0001_first.sql"; the steps are numbered 1, 2, 3 … without gaps
    std::string_view sql;
};

[[nodiscard]] std::span<const Migration> hub_migrations();
[[nodiscard]] std::span<const Migration> agent_migrations();
[[nodiscard]] std::span<const Migration> agent_rules_migrations();

/// What kind of file it is, kept in the file's header, so that a hub never opens an agent's file.
enum class FileKind : std::int64_t { hub = 0x47617248, agent = 0x47617241, agent_rules = 0x47617252 };

/// Called after the steps, in their transaction: for what SQL alone cannot compute. `done_before`: how many
/// steps an earlier program had done.
using AfterSteps = std::function<void(Connection& db, std::int64_t done_before)>;

/// Runs what is missing in one transaction. Throws Failure: the file is of another kind, or of a newer
/// program, or cannot be written.
void migrate(Connection& db, FileKind kind, std::span<const Migration> steps, const AfterSteps& after = {});

}  // namespace garita::sqlite
