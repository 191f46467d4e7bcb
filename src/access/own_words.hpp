#pragma once
// What the writer of a letter says, without what the letter quotes.

#include <string>
#include <string_view>

namespace garita::access {

/// The text above the first of these, with what follows left out: quoted lines ("> …") and the line that says
/// who wrote them, as the common mail programs write it in English, Spanish and Russian; "-----Original
/// Message-----" and its kin; the block of From, Sent, To that Outlook writes; a line of underscores; the
/// signature ("-- "). Lines end with '\n', blanks at the ends are left out.
[[nodiscard]] std::string own_words(std::string_view text);

}  // namespace garita::access
