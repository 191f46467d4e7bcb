#include "runtime/config/alert_kinds.hpp"

#include <array>

#include "runtime/config/values.hpp"

namespace garita::runtime {

namespace {

constexpr std::array<AlertKind, 4> kinds = {{
    {"ssh_login", "allow|nothing|close_connection|block"},
    {"http_errors", "allow|nothing|block"},
    {"cpu_load", "allow|nothing|reboot|power_off"},
    {"log_patterns", "allow|nothing|block"},
}};

}  // namespace

std::span<const AlertKind> alert_kinds() {
    return kinds;
}

std::vector<std::string_view> responses_of_kind(std::string_view kind) {
    for (const AlertKind& known : kinds)
        if (known.name == kind) return split_names(known.responses);
    return split_names(kind.empty() ? "allow|nothing" : "allow|nothing|block");
}

}  // namespace garita::runtime
