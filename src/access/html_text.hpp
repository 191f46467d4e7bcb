#pragma once
// The text that people see of a letter in HTML. Nothing of it is run or loaded.

#include <string>
#include <string_view>

namespace garita::access {

/// Lines ended by '\n'. What is hidden (scripts, styles, "display:none") is left out; what mail programs mark
/// as quoted, and all after it, as well; lines of a blockquote begin with "> ". Of broken HTML as much as
/// there is. The input's encoding is UTF-8.
[[nodiscard]] std::string html_text(std::string_view html);

}  // namespace garita::access
