#include "adapters/ios/mac_table.hpp"

#include "adapters/ios/mac_address.hpp"
#include "reading.hpp"

namespace garita::ios {
namespace {

std::string entry_text(const MacEntry& entry) {
    std::string out = entry.shown_vlan + " " + dotted(entry.mac) + " " + entry.type;
    for (const auto& place : entry.ports)
        out += " " + (place.port ? place.port->short_text() : "<" + place.shown + ">");
    if (!entry.flags.empty()) out += " flags " + entry.flags;
    if (!entry.section.empty()) out += " in " + entry.section;
    return out;
}

std::vector<std::string> entries_of(std::string_view text) {
    const auto entries = read_by(parse_mac_table, text);
    if (!entries) return {"ERROR " + entries.error().text};
    std::vector<std::string> out;
    for (const auto& entry : *entries)
        out.push_back(entry_text(entry));
    return out;
}

using Texts = std::vector<std::string>;

constexpr auto* usual = R"(
          Mac Address Table
-------------------------------------------

Vlan    Mac Address       Type        Ports
----    -----------       --------    -----
 All    0100.0ccc.cccc    STATIC      CPU
  10    0050.56aa.0101    DYNAMIC     Gi1/0/1
  10    0050.56aa.0102    STATIC      Po1
  20    0050.56aa.0103    STATIC      Drop
Total Mac Addresses for this criterion: 4
)";

TEST(MacTable, TheUsualLayout) {
    EXPECT_EQ(entries_of(usual),
              (Texts{"All 0100.0ccc.cccc static <CPU>", "10 0050.56aa.0101 dynamic Gi1/0/1",
                     "10 0050.56aa.0102 static Po1", "20 0050.56aa.0103 static <Drop>"}));
}

TEST(MacTable, OldSwitchesBeginWithTheAddress) {
    EXPECT_EQ(entries_of(R"(
Dynamic Addresses Count:               1
Secure Addresses (User-defined) Count: 1
Total MAC addresses:                   2
Non-static Address Table:
Destination Address  Address Type  VLAN  Destination Port
-------------------  ------------  ----  --------------------
0050.56aa.0101       Dynamic          1  FastEthernet0/1
0050.56aa.0102       Secure           2  FastEthernet0/5
)"),
              (Texts{"1 0050.56aa.0101 dynamic Fa0/1 in Non-static Address Table",
                     "2 0050.56aa.0102 secure Fa0/5 in Non-static Address Table"}));
}

TEST(MacTable, ProtocolsAndMulticastsOverSeveralLines) {
    EXPECT_EQ(entries_of(R"(
Unicast Entries
 vlan     mac address     type        protocols               port
---------+---------------+--------+---------------------+-------------------------
  46      0050.56aa.0101   dynamic ip,ipx,assigned,other TenGigabitEthernet5/1
  48      0050.56aa.0102    static ip,ipx,assigned,other Switch

Multicast Entries
 vlan     mac address     type    ports
---------+---------------+--------+--------------------------------------------
   1      ffff.ffff.ffff   system
  46      ffff.ffff.ffff   system Gi1/13,Gi1/14,
                                  Te5/1,Switch
  50      ffff.ffff.ffff   system Gi7/16
)"),
              (Texts{"46 0050.56aa.0101 dynamic Te5/1 in Unicast Entries",
                     "48 0050.56aa.0102 static <Switch> in Unicast Entries",
                     "1 ffff.ffff.ffff system in Multicast Entries",
                     "46 ffff.ffff.ffff system Gi1/13 Gi1/14 Te5/1 <Switch> in Multicast Entries",
                     "50 ffff.ffff.ffff system Gi7/16 in Multicast Entries"}));
}

TEST(MacTable, FlagsLearnAgeAndParts) {
    EXPECT_EQ(entries_of(R"(
Legend: * - primary entry
        age - seconds since last seen
        n/a - not available
        # - Fabric mac address entry. Clear mac cli doesn't clear this entry

Displaying entries from active supervisor::

      vlan   mac address    type   learn    age                 ports
-----+----+---------------+-------+-----+----------+-----------------------------
         75 0050.56aa.0101  dynamic  Yes        0     Te2/5/4
 *       10 0050.56aa.0102  dynamic  Yes      265     Po4
   R    459 0050.56aa.0103   static   No       -      Router
   S     67 0050.56aa.0104   static   No      n/a     Te1/5/11
 *  R   728 0050.56aa.0105   static  Yes       -
Displaying entries from DFC switch [1] linecard [2]:
     vlan   mac address    type   learn    age                 ports
----+----+---------------+-------+-----+----------+-----------------------------
        420 0050.56aa.0106  dynamic  Yes      160     Po140
)"),
              (Texts{"75 0050.56aa.0101 dynamic Te2/5/4 in active supervisor",
                     "10 0050.56aa.0102 dynamic Po4 flags * in active supervisor",
                     "459 0050.56aa.0103 static <Router> flags R in active supervisor",
                     "67 0050.56aa.0104 static Te1/5/11 flags S in active supervisor",
                     "728 0050.56aa.0105 static flags *R in active supervisor",
                     "420 0050.56aa.0106 dynamic Po140 in DFC switch [1] linecard [2]"}));
}

TEST(MacTable, AQosColumnAndNoVlan) {
    EXPECT_EQ(entries_of(R"(
Codes: * - primary entry

  vlan   mac address     type    learn qos            ports
------+----------------+--------+-----+---+--------------------------
*  ---  0000.0000.0000    static  No   -- Router
*   25  0050.56aa.0101   dynamic  Yes  -- Gi4/5
*   25  0100.5e00.0005    static  Yes  -- Gi4/1,Gi4/2,Router,Stby-Switch
)"),
              (Texts{"--- 0000.0000.0000 static <Router> flags *", "25 0050.56aa.0101 dynamic Gi4/5 flags *",
                     "25 0100.5e00.0005 static Gi4/1 Gi4/2 <Router> <Stby-Switch> flags *"}));
}

TEST(MacTable, KindsOfPlacesThatAreNoPorts) {
    const auto entries =
        entries_of(replaced(replaced(usual, "Gi1/0/1", "Gi1/0/1, Gi1/0/2"), "Po1", "pw100001,Vl10"));
    ASSERT_EQ(entries.size(), 4U);
    EXPECT_EQ(entries[1], "10 0050.56aa.0101 dynamic Gi1/0/1 Gi1/0/2");
    EXPECT_EQ(entries[2], "10 0050.56aa.0102 static <pw100001> Vl10");
}

TEST(MacTable, PartsOfARouter) {
    EXPECT_EQ(
        entries_of(R"(
EHWIC: 0
Destination Address  Address Type  VLAN  Destination Port
-------------------  ------------  ----  --------------------
0050.56aa.0101          Self          1     Vlan1
EHWIC: 1
Destination Address  Address Type  VLAN  Destination Port
-------------------  ------------  ----  --------------------
0050.56aa.0102          Dynamic      10     GigabitEthernet0/1/3
)"),
        (Texts{"1 0050.56aa.0101 self Vl1 in EHWIC: 0", "10 0050.56aa.0102 dynamic Gi0/1/3 in EHWIC: 1"}));
}

TEST(MacTable, MayBeEmpty) {
    EXPECT_EQ(
        entries_of(
            "Vlan    Mac Address       Type        Ports\n----    -----------       --------    -----\n"),
        Texts{});
    EXPECT_EQ(entries_of("          Mac Address Table\n-------------------\n\nNo entries present.\n"),
              Texts{});
}

TEST(MacTable, WhatIsNotUnderstoodIsRefused) {
    const auto with = [](std::string_view what, std::string_view by) {
        return complaint(parse_mac_table, replaced(usual, what, by));
    };
    EXPECT_NE(with("  10    0050", "  ten   0050").find("line 7: "), std::string::npos);
    EXPECT_NE(with("  10    0050", "  0     0050").find("line 7: "), std::string::npos);
    EXPECT_NE(with("0050.56aa.0101", "0050.56aa.01zz").find("line 7: "), std::string::npos);
    EXPECT_NE(with("DYNAMIC     ", "           ").find("line 7: "), std::string::npos);
    EXPECT_NE(with("DYNAMIC     ", "DYNAMIC Yes ").find("line 7: "), std::string::npos);
    EXPECT_NE(with("Po1", "Po").find("line 8: "), std::string::npos);
    EXPECT_NE(with("Vlan    Mac Address       Type        Ports\n", "").find("line 5: "), std::string::npos);
    EXPECT_NE(with("Type        Ports", "Type        Colour").find("line 4: "), std::string::npos);
    EXPECT_NE(with("Total Mac Addresses for this", "Something else").find("line 10: "), std::string::npos);
    EXPECT_NE(complaint(parse_mac_table, "Port Security : Enabled\n"), "read");
}

TEST(MacTable, ARowThatALogMessageBrokeIsRefused) {
    EXPECT_NE(complaint(parse_mac_table,
                        replaced(usual, "  10    0050.56aa.0102",
                                 "  10    0050.5\n*Mar  1 00:00:00: %LINK-3-UPDOWN: Interface\n6aa.0102")),
              "read");
}

}  // namespace
}  // namespace garita::ios
