#include "access/port_event.hpp"

#include <string>

#include <gtest/gtest.h>

namespace garita::access {
namespace {

constexpr const char* tail =
    "%PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address 0013.1a41.544e "
    "on "
    "port FastEthernet0/14.";

TEST(PortEvent, ViolationInEveryNotation) {
    const std::string begin =
        "00:54:45: %PORT_SECURITY-2-PSECURE_VIOLATION: Security violation occurred, caused by MAC address ";
    for (const auto* end : {"0013.1986.0a20 on port Gi0/2.", "0013.1986.0A20 on port GigabitEthernet0/2.",
                            "00:13:19:86:0a:20 on port Gi0/2", "0013.1986.0a20 on port Gi0/2.\r\n"}) {
        const auto event = read_port_event(begin + end);
        ASSERT_TRUE(event) << end;
        EXPECT_EQ(event->kind, PortEvent::Kind::violation);
        ASSERT_TRUE(event->mac);
        EXPECT_EQ(event->mac->text(), "00:13:19:86:0a:20") << end;
        EXPECT_EQ(event->port.short_text(), "Gi0/2") << end;
        EXPECT_EQ(event->vlan, 0);
    }
}

TEST(PortEvent, ViolationOfOneVlanAndWithTheStackMembersPrefix) {
    const auto vlan = read_port_event(
        "<186>7: %PORT_SECURITY-2-PSECURE_VIOLATION_VLAN: Security violation on port Gi1/0/3 due to MAC "
        "address "
        "aabb.ccdd.ee01 on VLAN 20");
    ASSERT_TRUE(vlan);
    EXPECT_EQ(vlan->vlan, 20);
    EXPECT_EQ(vlan->port.short_text(), "Gi1/0/3");
    const auto member = read_port_event(
        "<186>7: %PORT_SECURITY-SW1-2-PSECURE_VIOLATION: Switch 1 R0/0: port_security:  Security violation "
        "occurred, caused by MAC address AABB.CCDD.EE01 on port GigabitEthernet1/0/3.");
    ASSERT_TRUE(member);
    EXPECT_EQ(member->mac->text(), "aa:bb:cc:dd:ee:01");
}

TEST(PortEvent, PortTakenOutOfService) {
    const auto event = read_port_event(
        "00:54:45: %PM-4-ERR_DISABLE: psecure-violation error detected on Fa0/14, putting Fa0/14 in "
        "err-disable state");
    ASSERT_TRUE(event);
    EXPECT_EQ(event->kind, PortEvent::Kind::err_disable);
    EXPECT_FALSE(event->mac);
    EXPECT_EQ(event->cause, "psecure-violation");
    EXPECT_EQ(event->port.text(), "FastEthernet0/14");
    const auto other = read_port_event(
        "%PM-4-ERR_DISABLE: security-violation error detected on Fa0/5, putting Fa0/5 in err-disable state");
    ASSERT_TRUE(other);
    EXPECT_EQ(other->cause, "security-violation");
}

struct Header {
    const char* text;
    const char* relayed;
    const char* origin;
};

TEST(PortEvent, EveryHeaderOnTheWire) {
    const Header headers[] = {
        {"", "", ""},
        {"<186>", "", ""},
        {"<189>2360957: Jan  6 2022 20:52:12.861: ", "", ""},
        {"<189>: Jan  6 2022 20:52:12.861: ", "", ""},
        {"<189>: sw01: Jan  6 2022 20:52:12.861: ", "", "sw01"},
        {"<189>387448: host-01: May 6 16:13:09.123 UTC+07:30: ", "", "host-01"},
        {"<190>3132517: 3132513: Jul 14 2023 08:23:43.398 UTC: ", "", ""},
        {"<190>3132811: sw01: 3132807: Jul 14 2023 08:23:43.398 UTC: ", "", "sw01"},
        {"<190>3132517: sw01: 3132513: 2y10w: ", "", "sw01"},
        {"<190>*Jul 14 2023 08:23:43.398: ", "", ""},
        {"<190>41: *Mar  1 00:12:45.123: ", "", ""},
        {"<190>41: .Jan 14 08:23:43: ", "", ""},
        {"<190>3132517: 192.168.100.2 3132513: Jul 14 2023 08:23:43.398 UTC: ", "", "192.168.100.2"},
        {"<190>3132783: 2a02:cf40::: 3132779: Jul 14 2023 08:23:43.398 UTC: ", "", "2a02:cf40::"},
        {"<189>Jun 12 18:10:50 10.53.35.85 ", "10.53.35.85", ""},
        {"<189>2024-10-11T10:15:31.208321-05:00 TestDevice ", "TestDevice", ""},
        {"Nov 21 13:01:59 192.168.170.90 92852: SwCisco3750Club: 73547048: .Nov 21 13:01:38: ",
         "192.168.170.90", "SwCisco3750Club"},
        {"<186>1 2026-11-23T03:00:00.000Z 10.1.1.2 41 - - - ", "10.1.1.2", ""},
        {"<186>1 - - - - - - ", "", ""},
        {"00:54:45: ", "", ""},
        {"41: 1w2d: ", "", ""},
        {"<186>000124: sw-1.example.org: 000125: 3d04h: ", "", "sw-1.example.org"},
    };
    for (const auto& header : headers) {
        const auto line = std::string(header.text) + tail;
        const auto event = read_port_event(line);
        ASSERT_TRUE(event) << header.text;
        EXPECT_EQ(event->mac->text(), "00:13:1a:41:54:4e");
        EXPECT_EQ(event->relayed, header.relayed) << header.text;
        EXPECT_EQ(event->origin_id, header.origin) << header.text;
    }
}

TEST(PortEvent, OtherMessagesAreNone) {
    for (const auto* line :
         {"", "%", "PSECURE_VIOLATION", "%PSECURE_VIOLATION:", "%PORT_SECURITY-2-PSECURE_VIOLATION",
          "%PORT_SECURITY-2-PSECURE_VIOLATION: ",
          "Feb 23 13:53:36.894: %PM-4-ERR_RECOVER: Attempting to recover from psecure-violation err-disable "
          "state on Gi4/13",
          "%SW_MATM-4-MACFLAP_NOTIF: Host f04d.a206.7fd6 in vlan 1 is flapping between port Gi0/5 and port "
          "Gi0/16",
          "%AUTHMGR-5-SECURITY_VIOLATION: Security violation on the interface FastEthernet0/5, new MAC "
          "address (0013.1a41.544e) is seen.",
          "%PORT_SECURITY-2-PSECURE_VIOLATION: caused by MAC address 0013.1a41.544 on port Fa0/1.",
          "%PORT_SECURITY-2-PSECURE_VIOLATION: caused by MAC address ffff.ffff.ffff on port Fa0/1.",
          "%PORT_SECURITY-2-PSECURE_VIOLATION: caused by MAC address 0000.0000.0000 on port Fa0/1.",
          "%PORT_SECURITY-2-PSECURE_VIOLATION: caused by MAC address 0013.1a41.544e on port Zz0/1.",
          "%PM-4-ERR_DISABLE: psecure-violation error detected"})
        EXPECT_FALSE(read_port_event(line)) << line;
}

TEST(PortEvent, WhatAMessageQuotesIsNotTheSwitchsOwnWord) {
    EXPECT_FALSE(read_port_event(
        std::string("%PARSER-5-CFGLOG_LOGGEDCMD: User:eve  logged command:description ") + tail));
    EXPECT_TRUE(read_port_event(std::string("<186>100%: ") + tail));
}

TEST(PortEvent, CutAnywhereIsReadRightOrNotAtAll) {
    const auto line = std::string("<189>387448: host-01: May 6 16:13:09.123 UTC+07:30: ") + tail;
    for (std::size_t size = 0; size <= line.size(); ++size) {
        const auto event = read_port_event(std::string_view(line).substr(0, size));
        if (event) {
            EXPECT_EQ(event->mac->text(), "00:13:1a:41:54:4e") << size;
        }
    }
    EXPECT_FALSE(read_port_event(std::string(longest_event_line, 'x') + tail));
}

}  // namespace
}  // namespace garita::access
