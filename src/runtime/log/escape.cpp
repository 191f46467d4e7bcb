#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>

#include "runtime/log/log.hpp"
#include "runtime/log/utf8.hpp"

namespace garita::runtime {

namespace {

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
        const Codepoint next = decode_utf8(text);
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
