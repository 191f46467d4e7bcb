#pragma once
// Letters that a person's key has signed (RFC 1847): what was signed, byte for byte, and the signature.

#include <optional>
#include <string>
#include <string_view>

namespace garita::mail_proof {

struct SignedPart {
    std::string_view content;  ///< of the letter; with its own head, lines ended by CR LF
    std::string signature;     ///< decoded
};

/// Of a letter that as a whole is one multipart/signed of exactly two parts, the second of that type; nothing
/// of any other. A signed part somewhere within a letter proves nothing about the rest.
[[nodiscard]] std::optional<SignedPart> signed_part(std::string_view letter, std::string_view signature_type);

/// Bytes of base64, blanks and ends of lines left out; nothing where there is anything else.
[[nodiscard]] std::optional<std::string> decode_base64(std::string_view text);

}  // namespace garita::mail_proof
