#pragma once
// What one class of rules is in the kernel.

#include <cstdint>
#include <optional>
#include <string>

#include "model/packed.hpp"
#include "model/rule_class.hpp"

namespace garita::nft_classes {

/// What packets meet.
enum class Effect : std::uint8_t {
    none,    ///< only the set is kept
    open,    ///< forwarded packets pass if their subscriber has an entry; others are dropped
    closed,  ///< forwarded packets of subscribers with an entry are dropped
    mark,    ///< packets from or to the address get the mark of its entry
    bind,    ///< packets from an address with an entry are dropped unless they have its MAC address
};

/// A value type. Entries of `mark` have a mark, of `bind` a MAC address, of a map without an effect what
/// `data` says, of the others always `present`.
struct NftClass {
    std::string name;  ///< letters, digits, '_' and '-', 24 at most: sets and chains are called after it
    Effect effect = Effect::none;
    /// address, network, port, mac, mark or interface. Networks have an effect other than none and bind, and
    /// of several that an address lies in the longest counts; the last four have no effect.
    ParamType key = ParamType::address;
    std::optional<ParamType> data{};  ///< with no effect: port, mac, mark or interface; nothing: a set
    RuleValue present{};
    /// Where the subscribers are: source addresses are looked at in packets that come in there, destinations
    /// in those that leave there. Empty: in all, and with `open` it is enough if one of the two has an entry.
    std::string interface {};
    /// Room to begin with, of each family or of networks of one length; grows by itself.
    std::uint32_t capacity = 16 * 1024;
    /// Never more than this in a family, or of networks of one length: a set of n takes some 100 n bytes of
    /// the kernel's memory.
    std::uint32_t most = 16 * 1024 * 1024;

    /// What an entry says beyond being there.
    [[nodiscard]] std::optional<ParamType> held() const {
        if (effect == Effect::mark) return ParamType::mark;
        if (effect == Effect::bind) return ParamType::mac;
        return effect == Effect::none ? data : std::nullopt;
    }
    [[nodiscard]] bool is_map() const { return held().has_value(); }
};

/// As the kernel's sets hold values of a type; 0: they cannot. Addresses and networks have two sizes.
[[nodiscard]] constexpr std::size_t fixed_size(ParamType type) {
    switch (type) {
        case ParamType::port:
            return 2;
        case ParamType::mac:
            return 6;
        case ParamType::mark:
            return 4;
        case ParamType::interface:
            return 16;
        default:
            return 0;
    }
}

}  // namespace garita::nft_classes
