#pragma once
// "I take it": somebody takes care of a case, and nobody further is told of it for a while. It decides
// nothing, and ends by itself.

#include "decide/answering.hpp"
#include "decide/desk_options.hpp"
#include "store/store.hpp"

namespace garita::decide {

/// Takes `Response::acknowledge` for an open case: from whoever has it for longer, or from somebody else
/// over. Errors: forbidden (the role), invalid (nobody is on call, or for how long).
[[nodiscard]] tl::expected<AnswerOutcome, Refusal> take_on(store::Transaction& transaction,
                                                           const AnswerRequest& request, const Case& about,
                                                           const DeskOptions& options, Time now);

}  // namespace garita::decide
