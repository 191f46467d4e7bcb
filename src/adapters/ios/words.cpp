#include "adapters/ios/words.hpp"

#include <algorithm>

namespace garita::ios {
namespace {

char lower_of(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_blank(text.front()))
        text.remove_prefix(1);
    while (!text.empty() && is_blank(text.back()))
        text.remove_suffix(1);
    return text;
}

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower_of);
    return out;
}

bool begins_with(std::string_view text, std::string_view b) {
    return text.size() >= b.size() && std::equal(b.begin(), b.end(), text.begin(), [](char one, char other) {
               return lower_of(one) == lower_of(other);
           });
}

bool same_word(std::string_view a, std::string_view b) {
    return a.size() == b.size() && begins_with(a, b);
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_letter(char c) {
    return lower_of(c) >= 'a' && lower_of(c) <= 'z';
}

std::string_view take_word(std::string_view& text) {
    text = trimmed(text);
    const auto end = std::find_if(text.begin(), text.end(), is_blank);
    const auto word = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    text = trimmed(text.substr(word.size()));
    return word;
}

std::vector<std::string_view> words_of(std::string_view text) {
    std::vector<std::string_view> words;
    while (true) {
        const auto word = take_word(text);
        if (word.empty()) return words;
        words.push_back(word);
    }
}

bool is_rule(std::string_view text) {
    return text.size() >= 3 && text.find_first_not_of("-+= \t") == std::string_view::npos &&
           trimmed(text).size() >= 3;
}

std::optional<std::uint16_t> vlan_of(std::string_view text) {
    const auto vlan = number_of<std::uint16_t>(text);
    constexpr std::uint16_t last = 4094;
    if (!vlan || *vlan == 0 || *vlan > last) return std::nullopt;
    return vlan;
}

}  // namespace garita::ios
