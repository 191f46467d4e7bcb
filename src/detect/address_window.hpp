#pragma once
// A sliding window per address or network: IPv4 and IPv6 in tables of their own, each with compact keys.

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "detect/sliding_window.hpp"
#include "model/ip.hpp"

namespace garita::detect {

struct Ipv4Key {
    std::uint32_t value = 0;
    friend constexpr bool operator==(const Ipv4Key&, const Ipv4Key&) = default;
};

struct Ipv6Key {
    std::uint64_t high = 0;
    std::uint64_t low = 0;
    friend constexpr bool operator==(const Ipv6Key&, const Ipv6Key&) = default;
};

namespace window_detail {

/// Both halves of the 128-bit product, folded: every input bit reaches every output bit.
[[nodiscard]] inline std::uint64_t fold(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const auto product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

}  // namespace window_detail

[[nodiscard]] inline std::uint64_t window_hash(Ipv4Key key, std::uint64_t seed) {
    return window_detail::fold((key.value * 0x9E3779B97F4A7C15ULL) ^ seed,
                               0xD6E8FEB86659FD93ULL ^ (seed << 1));
}

[[nodiscard]] inline std::uint64_t window_hash(const Ipv6Key& key, std::uint64_t seed) {
    const auto mixed = window_detail::fold(key.high ^ seed, 0xA0761D6478BD642FULL ^ key.low);
    return window_detail::fold(mixed ^ (key.low + seed), 0xE7037ED1A0B428DBULL);
}

/// Which addresses count as one source: by default each IPv4 address, and each /64 of IPv6.
struct SourcePrefixes {
    unsigned ipv4 = 32;
    unsigned ipv6 = 64;
};

template <typename Note>
class AddressWindow {
  public:
    /// Both tables have the same limits, so the memory bound is twice the one of a single table.
    AddressWindow(const WindowLimits& limits, SourcePrefixes prefixes)
        : prefixes_{std::min(prefixes.ipv4, 32U), std::min(prefixes.ipv6, 128U)}, v4_(limits), v6_(limits) {}

    using V4 = SlidingWindow<Ipv4Key, Note>;
    using V6 = SlidingWindow<Ipv6Key, Note>;
    using Outcome = typename V4::Outcome;

    [[gnu::always_inline]] void prefetch(const IpAddress& address) const {
        if (address.is_v4())
            v4_.prefetch(v4_key(address));
        else
            v6_.prefetch(v6_key(address));
    }
    [[gnu::always_inline]] void prefetch_block(const IpAddress& address) {
        if (address.is_v4())
            v4_.prefetch_block(v4_key(address));
        else
            v6_.prefetch_block(v6_key(address));
    }
    Outcome add(const IpAddress& address, EventTime when) {
        if (address.is_v4()) return v4_.add(v4_key(address), when);
        const auto outcome = v6_.add(v6_key(address), when);
        return {outcome.order, outcome.resumed, outcome.in_window,
                outcome.note,  outcome.newest,  outcome.oldest_age};
    }
    [[nodiscard]] IpNetwork source_of(const IpAddress& address) const {
        return {address, address.is_v4() ? prefixes_.ipv4 : prefixes_.ipv6};
    }

    /// visit(network, note, newest second)
    template <typename Visit>
    void for_each(Visit visit) const {
        v4_.for_each([&](Ipv4Key key, const Note& note, std::uint32_t newest) {
            visit(IpNetwork(v4_address(key), prefixes_.ipv4), note, newest);
        });
        v6_.for_each([&](const Ipv6Key& key, const Note& note, std::uint32_t newest) {
            visit(IpNetwork(v6_address(key), prefixes_.ipv6), note, newest);
        });
    }
    [[nodiscard]] WindowStats stats() const {
        const auto a = v4_.stats();
        const auto b = v6_.stats();
        return {a.tracked + b.tracked, a.late + b.late, a.evicted + b.evicted, a.expired + b.expired,
                a.bytes + b.bytes};
    }

  private:
    [[nodiscard]] static std::uint64_t load(const std::uint8_t* bytes) {
        std::uint64_t value = 0;
        std::memcpy(&value, bytes, sizeof value);
        return __builtin_bswap64(value);
    }
    [[nodiscard]] Ipv4Key v4_key(const IpAddress& address) const {
        const auto whole = static_cast<std::uint32_t>(load(address.bytes().data()) >> 32);
        return {prefixes_.ipv4 == 0 ? 0 : whole & (~0U << (32 - prefixes_.ipv4))};
    }
    [[nodiscard]] Ipv6Key v6_key(const IpAddress& address) const {
        const auto mask = [](unsigned bits) { return bits == 0 ? 0 : ~std::uint64_t{0} << (64 - bits); };
        const auto& bytes = address.bytes();
        return {load(bytes.data()) & mask(std::min(prefixes_.ipv6, 64U)),
                load(bytes.data() + 8) & mask(prefixes_.ipv6 > 64 ? prefixes_.ipv6 - 64 : 0)};
    }
    [[nodiscard]] static IpAddress v4_address(Ipv4Key key) {
        const auto byte = [key](unsigned shift) { return static_cast<std::uint8_t>(key.value >> shift); };
        return IpAddress::from_v4({byte(24), byte(16), byte(8), byte(0)});
    }
    [[nodiscard]] static IpAddress v6_address(const Ipv6Key& key) {
        std::array<std::uint8_t, 16> bytes{};
        for (std::size_t i = 0; i < 8; ++i) {
            bytes[i] = static_cast<std::uint8_t>(key.high >> (56 - 8 * i));
            bytes[8 + i] = static_cast<std::uint8_t>(key.low >> (56 - 8 * i));
        }
        return IpAddress::from_v6(bytes);
    }

    SourcePrefixes prefixes_;
    V4 v4_;
    V6 v6_;
};

}  // namespace garita::detect
