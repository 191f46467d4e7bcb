#pragma once
// Blocks of wide networks are in force for a moment only, until somebody who still gets in confirms them. The
// devices end them by themselves, also when the hub is gone.

#include <optional>
#include <vector>

#include "decide/answering.hpp"
#include "decide/desk_options.hpp"
#include "store/store.hpp"

namespace garita::decide {

/// How these networks are blocked until `ends` (empty: until they are unset); nothing where none is wide, or
/// the block ends as soon anyway.
[[nodiscard]] std::optional<Provisional> provisional_block(const std::vector<IpNetwork>& networks,
                                                           const std::optional<Time>& ends,
                                                           const DeskOptions& options, Time now);
void keep_provisional(store::Transaction& transaction, CaseId id, const Provisional& provisional);

/// A device has reported: remembers when the block came into force on the last of them. True: that is new.
[[nodiscard]] bool note_in_force(Case& about, const Progress& progress, Time now);

/// Takes the answer `confirm`. Errors: invalid (nothing to confirm), forbidden (the role, or the answer came
/// over a connection that is older than the block), conflict (no device has it in force yet).
[[nodiscard]] tl::expected<AnswerOutcome, Refusal> confirm(store::Transaction& transaction,
                                                           const AnswerRequest& request, const Case& about,
                                                           Time now);

/// Says in the cases that nobody confirmed in time; their rules end by their own expiry.
void roll_back_unconfirmed(store::Transaction& transaction, Time now);

}  // namespace garita::decide
