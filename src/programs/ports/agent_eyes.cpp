#include "programs/ports/agent_eyes.hpp"

namespace garita::programs {

AgentEyes::Place::Place(std::unique_ptr<scan::Vantage> there, std::stop_token stop)
    : vantage(std::move(there)),
      tcp(*vantage),
      udp(*vantage),
      names(*vantage, std::move(stop)),
      services(*vantage),
      eyes{tcp, &udp, names, &services, nullptr} {}

Result<const scan::Eyes*> AgentEyes::of(const std::string& agent) {
    auto there = find_ ? find_(agent) : fail(ErrorCode::unavailable, "agent " + agent + " is nobody");
    if (!there) return tl::unexpected(there.error());
    const std::lock_guard lock(mutex_);
    auto& place = places_[agent];
    if (!place) place = std::make_unique<Place>(std::move(*there), stop_);
    return &place->eyes;
}

}  // namespace garita::programs
