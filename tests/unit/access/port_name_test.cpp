#include "access/port_name.hpp"

#include <gtest/gtest.h>

namespace garita::access {
namespace {

TEST(PortName, AllSpellingsOfAPortAreTheSame) {
    const auto port = PortName::parse("GigabitEthernet1/0/1");
    ASSERT_TRUE(port);
    for (const auto* other :
         {"Gi1/0/1", "gi1/0/1", "GI1/0/1", "gig1/0/1", "GigabitEthernet 1/0/1", "Gi 1/0/1"})
        EXPECT_EQ(PortName::parse(other), port) << other;
    EXPECT_EQ(port->text(), "GigabitEthernet1/0/1");
    EXPECT_EQ(port->short_text(), "Gi1/0/1");
    EXPECT_TRUE(port->is_physical());
}

TEST(PortName, KindsThatBeginAlikeAreToldApart) {
    const auto long_name = [](const char* text) {
        const auto port = PortName::parse(text);
        return port ? port->text() : std::string("none");
    };
    EXPECT_EQ(long_name("Te1/1"), "TenGigabitEthernet1/1");
    EXPECT_EQ(long_name("Tw1/0/1"), "TwoGigabitEthernet1/0/1");
    EXPECT_EQ(long_name("Twe1/0/1"), "TwentyFiveGigE1/0/1");
    EXPECT_EQ(long_name("TwoH1/0/1"), "TwoHundredGigE1/0/1");
    EXPECT_EQ(long_name("Fi1/0/1"), "FiveGigabitEthernet1/0/1");
    EXPECT_EQ(long_name("Fif1/0/1"), "FiftyGigE1/0/1");
    EXPECT_EQ(long_name("Fo1/1/1"), "FortyGigabitEthernet1/1/1");
    EXPECT_EQ(long_name("Fou1/1/1"), "FourHundredGigE1/1/1");
    EXPECT_EQ(long_name("Hu1/0/49"), "HundredGigE1/0/49");
    EXPECT_EQ(long_name("HundredGigabitEthernet1/0/49"), "HundredGigE1/0/49");
    EXPECT_EQ(long_name("Fa0/14"), "FastEthernet0/14");
    EXPECT_EQ(long_name("Et0/1"), "Ethernet0/1");
    EXPECT_EQ(long_name("Eth1"), "Ethernet1");
    EXPECT_EQ(long_name("Ap1/0/1"), "AppGigabitEthernet1/0/1");
    EXPECT_EQ(long_name("Po12"), "Port-channel12");
    EXPECT_EQ(long_name("port-channel1"), "Port-channel1");
    EXPECT_EQ(long_name("Vl10"), "Vlan10");
    EXPECT_EQ(long_name("Gi1/0/1.100"), "GigabitEthernet1/0/1.100");
}

TEST(PortName, WhatIsNoPortOrCouldBeSeveralIsRefused) {
    for (const auto* text : {"",
                             "G",
                             "T1/0/1",
                             "F0/1",
                             "Two1/0/1",
                             "Gi",
                             "GigabitEthernet",
                             "Gi1/",
                             "Gi/1",
                             "Gi1//1",
                             "Gi1/0/x",
                             "Gi1/0/1 ",
                             " Gi1/0/1",
                             "1/0/1",
                             "CPU",
                             "Router",
                             "Gi70000/1",
                             "Gi1/0/1.",
                             "Gi1/0/1.0",
                             "Gi-1",
                             "Gi+1",
                             "Xy1/0/1",
                             "Gi1/2/3/4/5/6",
                             "GigabitEthernets1/0/1",
                             "Gi1.2.3"})
        EXPECT_FALSE(PortName::parse(text)) << text;
    EXPECT_FALSE(PortName::parse(std::string(1000, 'G')));
}

TEST(PortName, OnlyPortsForCablesArePhysical) {
    for (const auto* text : {"Po1", "Vlan1", "Gi1/0/1.5", "Ap1/0/1", "Lo0", "Null0"})
        EXPECT_FALSE(PortName::parse(text)->is_physical()) << text;
    for (const auto* text : {"Fa0/1", "Te1/1", "Et0/0", "Fou1/0/1"})
        EXPECT_TRUE(PortName::parse(text)->is_physical()) << text;
}

TEST(PortName, WrittenAndReadAgainItIsTheSame) {
    for (const auto* text : {"Fa0/1", "Te1/1/4", "Po48", "Gi1/0/1.4094", "Twe2/0/32", "Eth0", "BD5", "Tu1"}) {
        const auto port = PortName::parse(text);
        ASSERT_TRUE(port) << text;
        EXPECT_EQ(PortName::parse(port->text()), port);
        EXPECT_EQ(PortName::parse(port->short_text()), port);
    }
}

}  // namespace
}  // namespace garita::access
