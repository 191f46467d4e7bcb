#pragma once
// What an IMAP server answers (RFC 3501), as far as a reader of letters needs it.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace garita::mailbox {

/// "{123}" at the end of the line: so many bytes follow it.
[[nodiscard]] std::optional<std::uint64_t> literal_size(std::string_view line);

/// The number after the word, as in "(UID 5 RFC822.SIZE 1234)". Nothing where there is none.
[[nodiscard]] std::optional<std::uint64_t> number_after(std::string_view line, std::string_view word);

/// "* SEARCH 2 3 5"; nothing else gives any.
[[nodiscard]] std::vector<std::uint32_t> search_results(std::string_view line);

/// "* 23 EXISTS"
[[nodiscard]] bool is_exists(std::string_view line);
/// "* 3 FETCH (…"
[[nodiscard]] bool is_fetch(std::string_view line);

/// Whether the words of the line contain it, in either case.
[[nodiscard]] bool has_word(std::string_view line, std::string_view word);

/// Of "* OK [PERMANENTFLAGS (… \*)] …": letters may get keywords of ours.
[[nodiscard]] bool allows_keywords(std::string_view line);

/// A letter's uid, "UIDVALIDITY.UID".
struct ImapUid {
    std::uint32_t validity = 0;
    std::uint32_t uid = 0;
};
[[nodiscard]] std::optional<ImapUid> parse_imap_uid(std::string_view text);
[[nodiscard]] std::string to_text(const ImapUid& uid);

}  // namespace garita::mailbox
