#include "adapters/nft_classes/keys.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

namespace garita::nft_classes {
namespace {

constexpr std::size_t mac_size = 6;

std::uint32_t word_at(std::span<const std::uint8_t> bytes) {
    std::uint32_t word = 0;
    std::memcpy(&word, bytes.data(), std::min(bytes.size(), sizeof word));
    return word;
}

bool is_within_mask(std::span<const std::uint8_t> address, const Layer& layer) {
    const auto mask = prefix_mask(layer);
    for (std::size_t i = 0; i < address.size(); ++i)
        if ((address[i] & ~mask[i]) != 0) return false;
    return true;
}

std::optional<ElementKey> ip_key(std::span<const std::uint8_t> bytes, bool with_prefix) {
    if (bytes.empty() || (bytes[0] != 4 && bytes[0] != 6)) return std::nullopt;
    ElementKey key{Layer::hosts(bytes[0] == 4 ? IpFamily::v4 : IpFamily::v6), {}};
    const std::size_t size = key.size();
    if (bytes.size() != 1 + size + (with_prefix ? 1 : 0)) return std::nullopt;
    std::copy_n(bytes.begin() + 1, size, key.bytes.begin());
    if (!with_prefix) return key;
    if (bytes.back() > 8 * size) return std::nullopt;
    key.layer.prefix = bytes.back();
    return is_within_mask(key.span(), key.layer) ? std::optional(key) : std::nullopt;
}

/// Packed bytes of a type of fixed size as the kernel has them. False: they are not.
bool put_fixed(ParamType type, std::span<const std::uint8_t> packed, std::array<std::uint8_t, 16>& into) {
    if (type == ParamType::interface) {
        // a name and its zeros
        if (packed.size() < 2 || packed.size() > into.size() || packed[0] + 1U != packed.size()) return false;
        std::copy(packed.begin() + 1, packed.end(), into.begin());
        return true;
    }
    if (packed.size() != fixed_size(type)) return false;
    std::copy(packed.begin(), packed.end(), into.begin());
    if constexpr (std::endian::native == std::endian::little)
        if (type == ParamType::mark) std::reverse(into.begin(), into.begin() + 4);
    return true;
}

template <typename P>
std::optional<P> take_fixed(ParamType type, std::span<const std::byte> held) {
    const std::size_t size = fixed_size(type);
    if (held.size() < size) return std::nullopt;
    std::array<std::uint8_t, 16> bytes{};
    std::memcpy(bytes.data(), held.data(), size);
    P packed;
    if (type == ParamType::interface) {
        const auto end = std::find(bytes.begin(), bytes.end(), std::uint8_t{0});
        const auto length = static_cast<std::uint8_t>(end - bytes.begin());
        if (length == 0 || length == bytes.size()) return std::nullopt;
        (void)packed.append(std::span(&length, 1));
        (void)packed.append(std::span(bytes).first(length));
        return packed;
    }
    if constexpr (std::endian::native == std::endian::little)
        if (type == ParamType::mark) std::reverse(bytes.begin(), bytes.begin() + 4);
    (void)packed.append(std::span(bytes).first(size));
    return packed;
}

}  // namespace

std::optional<ElementKey> element_key(const NftClass& of, const RuleKey& key) {
    const auto bytes = key.bytes();
    if (of.key == ParamType::address || of.key == ParamType::network)
        return ip_key(bytes, of.key == ParamType::network);
    ElementKey made{Layer::of_type(of.key), {}};
    return put_fixed(of.key, bytes, made.bytes) ? std::optional(made) : std::nullopt;
}

std::optional<RuleKey> rule_key(const NftClass& of, const Layer& layer, std::span<const std::byte> key) {
    if (key.size() != layer.size()) return std::nullopt;
    if (!layer.is_ip()) return take_fixed<RuleKey>(of.key, key);
    std::array<std::uint8_t, 18> packed{};
    packed[0] = layer.kind == Layer::Kind::v4 ? 4 : 6;
    std::memcpy(packed.data() + 1, key.data(), key.size());
    std::size_t size = key.size() + 1;
    if (of.key == ParamType::network) {
        if (!is_within_mask(std::span(packed).subspan(1, key.size()), layer)) return std::nullopt;
        packed[size++] = layer.prefix;
    }
    RuleKey made;
    (void)made.append(std::span(packed).first(size));
    return made;
}

std::optional<ElementData> element_data(const NftClass& of, const RuleValue& value) {
    ElementData data;
    const auto held = of.held();
    if (!held) return value == of.present ? std::optional(data) : std::nullopt;
    if (!put_fixed(*held, value.bytes(), data.bytes)) return std::nullopt;
    data.size = static_cast<std::uint8_t>(fixed_size(*held));
    return data;
}

std::optional<RuleValue> rule_value(const NftClass& of, std::span<const std::byte> data) {
    const auto held = of.held();
    return held ? take_fixed<RuleValue>(*held, data) : of.present;
}

std::array<std::uint8_t, 16> prefix_mask(const Layer& layer) {
    std::array<std::uint8_t, 16> mask{};
    for (unsigned bit = 0; bit < layer.prefix; ++bit)
        mask[bit / 8] = static_cast<std::uint8_t>(mask[bit / 8] | 0x80U >> bit % 8);
    return mask;
}

PairKey pair_key(const ElementKey& address, const ElementData& mac) {
    PairKey pair;
    std::copy(address.span().begin(), address.span().end(), pair.bytes.begin());
    std::copy(mac.bytes.begin(), mac.bytes.begin() + mac_size,
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

unsigned shard_of(const ElementKey& key, unsigned shards) {
    if (shards <= 1) return 0;
    const std::uint64_t hash = jhash(key.span(), shard_seed);
    return static_cast<unsigned>(hash * shards >> 32U);
}

}  // namespace garita::nft_classes
