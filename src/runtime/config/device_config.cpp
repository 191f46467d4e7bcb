#include "runtime/config/device_config.hpp"

#include <stdexcept>

#include "model/ready_classes.hpp"
#include "runtime/config/build.hpp"
#include "runtime/config/param_text.hpp"
#include "runtime/config/values.hpp"

namespace garita::runtime {
namespace {

ParamSpec checked_param(const std::string& name, const std::string& text) {
    auto spec = parse_param(name, text);
    if (!spec) throw std::logic_error("unchecked parameter " + name + ": " + spec.error().text);
    return std::move(*spec);
}

RuleClass build_class(const std::string& name, const Section& section) {
    if (auto ready = ready_class(name)) return std::move(*ready);
    std::vector<ParamSpec> params;
    for (const auto& [param, text] : section.pairs("params"))
        params.push_back(checked_param(param, text));
    return {name, std::move(params), checked_param("value", section.text("value")), section.text("absent")};
}

DeviceClassConfig build_device_class(const std::string& name, const Section& section) {
    DeviceClassConfig config{build_class(name, section),
                             section.text("backend"),
                             section.text("kind"),
                             section.text("table"),
                             section.texts("add"),
                             section.texts("change"),
                             section.texts("delete"),
                             section.texts("clear"),
                             section.texts("list"),
                             section.texts("batch"),
                             static_cast<std::size_t>(section.integer("batch_size")),
                             section.span("timeout"),
                             {}};
    for (const auto& [key, value] : section.pairs("options"))
        config.options.emplace(key, value);
    return config;
}

}  // namespace

std::optional<SshTarget> parse_ssh_target(std::string_view text) {
    constexpr std::string_view scheme = "ssh://";
    if (!text.starts_with(scheme)) return std::nullopt;
    text.remove_prefix(scheme.size());
    const auto at = text.find('@');
    if (at == std::string_view::npos) return std::nullopt;
    SshTarget target;
    target.user = text.substr(0, at);
    const auto place = text.substr(at + 1);
    const bool bare_v6 = place.ends_with(']');
    const bool has_port = !bare_v6 && place.find(':') != std::string_view::npos;
    const auto endpoint = parse_endpoint(std::string(place) + (has_port ? "" : ":22"));
    if (!is_name(target.user) || !endpoint || endpoint->port == 0) return std::nullopt;
    target.host = endpoint->host;
    target.port = endpoint->port;
    return target;
}

RulesLogConfig build_rules_log(const Section& section) {
    using Level = RulesLogConfig::Level;
    const auto level = section.text("level");
    return {section.text("file"), level == "all"       ? Level::all
                                  : level == "changes" ? Level::changes
                                                       : Level::failures};
}

std::vector<DeviceClassConfig> build_device_classes(const Section& section) {
    std::vector<DeviceClassConfig> rules;
    section.each_named("rules", [&](const std::string& name, const Section& about) {
        rules.push_back(build_device_class(name, about));
    });
    return rules;
}

std::vector<DeviceConfig> build_devices(const Section& root) {
    std::vector<DeviceConfig> devices;
    root.each_named("devices", [&](const std::string& name, const Section& section) {
        DeviceConfig device;
        device.name = name;
        const auto connect = section.text("connect");
        device.ssh = parse_ssh_target(connect);
        device.connect = device.ssh           ? DeviceConfig::Connect::ssh
                         : connect == "agent" ? DeviceConfig::Connect::agent
                                              : DeviceConfig::Connect::local;
        device.ssh_key = section.text("ssh_key");
        device.ssh_known_hosts = section.text("ssh_known_hosts");
        device.stuck_after = section.span_or_never("stuck_after");
        device.rules = build_device_classes(section);
        devices.push_back(std::move(device));
    });
    return devices;
}

}  // namespace garita::runtime
