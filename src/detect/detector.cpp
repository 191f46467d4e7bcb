#include "detect/detector.hpp"

#include <array>
#include <charconv>

namespace garita::detect {
namespace {

/// FNV-1a: only tells texts apart at one and the same place of a log, where nobody can choose a collision.
std::uint64_t hash_of(std::string_view text) {
    std::uint64_t hash = 0xcbf29ce484222325U;
    for (const char c : text) {
        hash ^= static_cast<unsigned char>(c);
        hash *= 0x100000001b3U;
    }
    return hash;
}

void append_hex(std::string& out, std::uint64_t number) {
    std::array<char, 16> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number, 16).ptr;
    out.append("-").append(digits.data(), end);
}

/// Length of the valid UTF-8 sequence at the start of the text that is no control character; 0: there is
/// none.
std::size_t printable_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned lead = byte(0);
    if (lead < 0x80) return lead >= 0x20 && lead != 0x7f ? 1 : 0;
    const std::size_t length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (lead < 0xc2 || lead > 0xf4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0U) != 0x80) return 0;
    const unsigned second = byte(1);
    if (lead == 0xc2 && second < 0xa0) return 0;  // C1 controls
    if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second >= 0xa0))
        return 0;  // overlong, surrogates
    if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second >= 0x90)) return 0;  // overlong, beyond
    // marks that turn the direction of writing could make one text look like another
    if (lead == 0xe2 && second == 0x80 &&
        ((byte(2) >= 0xaa && byte(2) <= 0xae) || byte(2) == 0x8e || byte(2) == 0x8f))
        return 0;
    if (lead == 0xe2 && second == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9) return 0;
    return length;
}

}  // namespace

std::string alert_uid(std::string_view kind, const LogLine& line) {
    std::string uid(kind);
    append_hex(uid, line.id.stream);
    append_hex(uid, line.id.position);
    append_hex(uid, hash_of(line.text));
    return uid;
}

std::string alert_uid(std::string_view kind, std::string_view distinction) {
    std::string uid(kind);
    uid.append("-").append(distinction);
    return uid;
}

std::string clean_fact(std::string_view text, std::size_t limit) {
    std::string clean;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = printable_length(text.substr(i));
        const std::size_t wanted = length == 0 ? 1 : length;
        if (clean.size() + wanted > limit) return clean + "\u2026";
        if (length == 0)
            clean.push_back('?');
        else
            clean.append(text, i, length);
        i += wanted;
    }
    return clean;
}

}  // namespace garita::detect
