#pragma once
// A letter as far as a request is concerned: what is said, by whom it says to be, and whether a person wrote
// it.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/time.hpp"

namespace garita::access {

/// Why a letter is no person's. Such a letter is never answered and never acted upon.
enum class Automatic {
    auto_submitted,  ///< Auto-Submitted, X-Auto-Response-Suppress, X-Autoreply: a program wrote it
    bulk,            ///< Precedence: bulk, junk, list
    list,            ///< came by a mailing list
    own_address,     ///< from ourselves
    null_sender,     ///< a report about another letter
    loop,            ///< has passed too many servers, or our own before
};
/// "auto_submitted" …
[[nodiscard]] std::string_view to_text(Automatic why);

/// Everything in it is claimed by its sender: see access/proof.hpp.
struct Letter {
    std::string from;                  ///< as parse_mail_address spells it
    std::string subject;               ///< one clean line
    std::string id;                    ///< Message-ID without brackets; empty: none
    std::vector<std::string> answers;  ///< ids of In-Reply-To and References, the nearest first
    std::optional<Time> sent;          ///< Date
    std::string words;                 ///< of the writer: the text above what is quoted (access/own_words)
    std::string text;                  ///< all of the text, for people to read
    std::optional<Automatic> automatic;
};

}  // namespace garita::access
