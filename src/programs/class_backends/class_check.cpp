#include "programs/class_backends/class_check.hpp"

#include "adapters/ipset/ipset_backend.hpp"
#include "programs/class_backends/class_backends.hpp"
#include "programs/class_backends/traffic_backends.hpp"
#include "runtime/config/build.hpp"
#include "runtime/config/rule_check.hpp"

namespace garita::programs {

using runtime::DeviceClassConfig;
using runtime::DeviceConfig;

Result<void> can_carry_out(const DeviceConfig& device, const DeviceClassConfig& config) {
    const auto without_value = [](const auto& made) -> Result<void> {
        if (!made) return tl::unexpected(made.error());
        return {};
    };
    const bool here = device.connect != DeviceConfig::Connect::ssh;
    if (config.backend == "nftables") return without_value(nft_class(config));
    if (config.backend == "limiter") return without_value(limiter_settings(config));
    if (config.backend == "ipset" && here)
        return ipset::IpsetBackend::fits(config.rules, ipset_settings(config));
    runtime::LocalRunner nothing_is_run;
    return without_value(make_by_program(device, config, nothing_is_run));
}

std::vector<runtime::Problem> class_problems(const runtime::Document& document) {
    std::vector<runtime::Problem> problems;
    if (document.kind() != runtime::FileKind::hub || !document.fine()) return problems;
    const runtime::Section root(&document.root(), runtime::shape_of(runtime::FileKind::hub));
    for (const auto& device : runtime::build_devices(root))
        for (const auto& config : device.rules) {
            const auto can = can_carry_out(device, config);
            if (can) continue;
            runtime::Problem problem;
            problem.path = "devices." + device.name + ".rules." + config.name();
            const auto* node = document.root().find("devices");
            for (const std::string_view key :
                 {std::string_view(device.name), std::string_view("rules"), std::string_view(config.name())})
                if (node != nullptr) node = node->find(key);
            if (node != nullptr) problem.position = node->position;
            problem.what = can.error().text;
            problems.push_back(std::move(problem));
        }
    return problems;
}

}  // namespace garita::programs
