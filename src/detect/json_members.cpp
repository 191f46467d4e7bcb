#include "detect/json_members.hpp"

#include <algorithm>
#include <charconv>

#include "detect/json_cursor.hpp"

namespace garita::detect {
namespace {

constexpr std::size_t longest_path = 128;
constexpr char32_t not_a_character = 0xFFFD;

void append_utf8(std::string& out, char32_t code) {
    const auto add = [&out](char32_t byte) { out += static_cast<char>(byte); };
    if (code < 0x80) {
        add(code);
    } else if (code < 0x800) {
        add(0xC0U | (code >> 6U));
        add(0x80U | (code & 0x3FU));
    } else if (code < 0x10000) {
        add(0xE0U | (code >> 12U));
        add(0x80U | ((code >> 6U) & 0x3FU));
        add(0x80U | (code & 0x3FU));
    } else {
        add(0xF0U | (code >> 18U));
        add(0x80U | ((code >> 12U) & 0x3FU));
        add(0x80U | ((code >> 6U) & 0x3FU));
        add(0x80U | (code & 0x3FU));
    }
}

/// The four digits behind "\u", cut off the front.
std::optional<char32_t> take_code_unit(std::string_view& text) {
    constexpr std::size_t digits = 4;
    if (text.size() < digits) return std::nullopt;
    std::uint32_t unit = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + digits, unit, 16);
    if (error != std::errc{} || end != text.data() + digits) return std::nullopt;
    text.remove_prefix(digits);
    return unit;
}

bool take_code_point(std::string_view& text, std::string& out) {
    auto code = take_code_unit(text);
    if (!code) return false;
    if (*code >= 0xD800 && *code < 0xDC00 && text.starts_with("\\u")) {
        auto rest = text.substr(2);
        const auto low = take_code_unit(rest);
        if (!low) return false;
        if (*low >= 0xDC00 && *low < 0xE000) {
            code = 0x10000U + ((*code - 0xD800U) << 10U) + (*low - 0xDC00U);
            text = rest;
        }
    }
    append_utf8(out, *code >= 0xD800 && *code < 0xE000 ? not_a_character : *code);
    return true;
}

}  // namespace

bool JsonMembers::read(std::string_view line, std::span<std::string_view> values) const {
    std::fill(values.begin(), values.end(), std::string_view{});
    JsonCursor cursor(line);
    std::string path;
    return read_object(cursor, path, values) && cursor.at_end();
}

bool JsonMembers::wanted_below(std::string_view path) const {
    return std::any_of(paths_.begin(), paths_.end(), [&](std::string_view wanted) {
        return wanted.size() > path.size() && wanted[path.size()] == '.' && wanted.starts_with(path);
    });
}

bool JsonMembers::read_object(JsonCursor& cursor, std::string& path,
                              std::span<std::string_view> values) const {
    if (!cursor.eat('{')) return false;
    if (cursor.eat('}')) return true;
    do {
        if (!read_member(cursor, path, values)) return false;
    } while (cursor.eat(','));
    return cursor.eat('}');
}

// Goes into an object only where a wanted path leads, so the depth of calls is that of the longest of them.
bool JsonMembers::read_member(JsonCursor& cursor, std::string& path,
                              std::span<std::string_view> values) const {
    std::string_view name;
    if (!cursor.string(name) || !cursor.eat(':')) return false;
    if (path.size() + name.size() > longest_path) return cursor.skip();
    const auto parent = path.size();
    path.append(parent == 0 ? "" : ".").append(name);
    bool good = false;
    const auto wanted = std::find(paths_.begin(), paths_.end(), path);
    if (wanted == paths_.end()) {
        good = cursor.next_is('{') && wanted_below(path) ? read_object(cursor, path, values) : cursor.skip();
    } else if (cursor.next_is('{') || cursor.next_is('[')) {
        good = cursor.skip();
    } else {
        auto& value = values[static_cast<std::size_t>(wanted - paths_.begin())];
        good = value.data() == nullptr && (cursor.next_is('"') ? cursor.string(value) : cursor.bare(value));
    }
    path.resize(parent);
    return good;
}

std::optional<std::string> unescaped(std::string_view raw) {
    constexpr std::string_view letters = "\"\\/bfnrt";
    constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
    std::string text;
    while (!raw.empty()) {
        const auto plain = std::min(raw.find('\\'), raw.size());
        text.append(raw.substr(0, plain));
        raw.remove_prefix(plain);
        if (raw.empty()) break;
        if (raw.size() < 2) return std::nullopt;
        const char letter = raw[1];
        raw.remove_prefix(2);
        if (const auto place = letters.find(letter); place != std::string_view::npos)
            text += meanings[place];
        else if (letter != 'u' || !take_code_point(raw, text))
            return std::nullopt;
    }
    return text;
}

}  // namespace garita::detect
