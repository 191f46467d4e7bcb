#pragma once
// `show port-security address`, of the switch or of one interface.

#include <optional>
#include <string>
#include <vector>

#include "adapters/ios/port_security.hpp"

namespace garita::ios {

struct SecureAddress {
    enum class Type {
        configured,  ///< typed
        sticky,      ///< learnt, and part of the configuration
        dynamic,     ///< learnt
    };
    std::uint16_t vlan = 0;
    MacAddress mac;
    Type type = Type::dynamic;
    std::string shown_type;  ///< "SecureSticky"
    access::PortName port;
    std::string shown_port;
    std::string age;  ///< minutes that remain, "-" where it does not age
};
/// As the command that would write it: "static", "sticky", "dynamic".
[[nodiscard]] std::string_view to_text(SecureAddress::Type type);

struct SecureAddresses {
    std::vector<SecureAddress> entries;
    SecureTotals totals;
};
[[nodiscard]] Result<SecureAddresses> parse_secure_addresses(const Output& output);

}  // namespace garita::ios
