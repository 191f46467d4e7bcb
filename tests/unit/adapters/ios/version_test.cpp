#include "adapters/ios/version.hpp"

#include "adapters/ios/mac_address.hpp"
#include "adapters/ios/running_interface.hpp"
#include "reading.hpp"

namespace garita::ios {
namespace {

constexpr auto* classic = R"(
Cisco IOS Software, C2960 Software (C2960-LANBASEK9-M), Version 12.2(55)SE9, RELEASE SOFTWARE (fc1)
Technical Support: http://www.cisco.com/techsupport
Compiled Mon 03-Mar-14 22:53 by prod_rel_team

ROM: Bootstrap program is C2960 boot loader
BOOTLDR: C2960 Boot Loader (C2960-HBOOT-M) Version 12.2(25r)SEE1, RELEASE SOFTWARE (fc1)

hall-2.sw uptime is 1 year, 3 weeks, 2 days, 4 hours, 5 minutes
System returned to ROM by power-on
System image file is "flash:c2960-lanbasek9-mz.122-55.SE9.bin"

cisco WS-C2960-24TC-L (PowerPC405) processor (revision B0) with 65536K bytes of memory.
Processor board ID FOC0000A0B1
Last reset from power-on
Configuration register is 0xF
)";

TEST(Version, ClassicIos) {
    const auto version = read_by(parse_version, classic);
    ASSERT_TRUE(version) << version.error().text;
    EXPECT_EQ(to_text(version->software), "IOS");
    EXPECT_EQ(version->version, "12.2(55)SE9");
    EXPECT_EQ(version->image, "C2960-LANBASEK9-M");
    EXPECT_EQ(version->hostname, "hall-2.sw");
    EXPECT_EQ(version->uptime, "1 year, 3 weeks, 2 days, 4 hours, 5 minutes");
    EXPECT_EQ(version->model, "WS-C2960-24TC-L");
    EXPECT_EQ(version->serial, "FOC0000A0B1");
    EXPECT_EQ(version->system_image, "flash:c2960-lanbasek9-mz.122-55.SE9.bin");
    EXPECT_EQ(version->reload_reason, "power-on");
    EXPECT_EQ(version->config_register, "0xF");
}

TEST(Version, IosXe) {
    const auto version = read_by(parse_version, R"(
Cisco IOS XE Software, Version 16.09.04
Cisco IOS Software [Fuji], Catalyst L3 Switch Software (CAT9K_IOSXE), Version 16.9.4, RELEASE SOFTWARE (fc2)
sw uptime is 5 minutes
Uptime for this control processor is 6 minutes
System returned to ROM by Reload Command
cisco C9300-48U (X86) processor with 1343576K/6147K bytes of memory.
Processor board ID FCW0000L0AB
Configuration register is 0x102
)");
    ASSERT_TRUE(version) << version.error().text;
    EXPECT_EQ(to_text(version->software), "IOS-XE");
    EXPECT_EQ(version->version, "16.9.4");
    EXPECT_EQ(version->image, "CAT9K_IOSXE");
    EXPECT_EQ(version->hostname, "sw");
    EXPECT_EQ(version->model, "C9300-48U");
}

TEST(Version, TheOldestForm) {
    const auto version = read_by(parse_version, R"(
Cisco Internetwork Operating System Software
IOS (tm) C2950 Software (C2950-I6Q4L2-M), Version 12.1(22)EA4, RELEASE SOFTWARE(fc1)
Copyright (c) 1986-2005 by cisco Systems, Inc.
old uptime is 1 minute
cisco WS-C2950-24 (RC32300) processor (revision R0) with 20839K bytes of memory.
)");
    ASSERT_TRUE(version) << version.error().text;
    EXPECT_EQ(version->version, "12.1(22)EA4");
    EXPECT_EQ(version->model, "WS-C2950-24");
}

TEST(Version, SomethingElseIsRefused) {
    EXPECT_NE(complaint(parse_version, replaced(classic, "Version 12.2(55)SE9", "")).find("version"),
              std::string::npos);
    EXPECT_NE(complaint(parse_version, replaced(classic, " uptime is ", " is up ")).find("uptime"),
              std::string::npos);
    EXPECT_NE(
        complaint(parse_version, replaced(classic, "cisco WS-C2960-24TC-L (PowerPC405) processor", "x y"))
            .find("model"),
        std::string::npos);
    EXPECT_NE(complaint(parse_version, "Linux 5.10\n"), "read");
}

constexpr auto* running = R"(
Building configuration...

Current configuration : 321 bytes
!
interface GigabitEthernet1/0/1
 description Desk 4, room 12
 switchport access vlan 10
 switchport mode access
 switchport voice vlan 200
 switchport port-security maximum 3
 switchport port-security maximum 1 vlan access
 switchport port-security violation restrict
 switchport port-security mac-address sticky
 switchport port-security mac-address sticky 0050.56aa.0101
 switchport port-security mac-address 0050.56aa.0102 vlan voice
 switchport port-security aging time 5
 switchport port-security
 spanning-tree portfast
 no cdp enable
end
)";

