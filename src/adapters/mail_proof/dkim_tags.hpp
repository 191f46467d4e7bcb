#pragma once
// What a DKIM signature says of itself (RFC 6376, 3.5), and whether it would prove a sender if it is right.

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/letter_fields.hpp"
#include "model/result.hpp"
#include "model/time.hpp"

namespace garita::mail_proof {

struct DkimTags {
    std::string domain;                      ///< d=
    std::string selector;                    ///< s=
    std::string algorithm;                   ///< a=
    std::vector<std::string> signed_fields;  ///< h=, small letters
    std::optional<Time> signed_at;           ///< t=
    bool only_a_part = false;                ///< l=: the rest of the body may be anybody's
};
/// Errors: invalid (a tag twice, one that is needed missing, not a list of tags).
[[nodiscard]] Result<DkimTags> parse_dkim_tags(std::string_view value);

/// "example.org" for ana@example.org, or one of `parents` above it.
[[nodiscard]] bool may_sign_for(std::string_view domain, std::string_view address,
                                const std::vector<std::string>& parents);

/// Nothing where the signature covers what it must: From, Subject, Date and Message-ID, each exactly once in
/// the letter, and all of the body; else why it does not.
[[nodiscard]] std::optional<std::string> shortcoming(const DkimTags& tags,
                                                     const access::LetterFields& letter);

}  // namespace garita::mail_proof
