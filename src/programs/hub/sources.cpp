#include "programs/hub/sources.hpp"

#include "programs/hub/alertmanager_setup.hpp"
#include "programs/hub/crowdsec_setup.hpp"

namespace garita::programs {

Result<std::unique_ptr<Sources>> Sources::make(const runtime::HubConfig& config, store::Store& store) {
    std::unique_ptr<Sources> sources(new Sources());
    auto siems = Siems::make(store, config);
    if (!siems) return tl::unexpected(siems.error());
    sources->siems_ = *std::move(siems);
    auto silencers = make_silencers(config, store);
    if (!silencers) return tl::unexpected(silencers.error());
    sources->silencers_ = *std::move(silencers);
    auto polls = make_crowdsec_polls(config, store);
    if (!polls) return tl::unexpected(polls.error());
    sources->crowdsec_polls_ = *std::move(polls);
    auto bans = make_crowdsec_bans(config, store);
    if (!bans) return tl::unexpected(bans.error());
    sources->crowdsec_bans_ = *std::move(bans);
    return sources;
}

void Sources::add_routes(runtime::http::Router& router, const rest_api::ApiParts& parts,
                         const runtime::HubConfig& config) {
    add_alertmanager_route(router, parts, config);
}

void Sources::open(runtime::WorkerGroup& workers) {
    siems_->open(workers);
    for (const auto& silencer : silencers_)
        wait_for_cases_.push_back(&workers.start(*silencer));
    for (const auto& poll : crowdsec_polls_)
        workers.start(*poll);
    for (const auto& bans : crowdsec_bans_)
        wait_for_rules_.push_back(&workers.start(*bans));
}

void Sources::heard(const store::Ring& ring) {
    siems_->heard(ring);
    if (ring.topic == store::Topic::cases)
        for (auto* const thread : wait_for_cases_)
            thread->wake();
    if (ring.topic == store::Topic::rules)
        for (auto* const thread : wait_for_rules_)
            thread->wake();
}

void Sources::cancel() {
    siems_->cancel();
    for (const auto& silencer : silencers_)
        silencer->cancel();
    for (const auto& poll : crowdsec_polls_)
        poll->cancel();
    for (const auto& bans : crowdsec_bans_)
        bans->cancel();
}

}  // namespace garita::programs
