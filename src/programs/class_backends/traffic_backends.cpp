#include "programs/class_backends/traffic_backends.hpp"

#include <charconv>

#include "programs/class_backends/class_options.hpp"

namespace garita::programs {
namespace {

using limiter::Direction;
using runtime::DeviceClassConfig;

/// As the subscriber sees it; of the ready classes by their names.
Result<Direction> direction_of(const DeviceClassConfig& config) {
    const auto said = option(config, "direction");
    if (said == "receives" || (said.empty() && config.name() == "shaping_in")) return Direction::receives;
    if (said == "sends" || (said.empty() && config.name() == "shaping_out")) return Direction::sends;
    return refuse(config,
                  "option direction: what do these rules limit? `receives` (what subscribers "
                  "receive) or `sends` is wanted");
}

/// "300ms"
Result<std::chrono::milliseconds> burst_of(const DeviceClassConfig& config,
                                           std::chrono::milliseconds otherwise) {
    const auto text = option(config, "burst");
    if (text.empty()) return otherwise;
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || std::string_view(end) != "ms" || number < 1 || number > 2000)
        return refuse(config, "option burst: 1ms to 2000ms is wanted, as 300ms");
    return std::chrono::milliseconds(number);
}

}  // namespace

Result<limiter::Settings> limiter_settings(const DeviceClassConfig& config) {
    if (auto known = only_known(config, {"interface", "direction", "burst", "folder"}); !known)
        return tl::unexpected(known.error());
    limiter::Settings settings;
    settings.name = config.table.empty() ? config.name() : config.table;
    settings.interfaces = names_in(option(config, "interface"));
    if (settings.interfaces.empty())
        return refuse(config, "option interface: the interface where the subscribers are is missing");
    const auto direction = direction_of(config);
    if (!direction) return tl::unexpected(direction.error());
    settings.direction = *direction;
    const auto burst = burst_of(config, settings.burst);
    if (!burst) return tl::unexpected(burst.error());
    settings.burst = *burst;
    if (const auto folder = option(config, "folder"); !folder.empty()) settings.folder = folder;
    return settings;
}

}  // namespace garita::programs
