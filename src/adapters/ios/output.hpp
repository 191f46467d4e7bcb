#pragma once
// What a switch printed for one command, freed of what a session adds: line ends of every kind, paging, the
// echo and the prompts at both ends, log messages in the middle.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace garita::ios {

struct OutputLine {
    std::size_t number = 0;  ///< in what was given, from 1
    std::string text;        ///< without blanks at its end
    [[nodiscard]] bool empty() const { return text.empty(); }
};

struct Output {
    static constexpr std::size_t most_bytes = std::size_t{32} << 20U;

    std::vector<OutputLine> lines;  ///< from the first to the last that is not empty
    std::string echo;               ///< the command as it was typed behind a prompt; empty: none seen

    /// The error names the line where the switch refused the command.
    [[nodiscard]] static Result<Output> read(std::string_view bytes);
};

/// "line 12: …: why", the line cut and without what moves a cursor.
[[nodiscard]] tl::unexpected<Error> fail_at(const OutputLine& line, std::string_view why);

/// What a text ends with that begins as a prompt ("sw-1#", "sw-1(config-if)#", "sw-1>") and goes on with
/// anything, or nothing.
struct PromptLine {
    bool found = false;
    std::string_view prompt{};
    std::string_view typed{};
};
[[nodiscard]] PromptLine prompt_in(std::string_view line);

}  // namespace garita::ios
