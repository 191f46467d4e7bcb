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
    if (config.backend == "tc") return without_value(tc_settings(config));
    if (config.backend == "ipset" && here)
        return ipset::IpsetBackend::fits(config.rules, ipset_settings(config));
    runtime::LocalRunner nothing_is_run;
    return without_value(make_by_program(device, config, nothing_is_run));
}

namespace {

using Path = std::vector<std::string_view>;

void add_problem(const runtime::Document& document, const Path& path, const std::string& what,
                 std::vector<runtime::Problem>& problems,
                 runtime::Problem::Weight weight = runtime::Problem::Weight::error) {
    runtime::Problem problem;
    problem.weight = weight;
    const auto* node = &document.root();
    for (const auto key : path) {
        problem.path.append(problem.path.empty() ? "" : ".").append(key);
        if (node != nullptr) node = node->find(key);
    }
    if (node != nullptr) problem.position = node->position;
    problem.what = what;
    problems.push_back(std::move(problem));
}

/// Rules of the administrator's own look one set up by its name, and the kernel's list of one set takes time
/// by the square of its size: 0.3 s of a hundred thousand, 10 s of a million.
constexpr std::uint32_t read_in_no_time = 131'072;

void add_problems_of(const runtime::Document& document, const Path& path, const DeviceConfig& device,
                     const DeviceClassConfig& config, std::vector<runtime::Problem>& problems) {
    if (const auto can = can_carry_out(device, config); !can)
        return add_problem(document, path, can.error().text, problems);
    if (config.backend != "nftables") return;
    const auto made = nft_class(config);
    if (made && made->effect == nft_classes::Effect::none && made->capacity > read_in_no_time)
        add_problem(
            document, path,
            "one set of more than 131072 entries takes seconds to be read whole, and changes wait meanwhile: "
            "ipset reads a million in a third of a second, and sets that Garita's own chains look up are "
            "divided",
            problems, runtime::Problem::Weight::warning);
}

}  // namespace

std::vector<runtime::Problem> class_problems(const runtime::Document& document) {
    std::vector<runtime::Problem> problems;
    if (!document.fine() || !document.kind()) return problems;
    const runtime::Section root(&document.root(), runtime::shape_of(*document.kind()));
    if (document.kind() == runtime::FileKind::agent) {
        DeviceConfig host;
        host.name = "this host";
        host.rules = runtime::build_device_classes(root);
        for (const auto& config : host.rules)
            add_problems_of(document, {"rules", config.name()}, host, config, problems);
        return problems;
    }
    for (const auto& device : runtime::build_devices(root)) {
        if (device.connect == DeviceConfig::Connect::agent) continue;  // the agent's own file says how
        for (const auto& config : device.rules)
            add_problems_of(document, {"devices", device.name, "rules", config.name()}, device, config,
                            problems);
    }
    return problems;
}

}  // namespace garita::programs
