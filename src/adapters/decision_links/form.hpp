#pragma once
// What a browser sends when a button is pressed. Every byte is a stranger's.

#include <optional>
#include <string>
#include <string_view>

#include "model/response.hpp"

namespace garita::decision_links {

struct Form {
    Response response = Response::nothing;
    std::string comment;  ///< one clean line
    std::string code;     ///< one-time code; empty: none was given
};

/// Of application/x-www-form-urlencoded. Nothing: a field that there is not, one twice, one too long, or no
/// answer at all.
[[nodiscard]] std::optional<Form> read_form(std::string_view body);

}  // namespace garita::decision_links
