#pragma once
// Numbered subscribers with rates of their own.

#include <array>
#include <cstdint>
#include <vector>

#include "enforce/class_backend.hpp"

namespace garita::bench {

inline std::array<std::uint8_t, 4> address_of(std::uint32_t number) {
    const std::uint32_t address = 0x64500000 + number;  // 100.80.0.0 and up
    return {static_cast<std::uint8_t>(address >> 24U), static_cast<std::uint8_t>(address >> 16U),
            static_cast<std::uint8_t>(address >> 8U), static_cast<std::uint8_t>(address)};
}

inline RuleKey key_of(std::uint32_t number) {
    RuleKey key;
    const std::uint8_t family = 4;
    (void)key.append(std::span(&family, 1));
    (void)key.append(address_of(number));
    return key;
}

inline RuleValue rate_value(std::uint64_t bits_per_second) {
    std::array<std::uint8_t, 8> bytes{};
    for (std::size_t i = bytes.size(); i-- > 0; bits_per_second >>= 8U)
        bytes[i] = static_cast<std::uint8_t>(bits_per_second);
    RuleValue value;
    (void)value.append(bytes);
    return value;
}

/// Each has another rate.
inline RuleValue rate_number(std::uint32_t number) {
    return rate_value(1'000'000 + number);
}

inline std::vector<enforce::ClassChange> all_subscribers(std::uint32_t count) {
    std::vector<enforce::ClassChange> all;
    all.reserve(count);
    for (std::uint32_t i = 0; i < count; ++i)
        all.push_back({key_of(i), std::nullopt, rate_number(i)});
    return all;
}

/// A thousand of them, far from each other; the rates differ by `round`.
inline std::vector<enforce::ClassChange> a_thousand(std::uint32_t count, std::uint32_t round) {
    std::vector<enforce::ClassChange> some;
    for (std::uint32_t i = 0; i < 1000; ++i) {
        const std::uint32_t number = i * (count / 1000);
        some.push_back({key_of(number), rate_number(number), rate_value(5'000'000 + round * 1000 + i)});
    }
    return some;
}

}  // namespace garita::bench
