#include "adapters/nft_classes/keys.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace garita::nft_classes {
namespace {

constexpr std::size_t mark_size = 4;
constexpr std::size_t mac_size = 6;

std::uint32_t word_at(std::span<const std::uint8_t> bytes) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data(), std::min(bytes.size(), sizeof word));
    return word;
}

}  // namespace

std::optional<AddressKey> address_key(const RuleKey& key) {
    const auto bytes = key.bytes();
    AddressKey address;
    if (bytes.size() == 5 && bytes[0] == 4)
        address.family = IpFamily::v4;
    else if (bytes.size() == 17 && bytes[0] == 6)
        address.family = IpFamily::v6;
    else
        return std::nullopt;
    std::copy(bytes.begin() + 1, bytes.end(), address.bytes.begin());
    return address;
}

std::optional<RuleKey> rule_key(std::span<const std::byte> address) {
    if (address.size() != 4 && address.size() != 16) return std::nullopt;
    std::array<std::uint8_t, 17> packed{};
    packed[0] = address.size() == 4 ? 4 : 6;
    std::memcpy(packed.data() + 1, address.data(), address.size());
    RuleKey key;
    (void)key.append(std::span(packed).first(address.size() + 1));
    return key;
}

std::optional<ElementData> element_data(const NftClass& of, const RuleValue& value) {
    ElementData data;
    const auto bytes = value.bytes();
    if (!of.is_map()) return value == of.present ? std::optional(data) : std::nullopt;
    const std::size_t size = of.effect == Effect::mark ? mark_size : mac_size;
    if (bytes.size() != size) return std::nullopt;
    std::copy(bytes.begin(), bytes.end(), data.bytes.begin());
    data.size = static_cast<std::uint8_t>(size);
    if constexpr (std::endian::native == std::endian::little)
        if (of.effect == Effect::mark) std::reverse(data.bytes.begin(), data.bytes.begin() + mark_size);
    return data;
}

std::optional<RuleValue> rule_value(const NftClass& of, std::span<const std::byte> data) {
    if (!of.is_map()) return of.present;
    const std::size_t size = of.effect == Effect::mark ? mark_size : mac_size;
    if (data.size() < size) return std::nullopt;
    std::array<std::uint8_t, mac_size> bytes{};
    std::memcpy(bytes.data(), data.data(), size);
    if constexpr (std::endian::native == std::endian::little)
        if (of.effect == Effect::mark) std::reverse(bytes.begin(), bytes.begin() + mark_size);
    RuleValue value;
    (void)value.append(std::span(bytes).first(size));
    return value;
}

PairKey pair_key(const AddressKey& address, const ElementData& mac) {
    PairKey pair;
    std::copy(address.span().begin(), address.span().end(), pair.bytes.begin());
    std::copy(mac.bytes.begin(), mac.bytes.end(),
              pair.bytes.begin() + static_cast<std::ptrdiff_t>(address.size()));
    pair.size = static_cast<std::uint8_t>(address.size() + 8);
    return pair;
}

// Bob Jenkins' lookup3, which the kernel calls jhash: public domain.
std::uint32_t jhash(std::span<const std::uint8_t> bytes, std::uint32_t seed) {
    std::uint32_t a = 0xdeadbeef + static_cast<std::uint32_t>(bytes.size()) + seed;
    std::uint32_t b = a;
    std::uint32_t c = a;
    const auto mix = [](std::uint32_t& x, std::uint32_t y, std::uint32_t by, int turn) {
        x -= by;
        x ^= std::rotl(by, turn);
        by += y;
        return by;
    };
    while (bytes.size() > 12) {
        a += word_at(bytes);
        b += word_at(bytes.subspan(4));
        c += word_at(bytes.subspan(8));
        c = mix(a, b, c, 4);
        a = mix(b, c, a, 6);
        b = mix(c, a, b, 8);
        c = mix(a, b, c, 16);
        a = mix(b, c, a, 19);
        b = mix(c, a, b, 4);
        bytes = bytes.subspan(12);
    }
    if (bytes.empty()) return c;
    a += word_at(bytes);
    if (bytes.size() > 4) b += word_at(bytes.subspan(4));
    if (bytes.size() > 8) c += word_at(bytes.subspan(8));
    const auto last = [](std::uint32_t& x, std::uint32_t by, int turn) {
        x ^= by;
        x -= std::rotl(by, turn);
    };
    last(c, b, 14);
    last(a, c, 11);
    last(b, a, 25);
    last(c, b, 16);
    last(a, c, 4);
    last(b, a, 14);
    last(c, b, 24);
    return c;
}

unsigned shard_of(const AddressKey& key, unsigned shards) {
    if (shards <= 1) return 0;
    const std::uint64_t hash = jhash(key.span(), shard_seed);
    return static_cast<unsigned>(hash * shards >> 32U);
}

}  // namespace garita::nft_classes
