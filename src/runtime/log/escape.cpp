#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "runtime/log/log.hpp"

namespace garita::runtime {

namespace {

struct Codepoint {
    std::uint32_t value = 0;
    std::size_t bytes = 0;  ///< 0: not UTF-8
};

Codepoint decode(std::string_view text) {
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

/// Codepoints that move the cursor, break the line, or reorder what is read.
bool is_treacherous(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x061C || (c >= 0x200B && c <= 0x200F) ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
           (c >= 0xE0000 && c <= 0xE007F);
}

void append_hex(std::string& out, const char* format, std::uint32_t value) {
    std::array<char, 16> text{};
    const int length = std::snprintf(text.data(), text.size(), format, static_cast<unsigned>(value));
    out.append(text.data(), static_cast<std::size_t>(length));
}

void append_escape(std::string& out, std::uint32_t c) {
    switch (c) {
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            append_hex(out, c < 0x80 ? "\\x%02x" : "\\u{%x}", c);
    }
}

}  // namespace

std::string escape_foreign(std::string_view text, std::size_t limit) {
    std::string out;
    out.reserve(std::min(text.size(), limit) + 8);
    while (!text.empty()) {
        if (out.size() >= limit) {
            out += "…(" + std::to_string(text.size()) + " more bytes)";
            break;
        }
        const Codepoint next = decode(text);
        if (next.bytes == 0) {
            append_hex(out, "\\x%02x", static_cast<unsigned char>(text[0]));
            text.remove_prefix(1);
            continue;
        }
        if (is_treacherous(next.value))
            append_escape(out, next.value);
        else
            out.append(text.substr(0, next.bytes));
        text.remove_prefix(next.bytes);
    }
    return out;
}

}  // namespace garita::runtime
