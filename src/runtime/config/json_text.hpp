#pragma once
// A text as JSON has it. For our own constant texts and for what went through escape_foreign, which leaves
// nothing to be escaped but these two characters.

#include <string>
#include <string_view>

namespace garita::runtime {

[[nodiscard]] inline std::string json_text(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

}  // namespace garita::runtime
