#pragma once
// Rules that every provider has, ready to be named in the configuration.

#include <optional>
#include <span>
#include <string_view>

#include "model/rule_class.hpp"

namespace garita {

struct ReadyClass {
    std::string_view name;  ///< "inet_access"
    std::string_view help;  ///< for the manual
};

/// inet_access: ip → open | closed, closed without an entry. ip_mark: ip → mark. mac_ip: ip → the MAC address
/// that it is bound to. shaping_in, shaping_out: ip → rate.
[[nodiscard]] std::span<const ReadyClass> ready_classes();

/// The class of one of these names.
[[nodiscard]] std::optional<RuleClass> ready_class(std::string_view name);

}  // namespace garita
