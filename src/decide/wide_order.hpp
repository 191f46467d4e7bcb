#pragma once
// Wide networks blocked by hand: a case of their own, decided already, stands for them, so that they can be
// confirmed.

#include <optional>
#include <string>
#include <vector>

#include "decide/rule_desk.hpp"

namespace garita::decide {

/// Borrows everything.
struct WideOrder {
    const BlockOrder& order;
    const std::vector<std::string>& devices;
    const std::vector<IpNetwork>& networks;
    const DeskOptions& options;
};

/// Makes the case and lets the change end with its provisional time; nothing where none of it needs to be
/// confirmed.
[[nodiscard]] std::optional<CaseId> begin_wide_block(store::Transaction& transaction, const WideOrder& wide,
                                                     RuleChange& change, Time now);

}  // namespace garita::decide
