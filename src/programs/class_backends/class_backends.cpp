#include "programs/class_backends/class_backends.hpp"

#include "adapters/nft_classes/nft_class_backend.hpp"
#include "enforce/compared_backend.hpp"
#include "programs/class_backends/class_options.hpp"
#include "programs/class_backends/traffic_backends.hpp"
#include "runtime/clock/clock.hpp"
#include "runtime/config/values.hpp"

namespace garita::programs {

using runtime::DeviceClassConfig;

std::vector<std::string> names_of_option(const DeviceClassConfig& config, std::string_view name) {
    return runtime::names_in(option(config, name));
}

Result<std::unique_ptr<enforce::ClassBackend>> ClassBackends::make_nftables(const DeviceClassConfig& config) {
    const auto made = nft_class(config);
    if (!made) return tl::unexpected(made.error());
    if (!table_) {
        auto table = nft_classes::NftTable::open();
        if (!table) return tl::unexpected(table.error());
        table_ = std::move(*table);
    }
    return std::make_unique<nft_classes::NftClassBackend>(table_, *made);
}

Result<std::unique_ptr<enforce::ClassBackend>> ClassBackends::make_limiter(const DeviceClassConfig& config) {
    auto settings = limiter_settings(config);
    if (!settings) return tl::unexpected(settings.error());
    auto made = limiter::LimiterBackend::open(config.rules, std::move(*settings));
    if (!made) return tl::unexpected(made.error());
    return std::unique_ptr<enforce::ClassBackend>(std::move(*made));
}

Result<std::unique_ptr<enforce::ClassBackend>> ClassBackends::make_tc(const DeviceClassConfig& config) {
    auto settings = tc_settings(config);
    if (!settings) return tl::unexpected(settings.error());
    auto made = tc::TcBackend::open(config.rules, std::move(*settings));
    if (!made) return tl::unexpected(made.error());
    return std::unique_ptr<enforce::ClassBackend>(std::move(*made));
}

Result<std::unique_ptr<enforce::ClassBackend>> ClassBackends::make_backend(const DeviceClassConfig& config) {
    const bool local = device_.connect == runtime::DeviceConfig::Connect::local;
    if (local && config.backend == "nftables") return make_nftables(config);
    if (local && config.backend == "limiter") return make_limiter(config);
    if (local && config.backend == "tc") return make_tc(config);
    if (device_.connect == runtime::DeviceConfig::Connect::agent)
        return refuse(config, "the agent of the device carries them out");
    if (config.backend == "nftables" || config.backend == "limiter" || config.backend == "tc")
        return refuse(config, config.backend + " is spoken to by the kernel of the same machine only");
    return programs_.make(config);
}

Result<enforce::KeptClass> kept_class(const DeviceClassConfig& config) {
    enforce::KeptClass kept;
    kept.name = config.name();
    kept.absent = config.rules.absent();
    kept.after = names_of_option(config, "after");
    const auto foreign = option(config, "foreign");
    if (!foreign.empty() && foreign != "remove" && foreign != "report")
        return refuse(config, "option foreign: remove or report is wanted");
    if (foreign == "report") kept.foreign = enforce::ForeignEntries::report;
    return kept;
}

bool cannot_be_removed(const DeviceClassConfig& config) {
    return config.backend == "command" && config.clear.empty() && config.list.empty() &&
           option(config, "destroy").empty();
}

bool needs_programs(const DeviceClassConfig& config) {
    return config.backend == "command" || config.backend == "iptables" || config.backend == "ipfw";
}

Result<enforce::KeptClass> ClassBackends::make(const DeviceClassConfig& config) {
    auto kept = kept_class(config);
    if (!kept) return kept;
    auto backend = make_backend(config);
    if (!backend) return tl::unexpected(backend.error());
    // nftables has a mark of the last change, and iptables reads its chain.
    if (config.backend == "ipset" || config.backend == "ipfw" ||
        (config.backend == "command" && !config.list.empty()))
        *backend = std::make_unique<enforce::ComparedBackend>(std::move(*backend), runtime::system_now);
    if (auto sink = calls_ ? calls_(config) : nullptr)
        *backend = std::make_unique<enforce::TracedBackend>(std::move(*backend), std::move(sink),
                                                            runtime::system_now);
    kept->backend = backend->get();
    backends_.push_back(std::move(*backend));
    return kept;
}

}  // namespace garita::programs
