#pragma once
// Heads of the hub's audit trail in the agent's file.

#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "store/agent_store.hpp"

namespace garita::sqlite {

void put_held_head(Connection& db, const store::HeldHead& head);
[[nodiscard]] std::vector<store::HeldHead> all_held_heads(Connection& db);

}  // namespace garita::sqlite
