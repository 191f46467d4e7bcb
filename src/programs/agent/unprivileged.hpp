#pragma once
// How the main part of the agent becomes harmless: whatever it reads, it has nothing to give away.

#include <filesystem>
#include <optional>

#include "runtime/config/agent_config.hpp"
#include "runtime/confinement/privileges.hpp"
#include "runtime/log/log.hpp"

namespace garita::programs {

/// The account that the main part shall run as; nothing: as it was started. not_found: `agent.user` names
/// none.
[[nodiscard]] Result<std::optional<runtime::Account>> account_for(const runtime::AgentConfig& config);

/// Makes the folder, for nobody but its owner, and gives what root has put there to the owner, or back to
/// root. Files with other names elsewhere, links and what belongs to third parties are left alone.
[[nodiscard]] Result<void> prepare_state(const std::filesystem::path& folder,
                                         const std::optional<runtime::Account>& owner);

/// For good. As root without an account it stays root, but only in name: with the right to read files, and no
/// other.
[[nodiscard]] Result<void> give_up_privileges(const std::optional<runtime::Account>& account,
                                              const runtime::Log& log);

}  // namespace garita::programs
