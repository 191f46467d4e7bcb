#pragma once
// Small readings of text that the parsers share.

#include <charconv>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garita::ios {

[[nodiscard]] std::string_view trimmed(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] bool same_word(std::string_view a, std::string_view b);       ///< in any case
[[nodiscard]] bool begins_with(std::string_view text, std::string_view b);  ///< in any case
[[nodiscard]] bool is_digit(char c);
[[nodiscard]] bool is_letter(char c);

/// What stands between blanks.
[[nodiscard]] std::vector<std::string_view> words_of(std::string_view text);
/// Takes the first word off, with the blanks around it.
std::string_view take_word(std::string_view& text);
/// Only of these characters: dashes, plus signs, blanks; at least three of them.
[[nodiscard]] bool is_rule(std::string_view text);

/// The whole text as a decimal number that fits; nothing for all else, a sign too.
template <typename Number>
[[nodiscard]] std::optional<Number> number_of(std::string_view text) {
    Number number{};
    if (text.empty() || !is_digit(text.front())) return std::nullopt;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

/// 1 to 4094.
[[nodiscard]] std::optional<std::uint16_t> vlan_of(std::string_view text);

}  // namespace garita::ios
