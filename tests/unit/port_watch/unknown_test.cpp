// What nobody knows is no drift; what many have in common is one case.

#include "watch_fixture.hpp"

namespace garita::tests {
namespace {

using Host = fakes::PortWorld::Host;

class Unknown : public PortWatchTest {
  protected:
    /// web0, web1 …, each with port 80 open as it must.
    void many(int count) {
        for (int i = 0; i < count; ++i) {
            const auto name = "web" + std::to_string(i) + ".example.org";
            const auto address = "192.0.2." + std::to_string(i + 1);
            host(name, "80");
            world.name(name, {address});
            world.at(address).open = ports("80");
        }
        start();
        settle();
    }
    /// Long enough for any number of second tries.
    void while_it_lasts(Duration span) {
        for (const auto end = office.now + span; office.now < end;)
            pass(30s);
    }
};

TEST_F(Unknown, ANameThatIsNotResolvedIsACaseOfItsOwnAfterThreeLooks) {
    many(2);
    world.failing_names.insert("web0.example.org");
    pass(67min);
    EXPECT_TRUE(office.cases().empty());
    EXPECT_EQ(status("web0.example.org").ports.answer, HostAnswer::unresolved);
    EXPECT_EQ(status("web0.example.org").ports.open, ports("80")) << "as it was known last";
    while_it_lasts(10min);
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().kind, "ports_unknown");
    EXPECT_EQ(office.last_case().subject, "web0.example.org");
    EXPECT_EQ(office.last_case().facts.at("why"), "no name server answers");
    while_it_lasts(3h);
    EXPECT_EQ(office.cases().size(), 1U);
    world.failing_names.clear();
    while_it_lasts(2h);
    EXPECT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().state, CaseState::closed);
    EXPECT_TRUE(office.last_case().facts.contains("over"));
}

TEST_F(Unknown, ANameServerThatIsAwayIsOneCase) {
    many(50);
    world.names_are_out = true;
    while_it_lasts(4h);
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().kind, "ports_unknown");
    EXPECT_EQ(office.last_case().subject, "DNS");
    EXPECT_EQ(office.last_case().state, CaseState::open);
    world.names_are_out = false;
    while_it_lasts(3h);
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().state, CaseState::closed);
    for (int i = 0; i < 50; ++i)
        EXPECT_TRUE(status("web" + std::to_string(i) + ".example.org").ports.drift.empty());
}

TEST_F(Unknown, NoRouteIsOneCase) {
    many(20);
    for (auto& [address, one] : world.addresses)
        one.state = Host::no_route;
    while_it_lasts(4h);
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().subject, "NETWORK");
    EXPECT_EQ(office.last_case().facts.at("why"), "192.0.2.1: no route to host");
}

TEST_F(Unknown, ManyThatFallSilentAtOnceAreOneCase) {
    many(20);
    for (auto& [address, one] : world.addresses)
        one.state = Host::silent;
    EXPECT_TRUE(watch->scan_now(""));
    while_it_lasts(4h);
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().kind, "ports_unknown");
    EXPECT_EQ(office.last_case().subject, "NETWORK");
}

TEST_F(Unknown, OneThatFallsSilentMissesItsPorts) {
    many(20);
    world.at("192.0.2.3").state = Host::silent;
    while_it_lasts(2h);
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().kind, "ports_drift");
    EXPECT_EQ(office.last_case().subject, "web2.example.org");
}

TEST_F(Unknown, APortOfWhichNobodyKnowsStaysAsItWas) {
    host("192.0.2.1", "22,80");
    auto& machine = world.at("192.0.2.1");
    machine.open = ports("22");
    start();
    look_twice();
    EXPECT_EQ(office.cases().size(), 1U);
    machine.unknown = ports("22,80");
    while_it_lasts(10min);
    next_round();
    EXPECT_EQ(of_kind("ports_drift").size(), 1U);
    EXPECT_EQ(status("192.0.2.1").ports.drift.missing, ports("80"));
    EXPECT_EQ(of_kind("ports_drift")[0].state, CaseState::open);
}

