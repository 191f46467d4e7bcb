#include "adapters/mail/encoding.hpp"

#include <algorithm>
#include <array>

namespace garita::mail {

namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view hex_digits = "0123456789ABCDEF";
constexpr std::string_view line_end = "\r\n";

unsigned byte_of(char c) {
    return static_cast<unsigned char>(c);
}

void append_hex(std::string& out, char c) {
    out += '=';
    out += hex_digits[byte_of(c) >> 4];
    out += hex_digits[byte_of(c) & 15];
}

/// Stands for itself in quoted-printable; a space at the end of a line does not.
bool is_plain(char c) {
    return (c >= ' ' && c <= '~' && c != '=');
}

/// Begins a character, as every byte but the continuations of UTF-8 does.
bool begins_character(char c) {
    return (byte_of(c) & 0xC0) != 0x80;
}

/// One line of quoted-printable, with soft ends where it is long.
void append_quoted(std::string& out, std::string_view line) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
        const bool last = i + 1 == line.size();
        const bool plain = is_plain(line[i]) && !(last && line[i] == ' ');
        const std::size_t needed = plain ? 1 : 3;
        // room for the '=' of a soft end
        if (width + needed > longest_line - (last ? 0 : 1)) {
            out.append("=").append(line_end);
            width = 0;
        }
        if (plain)
            out += line[i];
        else
            append_hex(out, line[i]);
        width += needed;
    }
    out += line_end;
}

}  // namespace

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return byte_of(c) < 0x80; });
}

std::string base64(std::string_view bytes) {
    std::string out;
    for (std::size_t i = 0; i < bytes.size(); i += 3) {
        const std::size_t left = std::min<std::size_t>(3, bytes.size() - i);
        unsigned group = byte_of(bytes[i]) << 16;
        if (left > 1) group |= byte_of(bytes[i + 1]) << 8;
        if (left > 2) group |= byte_of(bytes[i + 2]);
        const std::array<char, 4> four{alphabet[group >> 18], alphabet[(group >> 12) & 63],
                                       left > 1 ? alphabet[(group >> 6) & 63] : '=',
                                       left > 2 ? alphabet[group & 63] : '='};
        out.append(four.data(), four.size());
    }
    return out;
}

std::string base64_lines(std::string_view bytes) {
    const auto whole = base64(bytes);
    std::string out;
    for (std::size_t i = 0; i < whole.size(); i += longest_line)
        out.append(whole.substr(i, longest_line)).append(line_end);
    return out;
}

std::string quoted_printable(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        append_quoted(out, text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::string encoded_words(std::string_view text) {
    // "=?utf-8?B?" and "?=" around 48 characters of base64, also behind "Subject: "
    constexpr std::size_t most_bytes = 36;
    std::string out;
    while (!text.empty()) {
        std::size_t cut = std::min(most_bytes, text.size());
        while (cut < text.size() && cut > 1 && !begins_character(text[cut]))
            --cut;
        if (!out.empty()) out.append(line_end).append(" ");
        out.append("=?utf-8?B?").append(base64(text.substr(0, cut))).append("?=");
        text.remove_prefix(cut);
    }
    return out;
}

}  // namespace garita::mail
