#pragma once
// What proves who wrote a letter. A From field proves nothing: whoever acts on a proof also checks that the
// address there belongs to whom the proof is of.

#include <optional>
#include <string>
#include <string_view>

#include "model/time.hpp"

namespace garita::access {

struct Proof {
    /// From weak to strong.
    enum class Kind {
        authentication_results,  ///< a server that we trust says so about the domain
        dkim,                    ///< the domain's key signed the letter; not which person of it
        smime,                   ///< the person's certificate
        openpgp,                 ///< the person's key
    };
    Kind kind = Kind::authentication_results;
    /// Of a domain's proof the domain; of a person's the key, as model/mail_identity spells it.
    std::string by;
    std::optional<Time> signed_at;
    /// The same letter sent again has the same: whoever acts on it remembers it, and refuses the second.
    std::string once;
    /// What was signed by a person's key: one part of MIME. Only its words count, not the letter's subject.
    /// Empty: the letter as a whole.
    std::string signed_part;

    [[nodiscard]] bool is_of_person() const { return kind == Kind::smime || kind == Kind::openpgp; }
};

/// "dkim", "smime" …
[[nodiscard]] std::string_view to_text(Proof::Kind kind);

}  // namespace garita::access
