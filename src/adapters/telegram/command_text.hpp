#pragma once
// "/block@garita_bot 12 24h" in pieces.

#include <optional>
#include <string>
#include <string_view>

#include "model/time.hpp"

namespace garita::telegram {

struct Command {
    std::string name;  ///< in lower case, without "/" and "@…"; ends in an id where one is glued
    std::string_view case_number;  ///< first argument
    std::string_view span;         ///< second argument
    std::string_view rest;         ///< what should not be there
    std::string_view words;        ///< all behind the name, without blanks around
};

/// Nullopt: not a command. Views into the text. A name may hold one minus, before the digits that end it.
[[nodiscard]] std::optional<Command> parse_command(std::string_view text);
/// "24h", "1h30m", "7d"; at most ten years.
[[nodiscard]] std::optional<Duration> block_span(std::string_view text);

}  // namespace garita::telegram
