#include "programs/hub/crowdsec_setup.hpp"

#include "programs/hub/source_client.hpp"
#include "runtime/clock/clock.hpp"

namespace garita::programs {
namespace {

Result<crowdsec::LapiSettings> lapi_settings(const std::string& name, const runtime::CrowdsecConfig& source) {
    auto server = source_client(source);
    if (!server) return tl::unexpected(server.error());
    crowdsec::LapiSettings settings;
    settings.name = name;
    settings.server = *std::move(server);
    settings.server.user_agent = "garita/1";  // which it takes only in this form
    settings.machine = source.machine;
    settings.password = source.password;
    return settings;
}

}  // namespace

Result<std::vector<std::unique_ptr<crowdsec::Poll>>> make_crowdsec_polls(const runtime::HubConfig& config,
                                                                         store::Store& store) {
    std::vector<std::unique_ptr<crowdsec::Poll>> polls;
    for (const auto& [name, source] : config.crowdsecs) {
        auto settings = lapi_settings(name, source);
        if (!settings) return tl::unexpected(settings.error());
        polls.push_back(std::make_unique<crowdsec::Poll>(*std::move(settings), source.interval, store));
    }
    return polls;
}

Result<std::vector<std::unique_ptr<crowdsec::Bans>>> make_crowdsec_bans(const runtime::HubConfig& config,
                                                                        store::Store& store) {
    std::vector<std::unique_ptr<crowdsec::Bans>> all;
    std::vector<std::string> names;
    for (const auto& [name, source] : config.crowdsecs) {
        if (!source.bans) continue;
        if (config.agents.contains(crowdsec::device_of(name)))
            return fail(ErrorCode::invalid, "sources.crowdsec." + name + ": an agent has the name " +
                                                crowdsec::device_of(name) + "; give one of them another");
        auto settings = lapi_settings(name, source);
        if (!settings) return tl::unexpected(settings.error());
        all.push_back(std::make_unique<crowdsec::Bans>(*std::move(settings), store));
        names.push_back(name);
    }
    if (const auto kept = crowdsec::keep_devices(store, names, runtime::system_now()); !kept)
        return tl::unexpected(kept.error());
    return all;
}

}  // namespace garita::programs
