#pragma once
// What the kernel answers about nftables, read with every length checked. What is not ours is passed over.

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "adapters/nftables/kernel.hpp"

struct nlmsghdr;

namespace garita::nftables {

/// The elements of one message of a set's list; those whose time is over are left out.
void parse_elements(const nlmsghdr& message, const Layer& layer,
                    const std::function<void(const ElementSeen&)>& visit);
/// The layer that a set of this table holds; nothing when it is not one of ours, or made differently.
[[nodiscard]] std::optional<Layer> parse_set(const nlmsghdr& message, std::string_view table);
/// The comment of a rule in our chain of this table, perhaps empty; nothing for other rules.
[[nodiscard]] std::optional<std::string> parse_rule_comment(const nlmsghdr& message, std::string_view table);

}  // namespace garita::nftables
