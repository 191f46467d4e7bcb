#pragma once
// A letter's head and body as they were sent, for all who have to agree on what the head says: readers that
// differ on it are how forged letters pass. What is not plainly a head is refused.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/result.hpp"

namespace garita::access {

struct LetterField {
    std::string name;      ///< small letters
    std::string_view raw;  ///< "Name: value", folded as sent, without the last end of a line
    std::string value;     ///< in one line, without blanks at its ends
};

/// Views of the text it was made from, which has to live longer.
struct LetterFields {
    std::vector<LetterField> fields;  ///< from the top
    std::string_view body;

    [[nodiscard]] std::size_t count(std::string_view name) const;
    /// Of the topmost; empty where there is none.
    [[nodiscard]] std::string_view value(std::string_view name) const;
};

/// Every line ended by CR LF, as letters are signed and carried.
[[nodiscard]] std::string with_mail_line_ends(std::string_view raw);

/// Of a letter or a part of one, with mail's line ends. Errors: invalid (a line of the head that is no field,
/// a control character in it, more or longer fields than any honest letter has).
[[nodiscard]] Result<LetterFields> split_letter(std::string_view text);

/// "multipart/signed; boundary=x" as {"multipart/signed", {{"boundary", "x"}}}: RFC 2045. Names and the type
/// in small letters; of a parameter that stands there twice the first.
struct FieldWithParameters {
    std::string value;
    std::vector<std::pair<std::string, std::string>> parameters;
    [[nodiscard]] std::string_view parameter(std::string_view name) const;
};
[[nodiscard]] FieldWithParameters parse_parameters(std::string_view value);

}  // namespace garita::access
