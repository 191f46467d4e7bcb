#include "adapters/ios/command.hpp"

#include <gtest/gtest.h>

namespace garita::ios {
namespace {

TEST(ShowCommand, IsKnownInTheAbbreviationsOfIos) {
    const auto show = [](const char* typed) {
        const auto command = parse_show_command(typed);
        EXPECT_TRUE(command) << typed;
        return command ? command->show : Show::version;
    };
    for (const auto* typed : {"show port-security interface GigabitEthernet1/0/1", "sh port-sec int gi1/0/1",
                              "SHOW PORT-SECURITY INT Gi 1/0/1", "  sh  port-s i fa0/1 "})
        EXPECT_EQ(show(typed), Show::port_security_interface) << typed;
    EXPECT_EQ(show("sh port-security"), Show::port_security);
    EXPECT_EQ(show("sh port-security add"), Show::port_security_address);
    EXPECT_EQ(show("show port-security interface Gi1/0/1 address"), Show::port_security_address);
    for (const auto* typed : {"show mac address-table", "show mac-address-table", "sh mac addr", "sh mac-add",
                              "show mac address-table address 0011.2233.4455", "sh mac add int gi1/0/1",
                              "show mac address-table dynamic vlan 5", "show mac address-table | include Gi"})
        EXPECT_EQ(show(typed), Show::mac_table) << typed;
    for (const auto* typed : {"show interfaces status", "sh int stat", "show interface Gi1/0/1 status"})
        EXPECT_EQ(show(typed), Show::interface_status) << typed;
    EXPECT_EQ(show("sh int status err"), Show::interface_err_disabled);
    EXPECT_EQ(show("show interfaces switchport"), Show::interface_switchport);
    EXPECT_EQ(show("sh int gi1/0/1 sw"), Show::interface_switchport);
    EXPECT_EQ(show("sh ether sum"), Show::etherchannel_summary);
    EXPECT_EQ(show("show etherchannel 5 summary"), Show::etherchannel_summary);
    EXPECT_EQ(show("sh ver"), Show::version);
    EXPECT_EQ(show("sh run int gi1/0/1"), Show::running_interface);
}

TEST(ShowCommand, NamesThePort) {
    const auto command = parse_show_command("sh port-sec int gig 1/0/1");
    ASSERT_TRUE(command && command->port);
    EXPECT_EQ(command->port->short_text(), "Gi1/0/1");
    EXPECT_FALSE(parse_show_command("show version")->port);
}

TEST(ShowCommand, OthersAreNotKnown) {
    for (const auto* typed :
         {"", "show", "show ip route", "show interfaces", "show port-security interface", "show version 5",
          "show port-security interface x", "conf t", "show mac address-table count", "sh mac add aging",
          "show running-config", "showw version"}) {
        const auto command = parse_show_command(typed);
        ASSERT_FALSE(command) << typed;
        EXPECT_EQ(command.error().code, ErrorCode::not_found) << typed;
    }
    EXPECT_EQ(parse_show_command("sh int s").error().code, ErrorCode::conflict);
    EXPECT_FALSE(parse_show_command(std::string(10'000, 'x')));
    EXPECT_EQ(known_show_commands().size(), 16U);
}

}  // namespace
}  // namespace garita::ios
