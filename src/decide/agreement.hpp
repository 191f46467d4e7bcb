#pragma once
// Answers that one person alone does not decide, and those that no policy may give.

#include <optional>

#include "decide/deciding.hpp"

namespace garita::decide {

/// Why nobody but people may give this answer: it takes several of them, or it blocks a wide network, which
/// somebody has to confirm.
[[nodiscard]] std::optional<Refusal> refuse_unattended(const Case& about, Response response,
                                                       const Policy& policy, const DeskOptions& options);

/// Why this person may not give an answer other than the one that others have proposed: ending a proposal
/// needs the role that it needs.
[[nodiscard]] std::optional<Refusal> refuse_opposition(const Case& about, const Verdict& verdict,
                                                       const DeskOptions& options);

enum class Agreed {
    enough,  ///< the verdict is to be carried out, for as long as the proposal says
    kept,    ///< it is a proposal, or one more agreement to it; stored
};

/// Takes an answer that `needed` different persons have to give. The same person counts once, by whichever
/// channels; another answer, or another length of a block, begins a new proposal. Errors: forbidden, where
/// the author is not one of the configured people.
[[nodiscard]] tl::expected<Agreed, Refusal> take_agreement(store::Transaction& transaction, Case about,
                                                           Verdict& verdict, int needed,
                                                           const DeskOptions& options, Time now);

}  // namespace garita::decide
