#pragma once
// The table, sets, chains and rules of a class, written into a transaction.

#include <functional>
#include <string>
#include <vector>

#include "adapters/nft_classes/layout.hpp"
#include "adapters/nft_classes/nft_class.hpp"
#include "runtime/nft/transaction.hpp"

namespace garita::nft_classes {

/// One rule: in which chain, under which comment it is found again, and its expressions.
struct RuleText {
    std::string chain;
    std::string comment;
    std::function<void(nlmsghdr*)> expressions;
};

/// Every rule of the class, in order.
[[nodiscard]] std::vector<RuleText> rules_of(const NftClass& of, const Layout& layout);

/// Makes everything; nothing of it may be there but the table.
void put_structure(runtime::nft::Transaction& transaction, const NftClass& of, const Layout& layout);
/// Takes away what was seen.
void put_removal(runtime::nft::Transaction& transaction, const Seen& seen);
/// Empties every set of entries.
void put_flush(runtime::nft::Transaction& transaction, const NftClass& of, const Layout& layout);

/// Whether all that put_structure makes is there.
[[nodiscard]] bool is_complete(const NftClass& of, const Layout& layout, const Seen& seen);

}  // namespace garita::nft_classes
