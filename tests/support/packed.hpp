#pragma once
// Packed parameters and values for tests that have no class of rules at hand.

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "model/ip.hpp"
#include "model/packed.hpp"

namespace garita::testing_support {

inline RuleKey key_of(const IpAddress& address) {
    RuleKey key;
    const std::array<std::uint8_t, 1> family{static_cast<std::uint8_t>(address.family())};
    (void)key.append(family);
    (void)key.append(std::span(address.bytes()).first(address.size()));
    return key;
}

inline RuleKey key_of(std::string_view address) {
    return key_of(IpAddress::parse(address).value());
}

/// 100.64.0.0 and up.
inline RuleKey numbered_key(std::uint32_t number) {
    return key_of(IpAddress::from_v4(
        {static_cast<std::uint8_t>(100 + (number >> 24U)), static_cast<std::uint8_t>(64 + (number >> 16U)),
         static_cast<std::uint8_t>(number >> 8U), static_cast<std::uint8_t>(number)}));
}

/// Of one of a list: "open".
inline RuleValue word_of(std::string_view word) {
    RuleValue value;
    const std::array<std::uint8_t, 1> length{static_cast<std::uint8_t>(word.size())};
    (void)value.append(length);
    (void)value.append({reinterpret_cast<const std::uint8_t*>(word.data()), word.size()});
    return value;
}

inline RuleValue mark_of(std::uint32_t mark) {
    RuleValue value;
    const std::array<std::uint8_t, 4> bytes{
        static_cast<std::uint8_t>(mark >> 24U), static_cast<std::uint8_t>(mark >> 16U),
        static_cast<std::uint8_t>(mark >> 8U), static_cast<std::uint8_t>(mark)};
    (void)value.append(bytes);
    return value;
}

}  // namespace garita::testing_support
