#pragma once
// A QR code for a terminal.

#include <string>

namespace garita::programs {

/// Dark on light whatever the terminal's colours, two rows of the code in a line; empty where the text does
/// not fit into one.
[[nodiscard]] std::string qr_code(const std::string& text);

}  // namespace garita::programs
