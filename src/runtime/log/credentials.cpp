#include "runtime/log/credentials.hpp"

#include <algorithm>
#include <array>

namespace garita::runtime {

namespace {

constexpr std::size_t shortest_token = 20;
/// What a credential follows, in lower case: a word that a colon or "=" must follow, or all of it.
struct Herald {
    std::string_view word;
    bool needs_sign;
    bool hides_words;  ///< the value has spaces in it ("Authorization: Basic …")
};
constexpr std::array<Herald, 8> heralds = {{{"authorization", true, true},
                                            {"bearer ", false, false},
                                            {"password", true, false},
                                            {"passwd", true, false},
                                            {"token=", false, false},
                                            {"token\":", false, false},
                                            {"secret=", false, false},
                                            {"api_key=", false, false}}};
constexpr std::string_view stars = "***";

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}
bool is_digit(char c) {
    return c >= '0' && c <= '9';
}
bool is_letter(char c) {
    return lower(c) >= 'a' && lower(c) <= 'z';
}
bool is_token_character(char c) {
    return is_digit(c) || is_letter(c) || c == '_' || c == '-';
}
bool ends_words(char c) {
    return c == '"' || c == '\'' || c == ',';
}
bool ends_word(char c) {
    return ends_words(c) || c == ' ' || c == ';' || c == '}' || c == '&';
}

/// The length of what looks like a bot's token at the beginning; 0: it is none.
std::size_t token_length(std::string_view text) {
    const auto digits =
        static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), is_digit) - text.begin());
    if (digits < 4 || digits >= text.size() || text[digits] != ':') return 0;
    const auto behind = text.substr(digits + 1);
    const auto length = static_cast<std::size_t>(
        std::find_if_not(behind.begin(), behind.end(), is_token_character) - behind.begin());
    return length >= shortest_token ? digits + 1 + length : 0;
}

/// The length of a herald at the beginning with the signs behind it, and of what it announces.
struct Announced {
    std::size_t before = 0;  ///< 0: nothing is announced here
    std::size_t hidden = 0;
};
Announced announced(std::string_view text) {
    for (const auto& herald : heralds) {
        const auto word = herald.word;
        if (text.size() <= word.size() ||
            !std::equal(word.begin(), word.end(), text.begin(), [](char a, char b) { return a == lower(b); }))
            continue;
        const auto behind = text.substr(word.size());
        const auto between = std::min(behind.find_first_not_of(":= \"\\"), behind.size());
        const auto signs = behind.substr(0, between);
        if (herald.needs_sign && signs.find_first_of(":=") == signs.npos) continue;
        const auto value = behind.substr(between);
        const auto end =
            std::find_if(value.begin(), value.end(), herald.hides_words ? ends_words : ends_word);
        return {word.size() + between, static_cast<std::size_t>(end - value.begin())};
    }
    return {};
}

}  // namespace

std::string hide_credentials(std::string_view line) {
    std::string safe;
    bool in_word = false;
    while (!line.empty()) {
        if (const auto token = in_word ? 0 : token_length(line); token > 0) {
            safe += stars;
            line.remove_prefix(token);
            continue;
        }
        if (const auto [before, hidden] = announced(line); before > 0) {
            safe += line.substr(0, before);
            safe += stars;
            line.remove_prefix(before + hidden);
            continue;
        }
        in_word = is_digit(line.front());
        safe += line.front();
        line.remove_prefix(1);
    }
    return safe;
}

}  // namespace garita::runtime
