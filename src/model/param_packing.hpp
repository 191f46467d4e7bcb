#pragma once
// Typed parameters as bytes: what a rule is kept and compared by. An address is its family's number (4 or 6)
// and its bytes; a network the same with its prefix behind; a MAC address 6 bytes, a port 2, a mark 4, a rate
// 8, the greatest byte first; interface, text and word their length and themselves.

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/rule_class.hpp"

namespace garita {

/// Adds the value's bytes; it has to be of the spec's type.
void append_packed(std::vector<std::uint8_t>& bytes, const ParamSpec& spec, const ParamValue& value);

/// Takes one value off the front. Nothing where the bytes are not what append_packed makes of an allowed
/// value.
[[nodiscard]] std::optional<ParamValue> take_packed(std::span<const std::uint8_t>& bytes,
                                                    const ParamSpec& spec);

}  // namespace garita
