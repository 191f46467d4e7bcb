#include "adapters/ios/port_security.hpp"

#include "adapters/ios/mac_address.hpp"
#include "adapters/ios/secure_addresses.hpp"
#include "reading.hpp"

namespace garita::ios {
namespace {

constexpr auto* tripped = R"(
Port Security              : Enabled
Port Status                : Secure-shutdown
Violation Mode             : Shutdown
Aging Time                 : 5 mins
Aging Type                 : Inactivity
SecureStatic Address Aging : Enabled
Maximum MAC Addresses      : 3
Total MAC Addresses        : 2
Configured MAC Addresses   : 1
Sticky MAC Addresses       : 1
Last Source Address:Vlan   : 0050.56aa.0102:20
Security Violation Count   : 7
)";

TEST(PortSecurity, EveryFieldIsRead) {
    const auto port = read_by(parse_port_security, tripped);
    ASSERT_TRUE(port) << port.error().text;
    EXPECT_TRUE(port->enabled);
    EXPECT_EQ(to_text(port->status), "secure-shutdown");
    EXPECT_EQ(port->violation_mode, ViolationMode::shutdown);
    EXPECT_EQ(port->aging_minutes, 5U);
    EXPECT_EQ(port->aging_type, "inactivity");
    EXPECT_EQ(port->static_aging, true);
    EXPECT_EQ(port->maximum, 3U);
    EXPECT_EQ(port->total, 2U);
    EXPECT_EQ(port->configured, 1U);
    EXPECT_EQ(port->sticky, 1U);
    ASSERT_TRUE(port->last_source);
    EXPECT_EQ(dotted(*port->last_source), "0050.56aa.0102");
    EXPECT_EQ(port->last_vlan, 20);
    EXPECT_EQ(port->violations, 7U);
}

TEST(PortSecurity, OldSwitchesSayLess) {
    const auto port = read_by(parse_port_security, R"(
Port Security : Enabled
Port status : SecureUp
Violation mode : Restrict
Maximum MAC Addresses :11
Total MAC Addresses : 11
Configured MAC Addresses : 3
Aging time : 20 mins
Aging type : Inactivity
SecureStatic address aging : Enabled
Security Violation count : 0
)");
    ASSERT_TRUE(port) << port.error().text;
    EXPECT_EQ(port->status, PortSecurity::Status::up);
    EXPECT_EQ(port->violation_mode, ViolationMode::restrict);
    EXPECT_EQ(port->sticky, 0U);
    EXPECT_FALSE(port->last_source);
    EXPECT_FALSE(port->last_vlan);
}

TEST(PortSecurity, LastSourceMayStandWithoutVlan) {
    const auto port =
        read_by(parse_port_security, replaced(tripped, "Last Source Address:Vlan   : 0050.56aa.0102:20",
                                              "Last Source Address        : 0050.56aa.0102"));
    ASSERT_TRUE(port) << port.error().text;
    EXPECT_EQ(dotted(*port->last_source), "0050.56aa.0102");
    EXPECT_FALSE(port->last_vlan);
}

TEST(PortSecurity, ViolationModesOfAllKinds) {
    for (const auto* mode : {"Protect", "Restrict", "Shutdown", "Shutdown Vlan"}) {
        const auto port =
            read_by(parse_port_security, replaced(tripped, ": Shutdown\n", ": " + std::string(mode) + "\n"));
        ASSERT_TRUE(port) << port.error().text;
        EXPECT_EQ(parse_violation_mode(mode), port->violation_mode);
    }
}

TEST(PortSecurity, AFieldOfANewerSwitchDoesNoHarm) {
    EXPECT_EQ(complaint(parse_port_security, std::string(tripped) + "Secure Colour (new)        : Blue\n"),
              "read");
}

TEST(PortSecurity, WhatIsNotUnderstoodIsRefused) {
    const auto with = [](std::string_view what, std::string_view by) {
        return complaint(parse_port_security, replaced(tripped, what, by));
    };
    EXPECT_NE(with(": Enabled\nPort", ": Maybe\nPort").find("line 1: "), std::string::npos);
    EXPECT_NE(with("Secure-shutdown", "Secure-sideways").find("line 2: "), std::string::npos);
    EXPECT_NE(with(": Shutdown\n", ": Explode\n").find("line 3: "), std::string::npos);
    EXPECT_NE(with(": 3\n", ": three\n").find("line 7: "), std::string::npos);
    EXPECT_NE(with(": 3\n", ": -3\n").find("line 7: "), std::string::npos);
    EXPECT_NE(with(": 3\n", ": 99999999999\n").find("line 7: "), std::string::npos);
    EXPECT_NE(with("0050.56aa.0102:20", "0050.56aa.010:20").find("line 11: "), std::string::npos);
    EXPECT_NE(with("0050.56aa.0102:20", "0050.56aa.0102").find("line 11: "), std::string::npos);
    EXPECT_NE(with("Port Status                : Secure-shutdown\n", "").find("\"Port Status\""),
              std::string::npos);
    EXPECT_NE(with("Aging Type   ", "Secure-shu\nAging Type").find("line 5: "), std::string::npos);
    EXPECT_NE(
        complaint(parse_port_security, std::string(tripped) + std::string(tripped).substr(1)).find("twice"),
        std::string::npos);
}

TEST(PortSecurity, ACutOutputIsRefused) {
    const std::string whole = std::string(tripped).substr(1);
    const auto needed = whole.size() - 2;  // the last digit
    for (std::size_t size = 0; size < needed; ++size)
        EXPECT_NE(complaint(parse_port_security, whole.substr(0, size)), "read") << whole.substr(0, size);
}

constexpr auto* table = R"(
Secure Port  MaxSecureAddr  CurrentAddr  SecurityViolation  Security Action
                (Count)       (Count)          (Count)
---------------------------------------------------------------------------
      Gi1/0/1              2            1                  5         Restrict
     Fa0/14               10           10                  0    Shutdown Vlan
---------------------------------------------------------------------------
Total Addresses in System (excluding one mac per port)     : 10
Max Addresses limit in System (excluding one mac per port) : 4096
)";

