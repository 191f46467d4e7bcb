#include "adapters/ios/switchport.hpp"

#include "adapters/ios/etherchannel.hpp"
#include "reading.hpp"

namespace garita::ios {
namespace {

constexpr auto* two_ports = R"(
Name: Gi1/0/1
Switchport: Enabled
Administrative Mode: static access
Operational Mode: static access
Administrative Trunking Encapsulation: dot1q
Negotiation of Trunking: Off
Access Mode VLAN: 10 (OFFICE)
Trunking Native Mode VLAN: 1 (default)
Voice VLAN: 200 (PHONES)
Administrative private-vlan mapping: none
Trunking VLANs Enabled: ALL
Pruning VLANs Enabled: 2-1001
Capture Mode Disabled
Capture VLANs Allowed: ALL

Protected: false
Appliance trust: none

Name: Te1/1/1
Switchport: Enabled
Administrative Mode: trunk
Operational Mode: trunk (member of bundle Po1)
Access Mode VLAN: 1 (default)
Voice VLAN: none
Trunking VLANs Enabled: 1,12,15,31-36,40-42,80,85,101,201,240,410,420,602,604,
     900,910
Pruning VLANs Enabled: 2-1001,
     1002
)";

TEST(Switchport, AccessPortAndMemberOfABundle) {
    const auto ports = read_by(parse_switchports, two_ports);
    ASSERT_TRUE(ports) << ports.error().text;
    ASSERT_EQ(ports->size(), 2U);
    const auto& access = (*ports)[0];
    EXPECT_EQ(access.shown_port, "Gi1/0/1");
    EXPECT_TRUE(access.enabled);
    EXPECT_EQ(access.administrative, "static access");
    EXPECT_EQ(access.operational, "static access");
    EXPECT_EQ(access.access_vlan, 10);
    EXPECT_EQ(access.access_vlan_name, "OFFICE");
    EXPECT_EQ(access.native_vlan, 1);
    EXPECT_EQ(access.voice_vlan, 200);
    EXPECT_EQ(access.trunk_vlans, "ALL");
    const auto& trunk = (*ports)[1];
    EXPECT_EQ(trunk.operational, "trunk");
    EXPECT_EQ(trunk.bundle, "Po1");
    EXPECT_FALSE(trunk.voice_vlan);
    EXPECT_EQ(trunk.shown_voice_vlan, "none");
    EXPECT_EQ(trunk.trunk_vlans, "1,12,15,31-36,40-42,80,85,101,201,240,410,420,602,604,900,910");
}

TEST(Switchport, ARoutedPortSaysNoMore) {
    const auto ports = read_by(parse_switchports, "Name: Gi1/0/1\nSwitchport: Disabled\n");
    ASSERT_TRUE(ports) << ports.error().text;
    EXPECT_FALSE((*ports)[0].enabled);
}

TEST(Switchport, OtherSpellings) {
    const auto ports = read_by(parse_switchports, R"(
Name: Fa0/1
Switchport: Enabled
Administrative mode: dynamic desirable
Operational Mode: down (suspended member of bundle Po2)
Access Mode VLAN: 77 (Inactive)
Voice VLAN: dot1p
Administrative private-vlan mapping: 10 (VLAN0010) 20 (VLAN0020)
     30 (VLAN0030)
)");
    ASSERT_TRUE(ports) << ports.error().text;
    EXPECT_EQ((*ports)[0].administrative, "dynamic desirable");
    EXPECT_EQ((*ports)[0].operational, "down");
    EXPECT_EQ((*ports)[0].bundle, "Po2");
    EXPECT_EQ((*ports)[0].access_vlan_name, "Inactive");
    EXPECT_EQ((*ports)[0].shown_voice_vlan, "dot1p");
}

TEST(Switchport, WhatIsNotUnderstoodIsRefused) {
    const auto with = [](std::string_view what, std::string_view by) {
        return complaint(parse_switchports, replaced(two_ports, what, by));
    };
    EXPECT_NE(with("Name: Gi1/0/1\n", "").find("line 1: "), std::string::npos);
    EXPECT_NE(with("Name: Gi1/0/1", "Name: 1/0/1").find("line 1: "), std::string::npos);
    EXPECT_NE(with("Switchport: Enabled", "Switchport: Perhaps").find("line 2: "), std::string::npos);
    EXPECT_NE(with("10 (OFFICE)", "ten").find("line 7: "), std::string::npos);
    EXPECT_NE(with("10 (OFFICE)", "10 OFFICE").find("line 7: "), std::string::npos);
    EXPECT_NE(with("200 (PHONES)", "some").find("line 9: "), std::string::npos);
    EXPECT_NE(with("Capture Mode Disabled", "Capture Mode Wild").find("line 13: "), std::string::npos);
    EXPECT_NE(with("     900,910", "     900,abc").find("line 26: "), std::string::npos);
    EXPECT_NE(with("(member of bundle Po1)", "(member of bundle x)").find("line 22: "), std::string::npos);
    EXPECT_NE(with("Operational Mode: trunk (member of bundle Po1)\n", "").find("Operational Mode"),
              std::string::npos);
    EXPECT_NE(with("Voice VLAN: none", "Operational Mode: trunk").find("twice"), std::string::npos);
}

TEST(Switchport, APortThatIsCutOffIsRefused) {
    const std::string whole =
        std::string(two_ports).substr(1, std::string(two_ports).find("Trunking Native") - 1);
    EXPECT_EQ(complaint(parse_switchports, whole), "read");
    const auto needed = whole.find(" (OFFICE)");
    for (std::size_t size = 0; size < needed; ++size) {
        if (whole.substr(0, size).ends_with("VLAN: 1")) continue;  // the "1" of "10": nobody can tell
        EXPECT_NE(complaint(parse_switchports, whole.substr(0, size)), "read") << whole.substr(0, size);
    }
}

constexpr auto* bundles = R"(
Flags:  D - down        P - bundled in port-channel
        I - stand-alone s - suspended
        M - not in use, minimum links not met

