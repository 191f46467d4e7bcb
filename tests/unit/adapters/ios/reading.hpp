#pragma once
// Outputs of our own making, read by one parser.

#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "adapters/ios/output.hpp"

namespace garita::ios {

/// Parses what stands in a raw string, whose first line is empty.
template <typename Parse>
auto read_by(Parse parse, std::string_view text) -> decltype(parse(Output{})) {
    if (text.starts_with('\n')) text.remove_prefix(1);
    const auto output = Output::read(text);
    if (!output) return tl::unexpected(output.error());
    return parse(*output);
}

/// The error's text; "read" where there was none.
template <typename Parse>
std::string complaint(Parse parse, std::string_view text) {
    const auto read = read_by(parse, text);
    return read ? "read" : read.error().text;
}

inline std::string with_line_ends(std::string_view text, std::string_view end) {
    std::string out;
    for (const char c : text) {
        if (c == '\n')
            out += end;
        else
            out += c;
    }
    return out;
}

inline std::string replaced(std::string text, std::string_view what, std::string_view by) {
    const auto at = text.find(what);
    EXPECT_NE(at, std::string::npos) << what;
    if (at != std::string::npos) text.replace(at, what.size(), by);
    return text;
}

}  // namespace garita::ios
