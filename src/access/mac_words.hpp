#pragma once
// A text as its words and what stands between them, as far as MAC addresses are concerned.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace garita::access {

/// A run of letters, digits and '_' of any script. Characters that nobody sees do not end it.
struct MacWord {
    /// What stands between two words.
    enum class Joint : char {
        colon = ':',
        dash = '-',
        dot = '.',
        double_colon = 'd',
        blank = ' ',
        line = '\n',  ///< blanks with one end of a line
        other = 0,
    };
    std::size_t begin = 0;  ///< in the text, bytes
    std::size_t end = 0;
    /// The hexadecimal digits that the whole word consists of, in lower case: Cyrillic letters that look like
    /// Latin ones count as these, the letter O as zero, "0x" is left out. Empty: another word.
    std::string digits;
    std::string lower;  ///< the word itself, of short ones; empty: longer
    bool ascii = true;
    bool decimal = true;  ///< only 0 to 9
    bool letters = true;  ///< none of 0 to 9
    Joint before = Joint::other;
    char last_before = 0;  ///< the character just before it that is no blank, where one stands there

    [[nodiscard]] bool is_hex() const { return !digits.empty(); }
    /// ':', '-' or '.', without a blank; ':' and '-' may have an end of the line after them.
    [[nodiscard]] bool is_joined() const {
        return before == Joint::colon || before == Joint::dash || before == Joint::dot;
    }
};

/// The words in order, and one empty word for the end. Words of web and mail addresses are none of
/// hexadecimal digits.
[[nodiscard]] std::vector<MacWord> mac_words(std::string_view text);

}  // namespace garita::access
