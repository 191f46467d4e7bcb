#pragma once
// The kinds of alerts that Garita raises itself, and which answers make sense for each.

#include <span>
#include <string_view>
#include <vector>

namespace garita::runtime {

struct AlertKind {
    std::string_view name;
    std::string_view responses;  ///< "allow|block"
};

[[nodiscard]] std::span<const AlertKind> alert_kinds();

/// For a REST source's own kind: what needs an address only. For an empty one, a policy for every kind: all
/// that every kind takes.
[[nodiscard]] std::vector<std::string_view> responses_of_kind(std::string_view kind);

}  // namespace garita::runtime
