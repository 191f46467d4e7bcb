#pragma once
// What one class of rules is in the kernel.

#include <cstdint>
#include <string>

#include "model/packed.hpp"

namespace garita::nft_classes {

/// What packets meet.
enum class Effect : std::uint8_t {
    none,    ///< only the set is kept
    open,    ///< forwarded packets pass if their subscriber has an entry; others are dropped
    closed,  ///< forwarded packets of subscribers with an entry are dropped
    mark,    ///< packets from or to the address get the mark of its entry
    bind,    ///< packets from an address with an entry are dropped unless they have its MAC address
};

/// A value type. Keys are single addresses; entries of `mark` have a mark, of `bind` a MAC address, of the
/// others always `present`.
struct NftClass {
    std::string name;  ///< letters, digits, '_' and '-', 24 at most: sets and chains are called after it
    Effect effect = Effect::none;
    RuleValue present{};
    /// Where the subscribers are: source addresses are looked at in packets that come in there, destinations
    /// in those that leave there. Empty: in all, and with `open` it is enough if one of the two has an entry.
    std::string interface {};
    /// Room to begin with, of each family; grows by itself.
    std::uint32_t capacity = 16 * 1024;
    /// Never more than this in a family: a set of n takes some 100 n bytes of the kernel's memory.
    std::uint32_t most = 16 * 1024 * 1024;

    [[nodiscard]] bool is_map() const { return effect == Effect::mark || effect == Effect::bind; }
};

}  // namespace garita::nft_classes
