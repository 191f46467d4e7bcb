#pragma once
// From what was parsed to what the work on a port asks for.

#include "access/switch_driver.hpp"
#include "adapters/ios/interface_status.hpp"
#include "adapters/ios/mac_table.hpp"
#include "adapters/ios/running_interface.hpp"
#include "adapters/ios/secure_addresses.hpp"
#include "adapters/ios/switchport.hpp"

namespace garita::ios {

void add(access::PortFacts& facts, const RunningInterface& running);
void add(access::PortFacts& facts, const InterfaceStatus& status);
void add(access::PortFacts& facts, const Switchport& switchport);
void add(access::PortFacts& facts, const PortSecurity& security);

[[nodiscard]] access::SecuredMac secured_of(const SecureAddress& address);
/// VLAN 0 where the configuration names none.
[[nodiscard]] access::SecuredMac secured_of(const RunningInterface::Secured& secured,
                                            const access::PortName& port);
/// Entries at ports; what is inside the switch is left out.
[[nodiscard]] std::vector<access::SeenMac> seen_of(const std::vector<MacEntry>& entries);

/// Lines of `show running-config | include ^interface|MAC`: which interface lets this MAC in. Lines that name
/// it otherwise are left out.
[[nodiscard]] Result<std::vector<access::SecuredMac>> secured_lines(const std::vector<std::string>& lines,
                                                                    const MacAddress& mac);

}  // namespace garita::ios
