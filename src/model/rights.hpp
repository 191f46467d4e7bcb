#pragma once
// The one table of what takes which role. The desks ask it, and docs/security.md shows it (a test compares).

#include <span>
#include <string_view>

#include "model/person.hpp"

namespace garita {

enum class Right {
    see,
    answer,
    answer_dangerous,
    change_rules,
    block_wide,
    confirm,
    count_undo,
    undo,
    resume_policy,
    read_audit,
    raise_alerts,
    admit_agents,
    approve_access,  ///< of a device at a switch port
    end_access,      ///< and have requests reported by mail
};

struct RightRow {
    Right right;
    std::string_view words;  ///< as the manual says it
    Role role;               ///< the least
};

[[nodiscard]] std::span<const RightRow> rights();
[[nodiscard]] Role role_needed(Right right);

}  // namespace garita
