#pragma once
// The text within a letter's parts: the plain one of alternatives, else what people see of the HTML;
// attachments, forwarded letters and encrypted parts are no text of the writer.

#include <string>
#include <string_view>

#include "model/result.hpp"

namespace garita::mailbox {

/// UTF-8, lines ended by '\n'. The letter has mail's line ends. Errors: invalid (too deep, too many parts).
[[nodiscard]] Result<std::string> letter_text(std::string_view letter);

/// "=?utf-8?b?…?=" of one field's value as UTF-8.
[[nodiscard]] std::string decoded_words(const std::string& value);

}  // namespace garita::mailbox
