#include "decide/foreign_text.hpp"

#include "model/foreign_text.hpp"

namespace garita::decide {
namespace {

void stand_in(std::string& out, const Character& character, std::string_view) {
    switch (risk_of(character)) {
        case CharacterRisk::control:
            out += ' ';
            break;
        case CharacterRisk::broken:
            out += "\xEF\xBF\xBD";
            break;
        case CharacterRisk::hidden:
        case CharacterRisk::none:
            break;
    }
}

void ellipsis(std::string& out, std::size_t) {
    out += "\xE2\x80\xA6";
}

}  // namespace

std::string clean_line(std::string_view foreign, std::size_t max_units) {
    return clean_text(foreign, {Cleaning::Measure::utf16_units, max_units, 1, stand_in, ellipsis});
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
