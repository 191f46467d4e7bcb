#pragma once
// By what the writer of a mail is known: an address that the mail proves to come from, or the key that signed
// it. Both in one spelling only, so that nobody can be two people.

#include <optional>
#include <string>
#include <string_view>

namespace garita {

/// "Ana@Example.org" as "ana@example.org": a local part of plain characters (RFC 5322 dot-atom), a domain of
/// at least two ASCII labels, within the lengths of RFC 5321. No display name, no quotes, no comments.
/// Letters of either case are the same, also before the @: no two people share a mailbox that differs in
/// nothing else.
[[nodiscard]] std::optional<std::string> parse_mail_address(std::string_view text);

/// "openpgp:" and the 40 (version 4) or 64 hexadecimal digits of a key's fingerprint, or "smime:" and the
/// SHA-256 of a certificate in 64; in lower case without the blanks and colons that programs print. Short ids
/// name nobody: they can be made to order.
[[nodiscard]] std::optional<std::string> parse_key_fingerprint(std::string_view text);

}  // namespace garita
