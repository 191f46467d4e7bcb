#include "model/ready_classes.hpp"

#include <array>

namespace garita {
namespace {

constexpr std::array<ReadyClass, 5> classes{{
    {"inet_access", "ip: open or closed; closed where nothing is said"},
    {"ip_mark", "ip: the mark that its packets get"},
    {"mac_ip", "ip: the MAC address that it is bound to"},
    {"shaping_in", "ip: the rate of what it receives"},
    {"shaping_out", "ip: the rate of what it sends"},
}};

ParamSpec of_type(std::string name, ParamType type) {
    ParamSpec spec;
    spec.name = std::move(name);
    spec.type = type;
    return spec;
}

RuleClass by_address(std::string_view name, ParamSpec value, const std::string& absent = {}) {
    return {std::string(name), {of_type("ip", ParamType::address)}, std::move(value), absent};
}

}  // namespace

std::span<const ReadyClass> ready_classes() {
    return classes;
}

std::optional<RuleClass> ready_class(std::string_view name) {
    if (name == "inet_access") {
        auto access = of_type("value", ParamType::word);
        access.words = {"open", "closed"};
        return by_address(name, std::move(access), "closed");
    }
    if (name == "ip_mark") return by_address(name, of_type("value", ParamType::mark));
    if (name == "mac_ip") return by_address(name, of_type("value", ParamType::mac));
    if (name == "shaping_in" || name == "shaping_out")
        return by_address(name, of_type("value", ParamType::rate));
    return std::nullopt;
}

}  // namespace garita
