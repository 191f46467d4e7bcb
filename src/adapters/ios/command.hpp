#pragma once
// Which show command was typed, in the abbreviations that IOS takes itself.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "access/port_name.hpp"
#include "model/result.hpp"

namespace garita::ios {

enum class Show {
    port_security,            ///< of all ports
    port_security_interface,  ///< of one
    port_security_address,
    mac_table,
    interface_status,
    interface_err_disabled,
    interface_switchport,
    etherchannel_summary,
    version,
    running_interface,
};

struct ShowCommand {
    Show show = Show::version;
    std::optional<access::PortName> port;  ///< where it names one
};

/// What stands behind a '|' (a filter) is not looked at. not_found: none of these; conflict: it could be
/// several.
[[nodiscard]] Result<ShowCommand> parse_show_command(std::string_view typed);

/// For people: each command in full, one a line of the list.
[[nodiscard]] std::vector<std::string> known_show_commands();

/// Whether a line of an output is nothing but the echo of a command that is known here, or of one that
/// prepares a session.
[[nodiscard]] bool looks_like_show(std::string_view line);

}  // namespace garita::ios
