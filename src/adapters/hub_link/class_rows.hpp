#pragma once
// Rules of a class on their way from the hub to the agent that keeps them: packed, some twenty bytes each.

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/rule_class.hpp"
#include "store/device_rules.hpp"

namespace garita::hub_link {

inline constexpr std::size_t rules_in_page = 5'000;

/// What packed bytes of the class mean, in words: agent and hub have to agree on it.
[[nodiscard]] std::string shape_of(const RuleClass& rules);

/// Ends travel as time left; what is over is not wanted.
[[nodiscard]] std::string encode_rows(std::span<const store::FedRule> rules, Time now);
/// `written`: when the hub wrote it. invalid: not what encode_rows makes, or more than a page.
[[nodiscard]] Result<std::vector<store::FedRule>> decode_rows(std::string_view bytes, Time written);

}  // namespace garita::hub_link
