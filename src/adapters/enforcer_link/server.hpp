#pragma once
// The enforcing part's side: carries out what comes over a channel.

#include "adapters/enforcer_link/channel.hpp"
#include "adapters/enforcer_link/messages.hpp"

namespace garita::enforcer_link {

/// What is offered on one channel; what is null is not.
struct Offer {
    enforce::RuleBackend* rules = nullptr;
    enforce::HostControl* host = nullptr;
    detect::ProcessTable* processes = nullptr;
};

/// The answer to one request, or to bytes that are none.
[[nodiscard]] std::string answer(std::string_view request, const Offer& offer);

/// Answers one request after the other, until the other side closes the channel or it breaks.
[[nodiscard]] Result<void> serve(Channel& channel, const Offer& offer);

}  // namespace garita::enforcer_link
