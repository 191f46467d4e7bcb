#include "programs/class_backends/traffic_backends.hpp"

#include <charconv>

#include "programs/class_backends/class_options.hpp"
#include "runtime/config/rule_places.hpp"
#include "runtime/config/values.hpp"

namespace garita::programs {
namespace {

using limiter::Direction;
using runtime::DeviceClassConfig;

Result<void> fits(const DeviceClassConfig& config) {
    const auto params = config.rules.params();
    if (params.size() == 1 && params[0].type == ParamType::network)
        return refuse(config,
                      config.backend +
                          " holds rates of single addresses, and `network` takes many at once: `params` "
                          "of one address; a network's own rate is for a `command` or ipfw");
    if (params.size() != 1 || params[0].type != ParamType::address ||
        config.rules.value().type != ParamType::rate)
        return refuse(
            config, config.backend + " holds rates of addresses: `params` of one address and `value: rate`");
    return {};
}

/// As the subscriber sees it; of the ready classes by their names.
Result<Direction> direction_of(const DeviceClassConfig& config) {
    const auto direction = runtime::direction_of_rules(config.name(), option(config, "direction"));
    if (direction == "receives") return Direction::receives;
    if (direction == "sends") return Direction::sends;
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

Result<std::uint16_t> classes_of(const DeviceClassConfig& config, std::uint16_t otherwise) {
    const auto text = option(config, "classes");
    if (text.empty()) return otherwise;
    std::uint16_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < 1 || number > 10'000)
        return refuse(config, "option classes: a number from 1 to 10000 is wanted");
    return number;
}

}  // namespace

Result<limiter::Settings> limiter_settings(const DeviceClassConfig& config) {
    if (auto known = only_known(config, {"interface", "direction", "burst", "folder"}); !known)
        return tl::unexpected(known.error());
    if (auto can = fits(config); !can) return tl::unexpected(can.error());
    limiter::Settings settings;
    settings.name = config.table.empty() ? config.name() : config.table;
    settings.interfaces = runtime::names_in(option(config, "interface"));
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

Result<tc::Settings> tc_settings(const DeviceClassConfig& config) {
    if (auto known = only_known(config, {"interface", "direction", "classes"}); !known)
        return tl::unexpected(known.error());
    if (auto can = fits(config); !can) return tl::unexpected(can.error());
    tc::Settings settings;
    settings.interface = option(config, "interface");
    if (settings.interface.empty())
        return refuse(config, "option interface: the interface where the subscribers are is missing");
    const auto direction = direction_of(config);
    if (!direction) return tl::unexpected(direction.error());
    settings.direction = *direction == Direction::sends ? tc::Direction::sends : tc::Direction::receives;
    const auto classes = classes_of(config, settings.classes);
    if (!classes) return tl::unexpected(classes.error());
    settings.classes = *classes;
    return settings;
}

}  // namespace garita::programs
