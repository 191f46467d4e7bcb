#include "programs/agent/enforcing_part.hpp"

#include <chrono>

#include "runtime/config/values.hpp"

namespace garita::programs {
namespace {

/// Known without asking a name server. The main part knows the others, and checks them.
std::vector<IpAddress> literal_address_of(const std::string& url) {
    auto host = runtime::parse_url(url).value_or(runtime::Url{}).host;
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    const auto address = IpAddress::parse(host);
    return address ? std::vector<IpAddress>{*address} : std::vector<IpAddress>{};
}

Time steady_time() {
    return Time(std::chrono::duration_cast<Duration>(std::chrono::steady_clock::now().time_since_epoch()));
}

}  // namespace

enforce::Ceiling ceiling_of(const runtime::AllowConfig& config) {
    return {{config.responses.begin(), config.responses.end()},
            config.widest_ipv4,
            config.widest_ipv6,
            config.blocks_in_force,
            config.blocks_per_minute};
}

EnforcingPart::EnforcingPart(const runtime::AgentConfig& config, const RuleTrace& trace)
    : protection_(local_, config.protected_networks, [hub = literal_address_of(config.hub)] { return hub; }),
      guarded_host_(host_, ceiling_of(config.allow)),
      backends_(device_, trace.of(config.name)) {
    device_.name = config.name;
    device_.rules = config.rules;
}

/// A class that cannot be kept says why, and keeps no other from its work.
void EnforcingPart::open_classes() {
    for (const auto& rules : device_.rules) {
        if (needs_programs(rules)) continue;  // another part's: this one can start none
        auto& served = classes_.emplace_back();
        served.rules = &rules.rules;
        if (auto made = backends_.make(rules))
            served.backend = made->backend;
        else
            served.trouble = made.error().text;
    }
}

Result<std::unique_ptr<EnforcingPart>> EnforcingPart::open(const runtime::AgentConfig& config,
                                                           const RuleTrace& trace) {
    std::unique_ptr<EnforcingPart> part(new EnforcingPart(config, trace));
    part->open_classes();
    if (config.firewall.backend == runtime::FirewallConfig::Backend::none) return part;
    nftables::Settings settings;
    settings.table = config.firewall.table;
    auto opened = nftables::NftablesBackend::open(settings, part->cutter_);
    if (!opened) return tl::unexpected(opened.error());
    part->firewall_ = std::move(*opened);
    part->guarded_firewall_ = std::make_unique<enforce::GuardedBackend>(
        *part->firewall_, part->protection_, ceiling_of(config.allow), steady_time);
    return part;
}

}  // namespace garita::programs
