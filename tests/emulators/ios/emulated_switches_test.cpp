// The emulated switches as tests in C++ use them.

#include "support/emulated_switches.hpp"

#include <gtest/gtest.h>

namespace garita::testing_support {
namespace {

TEST(EmulatedSwitches, AreStartedAskedAndEnded) {
    EmulatedSwitches switches(
        GARITA_SOURCE_DIR,
        {{"switches",
          {{{"name", "sw1"},
            {"telnet", 0},
            {"config", "interface Gi1/0/1\n switchport mode access\n switchport port-security\n"}},
           {{"name", "sw2"}, {"address", "127.0.0.9"}}}}});
    EXPECT_EQ(switches.address("sw2").host, "127.0.0.9");
    EXPECT_NE(switches.address("sw1").ssh, switches.address("sw1").telnet);
    EXPECT_EQ(switches.address("sw2").telnet, 0);
    EXPECT_EQ(switches.at("sw1").at("ssh"), switches.address("sw1").ssh);
    EXPECT_NE(switches.address("sw1").fingerprint, switches.address("sw2").fingerprint);
    const auto frame = [&](const char* mac) {
        return switches.ask("sw1", "frame", {{"port", "Gi1/0/1"}, {"mac", mac}});
    };
    EXPECT_EQ(frame("00:11:22:33:44:55"), "learned");
    EXPECT_EQ(frame("00:11:22:33:44:66"), "violation");
    EXPECT_EQ(switches.ask("sw1", "port", {{"port", "Gi1/0/1"}}).at("error"), "psecure-violation");
    EXPECT_EQ(switches.ask("*", "counts").as_array().size(), 2U);
    EXPECT_THROW(switches.ask("sw2", "port", {{"port", "Gi9/9"}}), std::runtime_error);
}

TEST(EmulatedSwitches, AWrongDescriptionIsNoSwitch) {
    EXPECT_THROW(EmulatedSwitches(GARITA_SOURCE_DIR,
                                  {{"switches", {{{"name", "sw1"}, {"config", "interface Gi1/0/77"}}}}}),
                 std::runtime_error);
}

}  // namespace
}  // namespace garita::testing_support
