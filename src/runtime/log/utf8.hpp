#pragma once
// One codepoint off the front of foreign bytes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace garita::runtime {

struct Codepoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0;  ///< 0: what stands at the front is not UTF-8
};

/// The text must not be empty. Overlong forms, surrogates and values beyond U+10FFFF are not UTF-8.
[[nodiscard]] inline Codepoint decode_utf8(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return {lead, 1};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
    std::uint32_t value = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {};
        value = (value << 6U) | (byte(i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    if (value < least[length] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF)) return {};
    return {value, length};
}

}  // namespace garita::runtime
