#pragma once
// Text that others chose (user names, paths, log lines), made fit for people's eyes: one decoder and one list
// of what is dangerous. Who shows the text says what stands for a dangerous character and how long the whole
// may be.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace garita {

/// What stands at the front of foreign bytes. Overlong forms, surrogates and values beyond U+10FFFF are not
/// UTF-8.
struct Character {
    std::uint32_t code = 0;
    std::size_t bytes = 1;  ///< one where it is not valid
    bool valid = false;
    /// In UTF-16, as Telegram counts.
    [[nodiscard]] std::size_t units() const { return code > 0xFFFF ? 2 : 1; }
};

/// The text must not be empty.
[[nodiscard]] Character first_character(std::string_view text);

enum class CharacterRisk {
    none,
    control,  ///< moves the cursor or ends the line
    hidden,   ///< is not seen, or changes the order in which the text is read
    broken,   ///< not UTF-8
};
[[nodiscard]] CharacterRisk risk_of(const Character& character);

struct Cleaning {
    enum class Measure { bytes, utf16_units };
    Measure measure = Measure::bytes;
    std::size_t limit = 0;          ///< of what comes out, before the mark
    std::size_t room_for_mark = 0;  ///< of the limit, kept for the mark
    /// Appends what stands for a dangerous character, whose bytes these are.
    void (*replace)(std::string& out, const Character& character, std::string_view bytes);
    /// Appends the mark that says that so many bytes of the text were left out.
    void (*mark)(std::string& out, std::size_t left_out);
};

[[nodiscard]] std::string clean_text(std::string_view foreign, const Cleaning& rules);

}  // namespace garita
