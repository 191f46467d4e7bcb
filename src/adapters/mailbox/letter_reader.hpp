#pragma once
// Letters as they come by mail (RFC 5322, MIME), read by GMime. Whoever sent one may have made it by hand to
// do harm: reading takes bounded time and memory, and what is not plainly readable is an error that says why,
// so that the letter can be set aside.

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "access/letter.hpp"
#include "model/result.hpp"

namespace garita::mailbox {

struct ReadingRules {
    std::vector<std::string> own_addresses;       ///< as parse_mail_address spells them
    std::size_t longest = std::size_t{1} << 20U;  ///< bytes of a letter
};

/// Errors: invalid (too long, too deep, too many parts, a broken head, not exactly one sender).
[[nodiscard]] Result<access::Letter> read_letter(std::string_view raw, const ReadingRules& rules);

struct Words {
    std::string own;  ///< above what is quoted
    std::string all;  ///< but for what HTML marks as quoted
};
/// Of one part of a letter with its own head, such as what a person's key signed.
[[nodiscard]] Result<Words> read_words(std::string_view part, const ReadingRules& rules);

}  // namespace garita::mailbox