TEST_F(Unknown, AllAddressesOfANameHaveToAgree) {
    host("web.example.org", "80").ipv6 = true;
    world.name("web.example.org", {"2001:db8::1", "192.0.2.1"});
    world.at("192.0.2.1").open = ports("80");
    world.at("2001:db8::1").open = ports("80,81");
    start();
    look_twice();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().facts.at("unexpected"), "81");
    EXPECT_EQ(office.last_case().facts.at("where"), "2001:db8::1: +81");
    text.hosts[0].second.ipv6 = false;
    start();
    next_round();
    EXPECT_EQ(office.last_case().state, CaseState::closed) << "only the address of IPv4 is looked at";
}

TEST_F(Unknown, NamesAreResolvedAnewEachTime) {
    many(1);
    world.name("web0.example.org", {"198.51.100.7"});
    world.at("198.51.100.7").open = ports("80,443");
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().facts.at("addresses"), "198.51.100.7");
}

TEST_F(Unknown, AddressesOfANetworkThatNeverAnsweredAreNobody) {
    host("192.0.2.0/28", "22").except = {network("192.0.2.4")};
    world.at("192.0.2.1").open = ports("22");
    world.at("192.0.2.3").open = ports("22,23");
    world.at("192.0.2.4").open = ports("1-100");
    start();
    look_twice();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().subject, "192.0.2.3");
    EXPECT_EQ(watch->status()->size(), 2U);
    EXPECT_EQ(tcp.jobs.front().targets.size(), 13U);
    world.at("192.0.2.1").state = Host::silent;
    next_round();
    ASSERT_EQ(office.cases().size(), 2U);
    EXPECT_EQ(office.last_case().facts.at("missing"), "22");
    const auto looks = tcp.jobs.size();
    start();
    settle();
    EXPECT_EQ(tcp.jobs.size(), looks);
}

TEST_F(Unknown, WhatIsToleratedMayBeThereOrNot) {
    host("192.0.2.1", "22").may = ports("8080");
    world.at("192.0.2.1").open = ports("22");
    start();
    look_twice();
    EXPECT_EQ(tcp.jobs[0].port_sets[0].text(), "1-1024,8080");
    world.at("192.0.2.1").open = ports("22,8080");
    next_round();
    EXPECT_TRUE(office.cases().empty());
}

TEST_F(Unknown, AnEmptyListMeansThatNothingMayBeOpen) {
    host("192.0.2.1", "");
    start();
    look_twice();
    EXPECT_TRUE(office.cases().empty()) << "silence is what is wanted";
    world.at("192.0.2.1").open = ports("23");
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
}

TEST_F(Unknown, UdpIsMissingOnlyWhenItIsRefused) {
    auto& one = host("192.0.2.1", "22,53");
    one.udp_must = ports("53,123");
    one.udp_may = ports("161");
    auto& machine = world.at("192.0.2.1");
    machine.open = ports("22,53");
    machine.filtered = ports("123,161");
    start();
    look_twice();
    EXPECT_TRUE(office.cases().empty());
    EXPECT_EQ(udp.asked("192.0.2.1"), "53,123,161");
    machine.filtered = ports("161");
    next_round();
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().facts.at("missing"), "udp 123");
}

TEST_F(Unknown, WithoutAnEngineForUdpNobodyKnows) {
    with_udp = false;
    host("192.0.2.1", "22").udp_must = ports("53");
    world.at("192.0.2.1").open = ports("22");
    start();
    settle();
    while_it_lasts(10min);
    ASSERT_EQ(office.cases().size(), 1U);
    EXPECT_EQ(office.last_case().kind, "ports_unknown");
    EXPECT_EQ(office.last_case().facts.at("why"), "192.0.2.1: nothing here can ask with UDP");
}

TEST_F(Unknown, InMaintenanceNobodyLooks) {
    // 22 November 2026 is a Sunday
    host("192.0.2.1", "22").maintenance = parse_weekly_windows("sun 02:00-06:00").value();
    world.at("192.0.2.1").open = ports("22");
    start();
    settle();
    pass(2h);
    world.at("192.0.2.1").open = ports("");
    const auto looks = tcp.jobs.size();
    for (int i = 0; i < 23; ++i)
        pass(10min);
    EXPECT_EQ(tcp.jobs.size(), looks);
    pass(11min);
    pass(31s);
    EXPECT_EQ(office.cases().size(), 1U);
}

}  // namespace
}  // namespace garita::tests
