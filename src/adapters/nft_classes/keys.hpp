#pragma once
// Packed parameters and values as the kernel's sets have them, and back.

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "adapters/nft_classes/layer.hpp"
#include "adapters/nft_classes/nft_class.hpp"
#include "model/packed.hpp"

namespace garita::nft_classes {

/// The key of a set's element.
struct ElementKey {
    Layer layer;
    std::array<std::uint8_t, 16> bytes{};  ///< zero beyond the layer's size

    [[nodiscard]] std::size_t size() const { return layer.size(); }
    [[nodiscard]] std::span<const std::uint8_t> span() const { return std::span(bytes).first(size()); }
};

/// Nothing: it is not one key of the class.
[[nodiscard]] std::optional<ElementKey> element_key(const NftClass& of, const RuleKey& key);
/// Nothing: the class has no such key.
[[nodiscard]] std::optional<RuleKey> rule_key(const NftClass& of, const Layer& layer,
                                              std::span<const std::byte> key);

/// The data of a map's element, a mark in the machine's order, others in the network's; empty of a set.
/// Nothing: the class cannot hold this value.
struct ElementData {
    std::array<std::uint8_t, 16> bytes{};
    std::uint8_t size = 0;
    friend bool operator==(const ElementData&, const ElementData&) = default;
};
[[nodiscard]] std::optional<ElementData> element_data(const NftClass& of, const RuleValue& value);
[[nodiscard]] std::optional<RuleValue> rule_value(const NftClass& of, std::span<const std::byte> data);

/// An address and a MAC address as the kernel's registers hold them, one behind the other: 12 or 24 bytes.
struct PairKey {
    std::array<std::uint8_t, 24> bytes{};
    std::uint8_t size = 0;
    [[nodiscard]] std::span<const std::uint8_t> span() const { return std::span(bytes).first(size); }
};
[[nodiscard]] PairKey pair_key(const ElementKey& address, const ElementData& mac);

/// Ones for the bits of a prefix, in as many bytes as an address has.
[[nodiscard]] std::array<std::uint8_t, 16> prefix_mask(const Layer& layer);

/// As the kernel's expression "jhash" reckons: which of so many shards holds the key.
[[nodiscard]] std::uint32_t jhash(std::span<const std::uint8_t> bytes, std::uint32_t seed);
[[nodiscard]] unsigned shard_of(const ElementKey& key, unsigned shards);
inline constexpr std::uint32_t shard_seed = 0x47617274;

}  // namespace garita::nft_classes
