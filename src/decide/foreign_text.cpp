#include "decide/foreign_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace garita::decide {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD";
constexpr std::string_view ellipsis = "\xE2\x80\xA6";

struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 1;
    bool valid = false;
    [[nodiscard]] std::size_t units() const { return code > 0xFFFF ? 2 : 1; }
};

/// The character at the start of a text that is not empty.
Character first_character(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return {lead, 1, true};
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return {};
    std::uint32_t code = lead & (0xFFU >> (length + 1));
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte(i) & 0xC0U) != 0x80U) return {};
        code = (code << 6U) | (byte(i) & 0x3FU);
    }
    constexpr std::array<std::uint32_t, 5> least = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[length] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return {};
    return {code, length, true};
}

bool is_control(std::uint32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
}

/// Zero-width, joining and direction characters, tags and byte order marks.
bool is_invisible(std::uint32_t c) {
    return c == 0xAD || c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
           (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F);
}

}  // namespace

std::string clean_line(std::string_view foreign, std::size_t max_units) {
    std::string out;
    std::size_t units = 0;
    std::size_t edge = 0;  // after it the ellipsis still fits
    while (!foreign.empty()) {
        const Character c = first_character(foreign);
        const std::string_view bytes = foreign.substr(0, c.bytes);
        foreign.remove_prefix(c.bytes);
        if (c.valid && is_invisible(c.code)) continue;
        if (units + 1 <= max_units) edge = out.size();
        if (units + c.units() > max_units) {
            out.resize(edge);
            return out.append(ellipsis);
        }
        units += c.units();
        if (!c.valid)
            out += replacement;
        else if (is_control(c.code))
            out += ' ';
        else
            out += bytes;
    }
    return out;
}

std::size_t utf16_length(std::string_view text) {
    std::size_t units = 0;
    while (!text.empty()) {
        const Character c = first_character(text);
        units += c.units();
        text.remove_prefix(c.bytes);
    }
    return units;
}

std::string_view cut_utf16(std::string_view text, std::size_t units) {
    std::size_t at = 0;
    while (at < text.size()) {
        const Character c = first_character(text.substr(at));
        if (c.units() > units) break;
        units -= c.units();
        at += c.bytes;
    }
    return text.substr(0, at);
}

}  // namespace garita::decide
