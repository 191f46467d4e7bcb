#pragma once
// Which cases somebody wants looked at again at their source (a SIEM): a short list a source, kept so that a
// press survives a restart of the hub.

#include <string_view>
#include <vector>

#include "model/ids.hpp"
#include "store/store.hpp"

namespace garita::store {

/// The longest waiting first.
[[nodiscard]] std::vector<CaseId> refresh_wishes(View& view, std::string_view source);
/// Beyond a thousand that wait it is left out: whoever presses then is served by the next poll.
void wish_refresh(Transaction& transaction, std::string_view source, CaseId id);
/// It has been looked at.
void drop_refresh(Transaction& transaction, std::string_view source, CaseId id);

}  // namespace garita::store
