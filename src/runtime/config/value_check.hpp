#pragma once
// One value against its row of the table.

#include <optional>
#include <string>

#include "runtime/config/document.hpp"
#include "runtime/config/settings.hpp"

namespace garita::runtime {

struct Complaint {
    std::string what;
    std::string allowed;
    std::string nearest;
    Problem::Weight weight = Problem::Weight::error;
};

/// What is wrong with the value, if anything. Any type but section and secret.
[[nodiscard]] std::optional<Complaint> check_value(const Setting& setting, const Node& node, Outside outside);

/// A secret: plain text, or {file: PATH}, {env: NAME}, {credential: NAME}. Never shows the value.
[[nodiscard]] std::optional<Complaint> check_secret(const Setting& setting, const Node& node,
                                                    Outside outside);

/// What a row allows, as people read it: "whole number, 1 to 100", "ask, auto or observe".
[[nodiscard]] std::string allowed_text(const Setting& setting);

/// The value in quotes, harmless and cut short.
[[nodiscard]] std::string shown(std::string_view value);

}  // namespace garita::runtime
