#pragma once
// Making text that others chose (user names, paths, log lines) fit for a message.

#include <cstddef>
#include <string>
#include <string_view>

namespace garita::decide {

/// One line of valid UTF-8: control characters, line ends and characters that reorder or hide what is read
/// become spaces or vanish, bytes that are not UTF-8 become U+FFFD; longer than `max_units` it is cut and
/// ends in "…".
[[nodiscard]] std::string clean_line(std::string_view foreign, std::size_t max_units = 256);

/// Length in UTF-16 units, as Telegram counts. A byte that is not UTF-8 counts as one.
[[nodiscard]] std::size_t utf16_length(std::string_view text);

/// The longest beginning of at most `units` UTF-16 units that ends at a character's edge.
[[nodiscard]] std::string_view cut_utf16(std::string_view text, std::size_t units);

}  // namespace garita::decide
