#pragma once
// How a switch says no. Some of its refusals begin with '%', many do not.

#include <string_view>

namespace garita::ios {

enum class Refusal {
    none,
    syntax,         ///< it does not know the command, or not in this form
    authorization,  ///< the account may not
    locked,         ///< somebody else configures
    rejected,       ///< it knows the command and does not carry it out
};

/// Of one line of an answer to any command. A line of a warning is none.
[[nodiscard]] Refusal refusal_in(std::string_view line);

}  // namespace garita::ios
