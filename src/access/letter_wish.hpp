#pragma once
// What the writer of a letter wants, by the first words: "KILL A17", "REPORT"; all else is an approval, or a
// code that comes back.

#include <optional>
#include <string_view>

#include "model/ids.hpp"

namespace garita::access {

struct LetterWish {
    enum class Kind {
        other,    ///< an approval, a code, or nothing of all that
        kill,     ///< of `request`
        unclear,  ///< KILL, and no tracking id behind it
        report,
    } kind = Kind::other;
    std::optional<AccessId> request{};
};

/// Of the writer's own words, or of a subject where there are none. KILL and REPORT count in capitals or
/// small letters as the first word; REPORT only alone in its line, because reports are also told of in prose.
/// The tracking id may stand behind "task", "request", "#" or in brackets.
[[nodiscard]] LetterWish read_wish(std::string_view words);

}  // namespace garita::access