        w - waiting to be aggregated
Number of channel-groups in use: 3
Number of aggregators:           3

Group  Port-channel  Protocol    Ports
------+-------------+-----------+-----------------------------------------------
1      Po1(SU)         LACP      Te6/4(P)       Te3/5(D)
                                 Te5/5(w)
3      Po3(RU)          -        Gi1/0/1(P)
14     Po14(SD)        PAgP
)";

TEST(Etherchannel, GroupsOverSeveralLines) {
    const auto groups = read_by(parse_etherchannel_summary, bundles);
    ASSERT_TRUE(groups) << groups.error().text;
    ASSERT_EQ(groups->size(), 3U);
    EXPECT_EQ((*groups)[0].group, 1);
    EXPECT_EQ((*groups)[0].shown_bundle, "Po1");
    EXPECT_EQ((*groups)[0].flags, "SU");
    EXPECT_EQ((*groups)[0].protocol, "LACP");
    ASSERT_EQ((*groups)[0].members.size(), 3U);
    EXPECT_EQ((*groups)[0].members[2].shown_port, "Te5/5");
    EXPECT_EQ((*groups)[0].members[2].flags, "w");
    EXPECT_EQ((*groups)[1].protocol, "");
    EXPECT_TRUE((*groups)[2].members.empty());
}

TEST(Etherchannel, WithoutProtocolsAndWithALegendBelow) {
    const auto groups = read_by(parse_etherchannel_summary, R"(
Flags:  D - down        P - in port-channel
Group Port-channel  Ports
-----+------------+-----------------------------------------------------------
1     Po1(SU)      Fa0/1(P) Fa0/2(P)

Last applied Hash Distribution Algorithm: Adaptive
RU - L3 port-channel UP State
P/bndl -  Bundled
)");
    ASSERT_TRUE(groups) << groups.error().text;
    ASSERT_EQ(groups->size(), 1U);
    EXPECT_EQ((*groups)[0].members.size(), 2U);
}

TEST(Etherchannel, NoneAtAll) {
    const auto groups = read_by(parse_etherchannel_summary, R"(
Flags:  D - down        P - bundled in port-channel
Number of channel-groups in use: 0
Number of aggregators:           0

Group  Port-channel  Protocol    Ports
------+-------------+-----------+-----------------------------------------------
)");
    ASSERT_TRUE(groups) << groups.error().text;
    EXPECT_TRUE(groups->empty());
}

TEST(Etherchannel, WhatIsNotUnderstoodIsRefused) {
    const auto with = [](std::string_view what, std::string_view by) {
        return complaint(parse_etherchannel_summary, replaced(bundles, what, by));
    };
    EXPECT_NE(with("Te3/5(D)", "Te3/5(").find("line 11: "), std::string::npos);
    EXPECT_NE(with("Te3/5(D)", "3/5(D)").find("line 11: "), std::string::npos);
    EXPECT_NE(with("Po1(SU)", "Gi1(SU)").find("line 11: "), std::string::npos);
    EXPECT_NE(with("LACP", "LCAP").find("line 11: "), std::string::npos);
    EXPECT_NE(with("1      Po1", "x      Po1").find("line 11: "), std::string::npos);
    EXPECT_NE(with("14     Po14(SD)        PAgP\n", "").find("2 of 3 groups"), std::string::npos);
    EXPECT_NE(complaint(parse_etherchannel_summary, "Port  Name\n").find("line 1: "), std::string::npos);
    const std::string legend = std::string(bundles).substr(0, std::string(bundles).find("Group  "));
    EXPECT_NE(complaint(parse_etherchannel_summary, legend).find("without the head"), std::string::npos);
}

}  // namespace
}  // namespace garita::ios
