#pragma once
// What holds for every message of ours: what was accepted is written in a form that is read again as the
// same.

#include <string>
#include <string_view>

#include "model/result.hpp"
#include "target.hpp"

namespace garita::fuzz {

/// One printable line.
inline void check_error(const Error& error) {
    must(!error.text.empty() && printable(error.text));
}

template <typename Decode, typename Encode>
void both_ways(std::string_view text, Decode decode, Encode encode) {
    const auto first = decode(text);
    if (!first) return check_error(first.error());
    const std::string written = encode(*first);
    const auto second = decode(written);
    must(second.has_value());
    must(encode(*second) == written);
}

}  // namespace garita::fuzz
