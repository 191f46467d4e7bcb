#pragma once
// What a person would see of one line of a terminal: carriage returns, backspaces and escape sequences have
// had their effect. So what a switch wipes out again ("--More--") is gone, and what was printed over it
// stands.

#include <cstddef>
#include <string>
#include <string_view>

namespace garita::ios {

class TerminalLine {
  public:
    static constexpr std::size_t longest = std::size_t{64} << 10U;

    enum class Took {
        character,
        line_end,  ///< text() is the whole line; clear() begins the next one
        too_long,  ///< the line has more than `longest` characters; the character was thrown away
    };
    Took put(char c);
    void clear();

    /// So far, with blanks at its end.
    [[nodiscard]] std::string_view text() const { return text_; }

  private:
    enum class In { text, escape, sequence, charset, title, title_escape };

    Took write(char c);
    void end_sequence(char c);
    void escape(char c);

    std::string text_;
    std::size_t cursor_ = 0;
    In in_ = In::text;
    std::size_t parameter_ = 0;
};

}  // namespace garita::ios