TEST(SecurePorts, AreRead) {
    const auto ports = read_by(parse_secure_ports, table);
    ASSERT_TRUE(ports) << ports.error().text;
    ASSERT_EQ(ports->ports.size(), 2U);
    EXPECT_EQ(ports->ports[0].shown, "Gi1/0/1");
    EXPECT_EQ(ports->ports[0].maximum, 2U);
    EXPECT_EQ(ports->ports[0].total, 1U);
    EXPECT_EQ(ports->ports[0].violations, 5U);
    EXPECT_EQ(ports->ports[0].violation_mode, ViolationMode::restrict);
    EXPECT_EQ(ports->ports[1].violation_mode, ViolationMode::shutdown_vlan);
    EXPECT_EQ(ports->totals.total, 10U);
    EXPECT_EQ(ports->totals.limit, 4096U);
}

TEST(SecurePorts, WhatIsNotUnderstoodIsRefused) {
    EXPECT_NE(complaint(parse_secure_ports, replaced(table, "Restrict", "Retreat")).find("line 4: "),
              std::string::npos);
    EXPECT_NE(complaint(parse_secure_ports, replaced(table, "Fa0/14", "0/14")).find("line 5: "),
              std::string::npos);
    EXPECT_NE(complaint(parse_secure_ports, replaced(table, "Secure Port  Max", "Port Max")), "read");
    EXPECT_NE(complaint(parse_secure_ports, replaced(table, ": 4096", ": many")).find("line 8: "),
              std::string::npos);
}

constexpr auto* addresses = R"(
               Secure Mac Address Table
-----------------------------------------------------------------------------
Vlan    Mac Address       Type                          Ports   Remaining Age
                                                                   (mins)
----    -----------       ----                          -----   -------------
  10    0050.56aa.0101    SecureSticky                  Gi1/0/1      -
  10    0050.56aa.0102    SecureConfigured              Gi1/0/2      -
  20    0050.56aa.0103    SecureDynamic                 Gi1/0/2      4 (I)
-----------------------------------------------------------------------------
Total Addresses in System (excluding one mac per port)     : 1
Max Addresses limit in System (excluding one mac per port) : 4096
)";

TEST(SecureAddresses, AreRead) {
    const auto read = read_by(parse_secure_addresses, addresses);
    ASSERT_TRUE(read) << read.error().text;
    ASSERT_EQ(read->entries.size(), 3U);
    EXPECT_EQ(read->entries[0].type, SecureAddress::Type::sticky);
    EXPECT_EQ(read->entries[0].vlan, 10);
    EXPECT_EQ(read->entries[0].shown_port, "Gi1/0/1");
    EXPECT_EQ(read->entries[1].type, SecureAddress::Type::configured);
    EXPECT_EQ(read->entries[2].type, SecureAddress::Type::dynamic);
    EXPECT_EQ(read->entries[2].age, "4 (I)");
}

TEST(SecureAddresses, WhatIsNotUnderstoodIsRefused) {
    const auto with = [](std::string_view what, std::string_view by) {
        return complaint(parse_secure_addresses, replaced(addresses, what, by));
    };
    EXPECT_NE(with("SecureSticky", "SecureMaybe").find("line 6: "), std::string::npos);
    EXPECT_NE(with("0050.56aa.0101", "0050.56aa.01").find("line 6: "), std::string::npos);
    EXPECT_NE(with("  10 ", "  5000 ").find("line 6: "), std::string::npos);
    EXPECT_NE(with("4 (I)", "4 (I) x").find("line 8: "), std::string::npos);
    EXPECT_NE(with("Type  ", "Kind  "), "read");
}

}  // namespace
}  // namespace garita::ios
