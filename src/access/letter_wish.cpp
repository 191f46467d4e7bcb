#include "access/letter_wish.hpp"

#include <algorithm>
#include <string>

#include "model/access_request.hpp"

namespace garita::access {

namespace {

constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text, std::string_view what) {
    const auto begin = text.find_first_not_of(what);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(what) - begin + 1);
}

/// The first line that is not blank.
std::string_view first_line(std::string_view text) {
    text = trimmed(text, blanks);
    return trimmed(text.substr(0, text.find('\n')), blanks);
}

/// Up to the next blank, which are taken off the text.
std::string_view take_word(std::string_view& text) {
    const auto end = std::min(text.find_first_of(blanks), text.size());
    const auto word = text.substr(0, end);
    text = trimmed(text.substr(end), blanks);
    return word;
}

bool is_word(std::string_view text, std::string_view small) {
    return std::equal(text.begin(), text.end(), small.begin(), small.end(), [](char a, char b) {
        return (a >= 'A' && a <= 'Z' ? static_cast<char>(a - 'A' + 'a') : a) == b;
    });
}

std::optional<AccessId> tracking_in(std::string_view rest) {
    constexpr int most_words = 3;
    for (int i = 0; i < most_words && !rest.empty(); ++i) {
        const auto word = trimmed(take_word(rest), "#.,:;!?()[]<>\"'*_");
        if (word.empty() || is_word(word, "task") || is_word(word, "request")) continue;
        return parse_tracking(word);
    }
    return std::nullopt;
}

}  // namespace

LetterWish read_wish(std::string_view words) {
    auto line = first_line(words);
    const auto first = trimmed(take_word(line), ".,:;!*_\"'");
    if (is_word(first, "report") && trimmed(line, ".,:;!*_\"'").empty()) return {LetterWish::Kind::report};
    if (!is_word(first, "kill")) return {};
    const auto request = tracking_in(line);
    return {request ? LetterWish::Kind::kill : LetterWish::Kind::unclear, request};
}

}  // namespace garita::access
