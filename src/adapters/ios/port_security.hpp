#pragma once
// `show port-security interface X` and `show port-security`.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "access/port_name.hpp"
#include "adapters/ios/output.hpp"
#include "model/result.hpp"
#include "model/rule_class.hpp"

namespace garita::ios {

/// What the switch does to a port on a violation.
enum class ViolationMode { protect, restrict, shutdown, shutdown_vlan };
[[nodiscard]] std::string_view to_text(ViolationMode mode);
[[nodiscard]] std::optional<ViolationMode> parse_violation_mode(std::string_view text);

/// Of one port; the output itself does not say of which.
struct PortSecurity {
    enum class Status { up, down, shutdown };

    bool enabled = false;
    Status status = Status::down;
    ViolationMode violation_mode = ViolationMode::shutdown;
    std::uint32_t maximum = 0;
    std::uint32_t total = 0;
    std::uint32_t configured = 0;
    std::uint32_t sticky = 0;  ///< 0 where an old switch does not know of sticky addresses
    std::uint64_t violations = 0;
    std::optional<std::uint32_t> aging_minutes;
    std::string aging_type;  ///< "absolute", "inactivity"; empty: not told
    std::optional<bool> static_aging;
    std::optional<MacAddress> last_source;  ///< zero: none so far; nothing: not told
    std::optional<std::uint16_t> last_vlan;
};
[[nodiscard]] std::string_view to_text(PortSecurity::Status status);
[[nodiscard]] Result<PortSecurity> parse_port_security(const Output& output);

/// A line of the table of all ports with port-security.
struct SecurePort {
    access::PortName port;
    std::string shown;  ///< the port as the switch writes it
    std::uint32_t maximum = 0;
    std::uint32_t total = 0;
    std::uint64_t violations = 0;
    ViolationMode violation_mode = ViolationMode::shutdown;
};

/// What stands below a table of the whole switch.
struct SecureTotals {
    std::optional<std::uint32_t> total;
    std::optional<std::uint32_t> limit;
};
/// Whether the line is one of them; an error where its number is none.
[[nodiscard]] Result<bool> read_totals(const OutputLine& line, SecureTotals& totals);

struct SecurePorts {
    std::vector<SecurePort> ports;
    SecureTotals totals;
};
[[nodiscard]] Result<SecurePorts> parse_secure_ports(const Output& output);

}  // namespace garita::ios
