#pragma once
// How the parameters of rules are described in the configuration: "address", "rate", "open|closed",
// "text [0-9]{6,15}".

#include <string>
#include <string_view>
#include <vector>

#include "model/rule_class.hpp"

namespace garita::runtime {

/// The name of a type; "text PATTERN", an RE2 expression that has to match wholly; or two words or more with
/// '|' between them. The spec owns the compiled pattern. The error is one sentence about the text.
[[nodiscard]] Result<ParamSpec> parse_param(std::string name, std::string_view text);

/// What parse_param reads again as the same.
[[nodiscard]] std::string param_text(const ParamSpec& spec);

[[nodiscard]] const std::vector<std::string_view>& param_type_names();

}  // namespace garita::runtime
