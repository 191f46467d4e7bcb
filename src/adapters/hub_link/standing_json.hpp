#pragma once
// The standing policies as they travel from the hub to an agent, and lie in the agent's store.

#include <string>
#include <string_view>

#include "decide/standing.hpp"
#include "model/result.hpp"

namespace garita::hub_link {

[[nodiscard]] std::string encode(const decide::Standing& standing);
[[nodiscard]] Result<decide::Standing> decode_standing(std::string_view json);
/// Short; another text has another one.
[[nodiscard]] std::string version_of(std::string_view standing_json);

}  // namespace garita::hub_link
