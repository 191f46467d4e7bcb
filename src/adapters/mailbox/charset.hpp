#pragma once
// Text in the encodings that letters come in.

#include <string>
#include <string_view>

namespace garita::mailbox {

/// As valid UTF-8; what the encoding does not know becomes U+FFFD. An encoding that nobody writes letters in
/// is taken for UTF-8.
[[nodiscard]] std::string to_utf8(std::string_view bytes, std::string_view charset);

}  // namespace garita::mailbox