TEST(RunningInterface, PortSecurityIsRead) {
    const auto port = read_by(parse_running_interface, running);
    ASSERT_TRUE(port) << port.error().text;
    EXPECT_EQ(port->port.short_text(), "Gi1/0/1");
    EXPECT_EQ(port->description, "Desk 4, room 12");
    EXPECT_EQ(port->mode, RunningInterface::Mode::access);
    EXPECT_EQ(port->access_vlan, 10);
    EXPECT_EQ(port->voice_vlan, "200");
    EXPECT_TRUE(port->port_security);
    EXPECT_TRUE(port->learns_sticky);
    EXPECT_EQ(port->maximum, 3U);
    ASSERT_EQ(port->vlan_maximums.size(), 1U);
    EXPECT_EQ(port->vlan_maximums[0].vlan, "access");
    EXPECT_EQ(port->violation_mode, ViolationMode::restrict);
    ASSERT_EQ(port->secured.size(), 2U);
    EXPECT_EQ(port->secured[0].how, RunningInterface::Secured::How::sticky);
    EXPECT_EQ(dotted(port->secured[0].mac), "0050.56aa.0101");
    EXPECT_EQ(port->secured[1].vlan, "voice");
    EXPECT_FALSE(port->authenticates);
    EXPECT_FALSE(port->shut_down);
    EXPECT_EQ(port->lines.size(), 14U);
}

TEST(RunningInterface, HazardsAreSeen) {
    const auto with = [](std::string_view line) {
        const auto port =
            read_by(parse_running_interface, replaced(running, " no cdp enable", std::string(line)));
        EXPECT_TRUE(port) << port.error().text;
        return port.value_or(RunningInterface{});
    };
    EXPECT_TRUE(with(" authentication port-control auto").authenticates);
    EXPECT_TRUE(with(" dot1x pae authenticator").authenticates);
    EXPECT_TRUE(with(" mab").authenticates);
    EXPECT_TRUE(with(" access-session port-control auto").authenticates);
    EXPECT_FALSE(with(" no dot1x pae").authenticates);
    EXPECT_EQ(with(" channel-group 3 mode active").bundle, "3");
    EXPECT_TRUE(with(" no switchport").routed);
    EXPECT_TRUE(with(" shutdown").shut_down);
    EXPECT_EQ(with(" source template DESKS").templates, "DESKS");
    EXPECT_EQ(with(" switchport mode dynamic desirable").mode, RunningInterface::Mode::dynamic);
}

TEST(RunningInterface, WhatIsNotUnderstoodIsRefused) {
    const auto with = [](std::string_view what, std::string_view by) {
        return complaint(parse_running_interface, replaced(running, what, by));
    };
    EXPECT_NE(with("port-security maximum 3", "port-security maximum three").find("line 10: "),
              std::string::npos);
    EXPECT_NE(with("violation restrict", "violation retreat").find("line 12: "), std::string::npos);
    EXPECT_NE(with("0050.56aa.0101", "0050.56aa").find("line 14: "), std::string::npos);
    EXPECT_NE(with("0050.56aa.0102 vlan voice", "0050.56aa.0102 lan voice").find("line 15: "),
              std::string::npos);
    EXPECT_NE(with("aging time 5", "ageing time 5").find("line 16: "), std::string::npos);
    EXPECT_NE(with("interface Gig", "line Gig").find("line 5: "), std::string::npos);
    EXPECT_NE(with(" spanning-tree", "interface Gi1/0/2\n spanning-tree").find("line 18: "),
              std::string::npos);
    EXPECT_NE(with("\nend\n", "\n").find("without \"end\""), std::string::npos);
    EXPECT_NE(with("\nend\n", "\nend\n x\n").find("behind the end"), std::string::npos);
}

}  // namespace
}  // namespace garita::ios
