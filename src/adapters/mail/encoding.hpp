#pragma once
// Text as mail carries it (RFC 2045, 2047): seven bits, short lines, every line ended by CR LF.

#include <cstddef>
#include <string>
#include <string_view>

namespace garita::mail {

/// No line of a letter is longer, its end not counted.
inline constexpr std::size_t longest_line = 76;

[[nodiscard]] std::string base64(std::string_view bytes);
/// In lines of at most `longest_line`.
[[nodiscard]] std::string base64_lines(std::string_view bytes);
/// Of text whose lines end with '\n'.
[[nodiscard]] std::string quoted_printable(std::string_view text);
/// Encoded words, one a line, each continuation beginning with a space; none is cut within a character. Of
/// valid UTF-8.
[[nodiscard]] std::string encoded_words(std::string_view text);

[[nodiscard]] bool is_ascii(std::string_view text);

}  // namespace garita::mail
