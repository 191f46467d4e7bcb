#pragma once
// The words that the register of agents uses more than once.

#include <string>
#include <string_view>

#include "model/person.hpp"

namespace garita::hub_link {

[[nodiscard]] std::string how_to_enrol(std::string_view device);
[[nodiscard]] std::string not_a_device_name(std::string_view name);
/// "agent web1": an audit entry's object.
[[nodiscard]] std::string object_of_agent(std::string_view device);
[[nodiscard]] Actor agent_actor(const std::string& device);

}  // namespace garita::hub_link
