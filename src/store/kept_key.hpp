#pragma once
// A key of the hub's own, such as letters and buttons are named with: made once, kept in the store.

#include <string>
#include <string_view>

#include "store/store.hpp"

namespace garita::store {

/// The text that is kept under the name; where there is none, 256 random bits in hexadecimal digits, kept
/// from now on. What was kept in another spelling stays as it is: the text itself is the key.
[[nodiscard]] Result<std::string> kept_key(Store& store, std::string_view name);

}  // namespace garita::store
