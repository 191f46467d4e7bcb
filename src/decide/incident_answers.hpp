#pragma once
// A SIEM's incident goes through several states, so that its case takes answers after the one that decided
// it, and one that decides nothing at all: to look again.

#include <string>

#include "decide/answering.hpp"
#include "decide/desk_options.hpp"
#include "model/action.hpp"
#include "store/store.hpp"

namespace garita::decide {

/// A SIEM that is away for longer than this is not told any more.
inline constexpr Duration incident_within = std::chrono::hours{24 * 7};

/// What the SIEM is to be asked for by this answer, which must ask for a state.
[[nodiscard]] ActionOrder move_of(const Case& about, Response response, const Actor& by,
                                  const std::string& comment);

/// Whether this answer to this case is none that decides it: `refresh`, or a further state of an incident
/// that is decided already.
[[nodiscard]] bool stands_beside_decision(const Case& about, Response response);

/// Orders what such an answer asks for. Errors: forbidden (the role), invalid (not offered in this state).
[[nodiscard]] tl::expected<AnswerOutcome, Refusal> answer_incident(store::Transaction& transaction,
                                                                   const AnswerRequest& request,
                                                                   const Case& about,
                                                                   const DeskOptions& options, Time now);

}  // namespace garita::decide
