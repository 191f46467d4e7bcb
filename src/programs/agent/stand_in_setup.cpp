#include "programs/agent/stand_in_setup.hpp"

#include "programs/agent/enforcing_part.hpp"

namespace garita::programs {

std::unique_ptr<decide::StandIn> make_stand_in(const StandInPlace& place,
                                               const runtime::AgentConfig& config) {
    const auto may_block = [place, ceiling = ceiling_of(config.allow)](const IpNetwork& network) {
        const auto set = place.protection.protected_now();
        return set && !enforce::refuse_block(network, ceiling, *set);
    };
    const auto decided = [place](const Alert& alert, const DecidedAlone& made) {
        place.log.warning(
            "blocking by a policy of the hub, which is out of reach",
            {{"network", alert.address->text()}, {"policy", made.policy}, {"alert", alert.uid}});
        enforce::RuleDelivery news;
        news.own.push_back({*alert.address, made.ends()});
        place.rules.offer(std::move(news));
        place.wake_reconciler();
    };
    return std::make_unique<decide::StandIn>(
        decide::StandIn::World{place.store, [place] { return place.sync.away_since(); },
                               [place] { return place.standing.now(); }, may_block, decided},
        config.alone_after);
}

}  // namespace garita::programs
