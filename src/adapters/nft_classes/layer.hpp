#pragma once
// Which entries of a class are found by one look-up of the kernel.

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "adapters/nft_classes/nft_class.hpp"
#include "model/ip.hpp"

namespace garita::nft_classes {

/// Addresses of one family, its networks of one prefix length, or all keys of a type that has no family.
struct Layer {
    enum class Kind : std::uint8_t { v4, v6, port, mac, mark, interface };
    Kind kind = Kind::v4;
    std::uint8_t prefix = 32;  ///< of v4 and v6; 0 of others

    friend constexpr auto operator<=>(const Layer&, const Layer&) = default;

    [[nodiscard]] static constexpr Layer of(IpFamily family, unsigned prefix) {
        return {family == IpFamily::v4 ? Kind::v4 : Kind::v6, static_cast<std::uint8_t>(prefix)};
    }
    [[nodiscard]] static constexpr Layer hosts(IpFamily family) {
        return of(family, family == IpFamily::v4 ? 32 : 128);
    }
    [[nodiscard]] static constexpr Layer of_type(ParamType type) {
        const auto kind = type == ParamType::port   ? Kind::port
                          : type == ParamType::mac  ? Kind::mac
                          : type == ParamType::mark ? Kind::mark
                                                    : Kind::interface;
        return {kind, 0};
    }

    [[nodiscard]] constexpr bool is_ip() const { return kind == Kind::v4 || kind == Kind::v6; }
    [[nodiscard]] constexpr IpFamily family() const { return kind == Kind::v4 ? IpFamily::v4 : IpFamily::v6; }
    /// Bytes of a key.
    [[nodiscard]] constexpr std::size_t size() const {
        switch (kind) {
            case Kind::v4:
                return 4;
            case Kind::v6:
                return 16;
            case Kind::port:
                return fixed_size(ParamType::port);
            case Kind::mac:
                return fixed_size(ParamType::mac);
            case Kind::mark:
                return fixed_size(ParamType::mark);
            case Kind::interface:
                break;
        }
        return fixed_size(ParamType::interface);
    }
    /// Addresses have to be cut to the prefix before they are looked up.
    [[nodiscard]] constexpr bool is_cut() const { return is_ip() && prefix < 8 * size(); }
    /// Another number below `count` for each.
    [[nodiscard]] constexpr std::size_t index() const {
        if (kind == Kind::v4) return prefix;
        if (kind == Kind::v6) return 33U + prefix;
        return 33U + 129U + static_cast<std::size_t>(kind) - static_cast<std::size_t>(Kind::port);
    }
    static constexpr std::size_t count = 33 + 129 + 4;
};

/// All that a class may have, in their order; of networks one for each prefix length.
[[nodiscard]] std::vector<Layer> possible_layers(const NftClass& of);

/// "inet_access.4", "clients.6n48", "ports.k": what its sets, chains and maps are called after.
[[nodiscard]] std::string layer_name(const NftClass& of, const Layer& layer);

}  // namespace garita::nft_classes
