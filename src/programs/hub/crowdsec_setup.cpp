#include "programs/hub/crowdsec_setup.hpp"

#include "programs/hub/source_client.hpp"

namespace garita::programs {

Result<std::vector<std::unique_ptr<crowdsec::Poll>>> make_crowdsec_polls(const runtime::HubConfig& config,
                                                                         store::Store& store) {
    std::vector<std::unique_ptr<crowdsec::Poll>> polls;
    for (const auto& [name, source] : config.crowdsecs) {
        auto server = source_client(source);
        if (!server) return tl::unexpected(server.error());
        crowdsec::PollSettings settings;
        settings.name = name;
        settings.server = *std::move(server);
        settings.server.user_agent = "garita/1";  // which it takes only in this form
        settings.machine = source.machine;
        settings.password = source.password;
        settings.interval = source.interval;
        polls.push_back(std::make_unique<crowdsec::Poll>(std::move(settings), store));
    }
    return polls;
}

}  // namespace garita::programs
