// What is done to a port, what is refused, and what is taken back, as the switch itself shows it.

#include "port_world.hpp"

namespace garita::ios {
namespace {

using Kind = access::PortOutcome::Kind;

TEST_F(PortWorkTest, TheNewDeviceTakesThePlaceOfTheOldOne) {
    start_with(desk_port + old_line + on);
    plug("Gi1/0/1", one_mac);
    const auto done = work(order());
    ASSERT_EQ(done.kind, Kind::secured) << done.why << log_.text();
    EXPECT_TRUE(is_secured());
    EXPECT_EQ(text_of("running").find(other_mac), std::string::npos);
    EXPECT_EQ(done.facts.at("replaced"), "00:50:56:aa:01:02");
    EXPECT_EQ(kept_, 1);
    const auto again = work(order());
    EXPECT_EQ(again.kind, Kind::already) << again.why;
    EXPECT_EQ(kept_, 1) << "nothing was changed";
}

TEST_F(PortWorkTest, APortThatWasTakenOutOfServiceComesBack) {
    start_with(" switchport mode access\n switchport port-security mac-address 0050.56aa.0102\n" +
               std::string(on));
    plug("Gi1/0/1", one_mac);
    ASSERT_NE(text_of("port", "Gi1/0/1").find("psecure-violation"), std::string::npos);
    const auto done = work(order());
    ASSERT_EQ(done.kind, Kind::secured) << done.why << log_.text();
    EXPECT_TRUE(is_secured());
    EXPECT_EQ(text_of("port", "Gi1/0/1").find("psecure-violation"), std::string::npos);
}

TEST_F(PortWorkTest, ADeviceThatMovedIsTakenOutWhereItWas) {
    start_with(desk_port + old_line + on,
               "interface GigabitEthernet1/0/2\n" + desk_port +
                   " switchport port-security mac-address sticky 0050.56aa.0101\n" + on);
    plug("Gi1/0/1", one_mac);
    const auto done = work(order());
    ASSERT_EQ(done.kind, Kind::secured) << done.why << log_.text();
    EXPECT_TRUE(is_secured());
    EXPECT_FALSE(lets_in(text_of("running"), "GigabitEthernet1/0/2"));
    EXPECT_FALSE(lets_in(text_of("startup"), "GigabitEthernet1/0/2"));
    EXPECT_EQ(done.facts.at("moved_from"), "GigabitEthernet1/0/2");
}

TEST_F(PortWorkTest, AnAddressThatWasOnlyLearntIsWritten) {
    start_with(" switchport mode access\n switchport port-security violation restrict\n" + std::string(on));
    plug("Gi1/0/1", one_mac);
    const auto done = work(order());
    ASSERT_EQ(done.kind, Kind::secured) << done.why << log_.text();
    EXPECT_TRUE(is_secured());
}

TEST_F(PortWorkTest, ATelephoneIsLetIntoTheVoiceVlanOnly) {
    start_with(
        " switchport mode access\n switchport access vlan 1\n switchport voice vlan 20\n"
        " switchport port-security maximum 2\n switchport port-security maximum 1 vlan access\n"
        " switchport port-security maximum 1 vlan voice\n switchport port-security violation restrict\n"
        " switchport port-security mac-address 0050.56aa.0102 vlan access\n"
        " switchport port-security mac-address 0200.0100.0001 vlan voice\n" +
        std::string(on));
    switches_->ask("sw1", "frame", {{"port", "Gi1/0/1"}, {"mac", one_mac}, {"voice", true}});
    const auto done = work(order());
    ASSERT_EQ(done.kind, Kind::secured) << done.why << log_.text();
    EXPECT_NE(text_of("running").find("mac-address 0050.56aa.0101 vlan voice"), std::string::npos);
    EXPECT_NE(text_of("running").find("mac-address 0050.56aa.0102 vlan access"), std::string::npos);
    EXPECT_EQ(done.facts.at("replaced"), "02:00:01:00:00:01");
}

TEST_F(PortWorkTest, ADryRunSendsNothing) {
    start_with(desk_port + old_line + on);
    plug("Gi1/0/1", one_mac);
    auto wanted = order();
    wanted.mode = access::PortOrder::Mode::only_plan;
    const auto planned = work(wanted);
    ASSERT_EQ(planned.kind, Kind::planned) << planned.why;
    EXPECT_NE(std::find(planned.commands.begin(), planned.commands.end(),
                        "switchport port-security mac-address sticky 0050.56aa.0101"),
              planned.commands.end());
    EXPECT_EQ(planned.commands.back(), "write memory");
    EXPECT_TRUE(is_as_before());
    EXPECT_EQ(kept_, 0);
}

struct Refusal {
    const char* name;
    std::string lines;
    const char* why;
    const char* port = "Gi1/0/1";
    const char* more = "";
    std::vector<const char*> talking{one_mac};
};

class RefusedPort : public PortWorkTest, public ::testing::WithParamInterface<Refusal> {};

TEST_P(RefusedPort, IsNotTouched) {
    const auto& row = GetParam();
    start_with(row.lines, row.more);
    for (const auto* mac : row.talking)
        plug("Gi1/0/1", mac);
    auto wanted = order(row.port);
    wanted.never = {port("Gi1/0/9")};
    const auto running = text_of("running");
    const auto done = work(wanted);
    EXPECT_EQ(done.kind, Kind::refused) << log_.text();
    EXPECT_EQ(done.why, row.why) << log_.text();
    EXPECT_EQ(text_of("running"), running);
    EXPECT_EQ(text_of("startup"), startup_);
    EXPECT_EQ(kept_, 0);
}

const std::string full_line = " switchport port-security mac-address sticky 0050.56aa.0103\n";

INSTANTIATE_TEST_SUITE_P(
    Checks, RefusedPort,
    ::testing::Values(
        Refusal{"trunk", " switchport mode trunk\n", "access.why.trunk"},
        Refusal{"dynamic", " switchport mode dynamic auto\n", "access.why.dynamic"},
        Refusal{"routed", " no switchport\n", "access.why.routed"},
        Refusal{"bundle", " switchport mode access\n channel-group 1 mode on\n", "access.why.bundle"},
        Refusal{"dot1x", " switchport mode access\n authentication port-control auto\n mab\n",
                "access.why.dot1x"},
        Refusal{"uplink", " description UPLINK to core\n" + desk_port + old_line + on, "access.why.uplink"},
        Refusal{"unwatched", " switchport mode access\n", "access.why.no_port_security"},
        Refusal{"shut_down", desk_port + old_line + on + " shutdown\n", "access.why.shut_down"},
        Refusal{"unplugged", desk_port + old_line + on, "access.why.down", "Gi1/0/1", "", {}},
        Refusal{
            "hub", desk_port + old_line + on, "access.why.hub", "Gi1/0/1", "", {one_mac, "0050.56aa.0199"}},
        Refusal{"old_device_still_there",
                desk_port + old_line + on,
                "access.why.hub",
                "Gi1/0/1",
                "",
                {one_mac, other_mac}},
        Refusal{"full", desk_port + " switchport port-security maximum 2\n" + old_line + full_line + on,
                "access.why.full"},
        Refusal{"never", desk_port + on, "access.why.never", "Gi1/0/9"},
        Refusal{"bundle_itself", desk_port + on, "access.why.not_a_port", "Po1"},
        Refusal{"elsewhere_on_a_trunk", desk_port + old_line + on, "access.why.elsewhere access.why.trunk",
                "Gi1/0/1",
                "interface GigabitEthernet1/0/3\n switchport mode trunk\n"
                " switchport port-security mac-address 0050.56aa.0101\n switchport port-security\n"},
        Refusal{"elsewhere_never", desk_port + old_line + on, "access.why.elsewhere access.why.never",
                "Gi1/0/1",
                "interface GigabitEthernet1/0/9\n switchport mode access\n"
                " switchport port-security mac-address 0050.56aa.0101\n switchport port-security\n"}),
    [](const auto& row) { return std::string(row.param.name); });

struct Neighbour {
    const char* name;
    const char* capabilities;
    bool refused;
};

class PortWithNeighbour : public PortWorkTest, public ::testing::WithParamInterface<Neighbour> {};

TEST_P(PortWithNeighbour, IsRefusedWhereItSaysToBeASwitch) {
    const boost::json::object neighbour{{"device", "sw1#"},
                                        {"address", "10.1.1.2"},
                                        {"platform", "cisco WS-C2960-8TC-L"},
                                        {"capabilities", GetParam().capabilities},
                                        {"port", "GigabitEthernet1/0/1"},
                                        {"remote", "GigabitEthernet0/1"}};
    start({{"config", "interface GigabitEthernet1/0/1\n" + (desk_port + old_line + on)},
           {"neighbors", boost::json::array{neighbour}}});
    look_at(1);
    plug("Gi1/0/1", one_mac);
    const auto done = work(order());
    EXPECT_EQ(done.kind == Kind::refused && done.why == "access.why.uplink", GetParam().refused)
        << log_.text();
    EXPECT_EQ(is_as_before(), GetParam().refused);
}

INSTANTIATE_TEST_SUITE_P(Cdp, PortWithNeighbour,
                         ::testing::Values(Neighbour{"switch", "Switch IGMP", true},
                                           Neighbour{"router", "Router Switch IGMP", true},
                                           Neighbour{"phone", "Host Phone Two-port Mac Relay", false},
                                           Neighbour{"server", "Host", false}),
                         [](const auto& row) { return std::string(row.param.name); });

TEST_F(PortWorkTest, APortThatIsDisabledForAnotherReasonIsLeftAlone) {
    start_with(desk_port + old_line + on);
    plug("Gi1/0/1", one_mac);
    switches_->ask("sw1", "disable", {{"port", "Gi1/0/1"}, {"cause", "bpduguard"}});
    const auto done = work(order());
    EXPECT_EQ(done.kind, Kind::refused);
    EXPECT_EQ(done.why, "access.why.err_disabled");
    EXPECT_EQ(done.facts.at("reason"), "bpduguard");
}

struct BadDay {
    const char* name;
    boost::json::object modes;
};

class BadDayAtThePort : public PortWorkTest, public ::testing::WithParamInterface<BadDay> {};

TEST_P(BadDayAtThePort, LeavesItAsItWas) {
    start_with(desk_port + old_line + on);
    plug("Gi1/0/1", one_mac);
    modes(GetParam().modes);
    const auto done = work(order());
    EXPECT_TRUE(done.kind == Kind::undone || done.kind == Kind::refused) << log_.text();
    EXPECT_FALSE(done.why.empty());
    EXPECT_TRUE(is_as_before()) << text_of("running") << log_.text();
}

INSTANTIATE_TEST_SUITE_P(
    Modes, BadDayAtThePort,
    ::testing::Values(
        BadDay{"lying", {{"lying", true}}}, BadDay{"the_save_lies", {{"lying_save", true}}},
        BadDay{"the_save_fails",
               {{"save_error", "startup-config file open failed (Device or resource busy)"}}},
        BadDay{"secure_is_refused",
               {{"refuse_commands",
                 {{"^switchport port-security mac-address sticky 0050.56aa.0101", "% Invalid input"}}}}},
        BadDay{"aaa_forbids_to_configure", {{"deny", {"^configure"}}}},
        BadDay{"aaa_forbids_to_secure",
               {{"deny", {"^switchport port-security mac-address sticky 0050.56aa.0101"}}}},
        BadDay{"locked", {{"config_locked", true}}}),
    [](const auto& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace garita::ios
