#pragma once
// Many cases in few lines, for a channel that cannot tell each of them.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "decide/case_text.hpp"

namespace garita::decide {

/// The most severe ones, a line each, with a line end before each line; of equally severe ones those that
/// come first.
[[nodiscard]] std::string worst_lines(std::span<const Case> cases, std::size_t lines, const Reader& reader);

/// That some of them came to a further step of on call, with an empty line behind it; empty: none did.
[[nodiscard]] std::string unanswered_text(const std::vector<Case>& cases, const Reader& reader);

/// How many wait for an answer and how many do not, each with so many lines of the worst, and an empty line
/// behind each.
[[nodiscard]] std::string crowd_text(const std::vector<Case>& cases, std::size_t lines, const Reader& reader);

}  // namespace garita::decide
