// What HubSync says and hears about the agent's own decisions and the policies that they follow.

#include <algorithm>

#include "adapters/hub_link/agent_workers.hpp"

namespace garita::hub_link {
namespace {

constexpr std::string_view version_key = "standing_version";

}  // namespace

Result<void> HubSync::compose_own(SyncRequest& request, Time now) {
    const auto version = store_.value(version_key);
    if (!version) return tl::unexpected(version.error());
    request.standing_version = version->value_or("");
    const auto own = store_.own_decisions();
    if (!own) return tl::unexpected(own.error());
    std::vector<std::string> over;
    for (const auto& one : *own) {
        if (!one.delivered) continue;
        const auto ends = one.decided.ends();
        if (request.own_decisions.size() < own_decisions_in_report)
            request.own_decisions.push_back(one.uid);
        else if (ends && *ends <= now)
            over.push_back(one.uid);
    }
    return over.empty() ? Result<void>{} : store_.settle_own(over);
}

/// After the rules of the same answer: whatever stops the agent in between, what is blocked stays so.
Result<void> HubSync::take_own(const SyncAnswer& answer) {
    if (answer.standing) {
        // the text first: without the version it is only asked for again
        for (const auto& [key, value] :
             {std::pair(standing_key, *answer.standing), std::pair(version_key, answer.standing_version)})
            if (const auto kept = store_.set_value(key, value); !kept) return kept;
        participant_.standing_changed();
    }
    if (answer.settled.empty()) return {};
    auto own = store_.own_decisions();
    if (!own) return tl::unexpected(own.error());
    std::erase_if(*own, [&](const store::OwnDecision& one) {
        return std::find(answer.settled.begin(), answer.settled.end(), one.uid) == answer.settled.end();
    });
    if (const auto settled = store_.settle_own(answer.settled); !settled) return settled;
    participant_.own_settled(*own);
    return {};
}

}  // namespace garita::hub_link
