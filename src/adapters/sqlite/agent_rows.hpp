#pragma once
// The statements of the agent's store.

#include <string_view>
#include <vector>

#include "adapters/sqlite/connection.hpp"
#include "store/agent_store.hpp"

namespace garita::sqlite {

void push(Connection& db, const std::vector<Alert>& alerts, std::size_t limit);
void hold(Connection& db, const std::vector<Rule>& changes, std::int64_t up_to_seq);
void keep_value(Connection& db, std::string_view key, std::string_view value);
/// With an id beyond this, oldest first.
[[nodiscard]] std::vector<Alert> waiting_alerts(Connection& db, AlertId after, std::size_t limit);
[[nodiscard]] bool decide_alone(Connection& db, const Alert& alert, const DecidedAlone& decided);
[[nodiscard]] std::vector<store::OwnDecision> own_decisions(Connection& db);
[[nodiscard]] std::int64_t counter(Connection& db, std::string_view name);
/// `start`: this start of the agent; what an older one began can no longer be under way.
[[nodiscard]] std::vector<store::ActionReport> unreported(Connection& db, std::int64_t start);

}  // namespace garita::sqlite
