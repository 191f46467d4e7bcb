#pragma once
// Names that nobody guesses and nothing else has.

#include <cstddef>
#include <string>

namespace garita::store {

/// So many bytes of the kernel's randomness, in hexadecimal digits.
[[nodiscard]] std::string random_hex(std::size_t bytes);

}  // namespace garita::store
