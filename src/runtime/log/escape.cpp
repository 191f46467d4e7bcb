#include <array>
#include <cstdint>
#include <cstdio>

#include "model/foreign_text.hpp"
#include "runtime/log/log.hpp"

namespace garita::runtime {

namespace {

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

void escape(std::string& out, const Character& character, std::string_view bytes) {
    if (character.valid)
        append_escape(out, character.code);
    else
        append_hex(out, "\\x%02x", static_cast<unsigned char>(bytes[0]));
}

void tell_rest(std::string& out, std::size_t left_out) {
    out += "…(" + std::to_string(left_out) + " more bytes)";
}

}  // namespace

std::string escape_foreign(std::string_view text, std::size_t limit) {
    return clean_text(text, {Cleaning::Measure::bytes, limit, 0, escape, tell_rest});
}

}  // namespace garita::runtime
