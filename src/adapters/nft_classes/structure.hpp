#pragma once
// The table, sets, chains and rules of a class, written into a transaction.

#include <functional>
#include <optional>
#include <set>
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

struct ChainText {
    std::string name;
    std::optional<int> priority{};  ///< of one that packets come to by themselves
};

/// Every chain of the class.
[[nodiscard]] std::vector<ChainText> chains_of(const NftClass& of, const Layout& layout);
/// Every rule of the class, in order.
[[nodiscard]] std::vector<RuleText> rules_of(const NftClass& of, const Layout& layout);

/// Layers whose sets stay as they are, with their entries.
using Kept = std::set<Layer>;

/// Makes everything but the sets of kept layers; nothing else may be there but the table.
void put_structure(runtime::nft::Transaction& transaction, const NftClass& of, const Layout& layout,
                   const Kept& kept);
/// Takes away what was seen, but for the sets of kept layers.
void put_removal(runtime::nft::Transaction& transaction, const NftClass& of, const Seen& seen,
                 const Kept& kept);
/// Empties every set of entries.
void put_flush(runtime::nft::Transaction& transaction, const NftClass& of, const Layout& layout);

/// Whether all that put_structure makes is there.
[[nodiscard]] bool is_complete(const NftClass& of, const Layout& layout, const Seen& seen);

}  // namespace garita::nft_classes
