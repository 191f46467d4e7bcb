#include "detect/detector.hpp"

#include <array>
#include <charconv>

#include "model/foreign_text.hpp"

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

void question_mark(std::string& out, const Character&, std::string_view) {
    out += '?';
}

void ellipsis(std::string& out, std::size_t) {
    out += "\u2026";
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
    return clean_text(text, {Cleaning::Measure::bytes, limit, 0, question_mark, ellipsis});
}

}  // namespace garita::detect
