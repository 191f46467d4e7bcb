#include "model/foreign_text.hpp"

#include <array>

namespace garita {
namespace {

std::size_t measured(std::string_view text, Cleaning::Measure measure) {
    if (measure == Cleaning::Measure::bytes) return text.size();
    std::size_t units = 0;
    while (!text.empty()) {
        const Character c = first_character(text);
        units += c.units();
        text.remove_prefix(c.bytes);
    }
    return units;
}

}  // namespace

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

CharacterRisk risk_of(const Character& character) {
    const std::uint32_t c = character.code;
    if (!character.valid) return CharacterRisk::broken;
    if (c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029) return CharacterRisk::control;
    // zero-width, joining and direction characters, tags and byte order marks
    if (c == 0xAD || c == 0x061C || (c >= 0x200B && c <= 0x200F) || (c >= 0x202A && c <= 0x202E) ||
        (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF || (c >= 0xE0000 && c <= 0xE007F))
        return CharacterRisk::hidden;
    return CharacterRisk::none;
}

std::string clean_text(std::string_view foreign, const Cleaning& rules) {
    std::string out;
    std::size_t used = 0;
    std::size_t edge = 0;  // up to here there is room for the mark
    std::size_t left_at_edge = foreign.size();
    while (!foreign.empty()) {
        const Character c = first_character(foreign);
        const std::string_view bytes = foreign.substr(0, c.bytes);
        const std::size_t before = out.size();
        if (used + rules.room_for_mark <= rules.limit) {
            edge = before;
            left_at_edge = foreign.size();
        }
        if (risk_of(c) == CharacterRisk::none)
            out += bytes;
        else
            rules.replace(out, c, bytes);
        used += measured(std::string_view(out).substr(before), rules.measure);
        if (used > rules.limit) {
            out.resize(edge);
            rules.mark(out, left_at_edge);
            return out;
        }
        foreign.remove_prefix(c.bytes);
    }
    return out;
}

}  // namespace garita
