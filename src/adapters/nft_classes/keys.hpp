#pragma once
// Packed parameters and values as the kernel's sets have them, and back.

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "adapters/nft_classes/nft_class.hpp"
#include "model/ip.hpp"
#include "model/packed.hpp"

namespace garita::nft_classes {

/// An address as a set's key.
struct AddressKey {
    IpFamily family = IpFamily::v4;
    std::array<std::uint8_t, 16> bytes{};

    [[nodiscard]] std::size_t size() const { return family == IpFamily::v4 ? 4 : 16; }
    [[nodiscard]] std::span<const std::uint8_t> span() const { return std::span(bytes).first(size()); }
};

/// Nothing: it is not one address.
[[nodiscard]] std::optional<AddressKey> address_key(const RuleKey& key);
/// Nothing: so many bytes are no address.
[[nodiscard]] std::optional<RuleKey> rule_key(std::span<const std::byte> address);

/// The data of a map's element, 4 bytes of a mark in the machine's order or 6 of a MAC address; empty of a
/// set. Nothing: the class cannot hold this value.
struct ElementData {
    std::array<std::uint8_t, 6> bytes{};
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
[[nodiscard]] PairKey pair_key(const AddressKey& address, const ElementData& mac);

/// As the kernel's expression "jhash" reckons: which of so many shards holds the address.
[[nodiscard]] std::uint32_t jhash(std::span<const std::uint8_t> bytes, std::uint32_t seed);
[[nodiscard]] unsigned shard_of(const AddressKey& key, unsigned shards);
inline constexpr std::uint32_t shard_seed = 0x47617274;

}  // namespace garita::nft_classes
