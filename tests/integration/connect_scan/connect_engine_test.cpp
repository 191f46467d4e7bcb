// Real listeners, real resets, real ICMP.

#include "adapters/connect_scan/connect_engine.hpp"

#include <chrono>
#include <random>
#include <thread>

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "support/scanned_link.hpp"

namespace garita::connect_scan {
namespace {

using testing_support::ScannedLink;

PortSet ports(std::string_view text) {
    return *PortSet::parse(text);
}

class Connect : public ::testing::Test {
  protected:
    void SetUp() override {
        link = ScannedLink::make();
        if (!link) GTEST_SKIP() << "needs root: network namespaces";
        link->listen({22, 80, 443, 1024, 40000, 65535});
    }

    scan::Report scan_of(const std::vector<std::string>& addresses, std::string_view asked,
                         const scan::Listeners& listeners = {}, std::stop_token stop = {}) {
        scan::Job job;
        job.port_sets = {ports(asked)};
        for (const auto& address : addresses)
            job.targets.push_back({*IpAddress::parse(address), 0});
        job.limits = limits;
        Result<scan::Report> report = fail(ErrorCode::invalid, "not run");
        link->near().run([&] { report = ConnectEngine().scan(job, listeners, stop); });
        EXPECT_TRUE(report) << report.error().text;
        return report ? *report : scan::Report();
    }

    void rules(const std::string& rules) {
        ASSERT_TRUE(
            link->far().shell("nft 'add table inet t; add chain inet t i { type filter hook input "
                              "priority 0; }; " +
                              rules + "'"));
    }

    std::unique_ptr<ScannedLink> link;
    scan::Limits limits;
};

const char* const open_ports = "22,80,443,1024,40000,65535";

TEST_F(Connect, FindsExactlyWhatListens) {
    for (const auto* address : {"10.98.0.2", "fd00:98::2"}) {
        const auto report = scan_of({address}, "0,all");
        ASSERT_EQ(report.targets.size(), 1U);
        const auto& found = report.targets[0];
        EXPECT_EQ(found.open.text(), open_ports) << address;
        EXPECT_EQ(found.closed.size() + found.open.size(), 65536U);
        EXPECT_TRUE(found.filtered.empty());
        EXPECT_TRUE(found.unknown.empty());
        EXPECT_TRUE(found.round_trip);
        EXPECT_EQ(report.end, scan::Report::End::complete);
        EXPECT_TRUE(report.warnings.empty()) << report.warnings.front();
    }
}

TEST_F(Connect, LeavesNothingBehind) {
    static_cast<void>(scan_of({"10.98.0.2"}, "1-2000"));
    EXPECT_TRUE(link->near().shell("test -z \"$(ss -Htan)\""));
    EXPECT_TRUE(link->far().shell("test -z \"$(ss -Htan state connected)\""));
}

TEST_F(Connect, NoPortOfTheLoopbackIsMetByItself) {
    // every local port is asked, and used for asking: a socket may connect to itself
    ASSERT_TRUE(link->near().shell("echo '20000 20300' >/proc/sys/net/ipv4/ip_local_port_range"));
    const auto report = scan_of({"127.0.0.1", "::1", "10.98.0.1"}, "19990-20310");
    for (const auto& found : report.targets) {
        EXPECT_EQ(found.open.text(), "") << found.address.text();
        EXPECT_EQ(found.closed.size(), 321U);
    }
}

TEST_F(Connect, TellsResetsSilenceAndForbiddingApart) {
    rules(
        "add rule inet t i ip daddr 10.99.0.1 tcp dport { 22, 80 } accept; "
        "add rule inet t i ip daddr 10.99.0.1 drop; "
        "add rule inet t i ip daddr 10.99.0.2 tcp dport 1-100 reject with tcp reset; "
        "add rule inet t i ip daddr 10.99.0.3 tcp dport 70-79 reject; "
        "add rule inet t i ip daddr 10.99.0.4 tcp dport 70-79 reject with icmp type admin-prohibited; "
        "add rule inet t i ip daddr 10.99.0.5 tcp dport 70-79 reject with icmp type host-unreachable; "
        "add rule inet t i ip6 daddr fd00:98::2 tcp dport 70-79 reject");
    const auto report =
        scan_of({"10.99.0.1", "10.99.0.2", "10.99.0.3", "10.99.0.4", "10.99.0.5", "fd00:98::2"}, "1-200");
    ASSERT_EQ(report.targets.size(), 6U);
    EXPECT_EQ(report.targets[0].open.text(), "22,80");
    EXPECT_EQ(report.targets[0].filtered.size(), 198U);
    EXPECT_TRUE(report.targets[0].closed.empty());
    EXPECT_EQ(report.targets[1].closed.size(), 200U);
    for (std::size_t i = 2; i < 6; ++i) {
        EXPECT_EQ(report.targets[i].open.text(), "22,80") << i;
        EXPECT_EQ(report.targets[i].filtered.text(), "70-79") << i;
        EXPECT_EQ(report.targets[i].closed.size(), 188U) << i;
        EXPECT_TRUE(report.targets[i].unknown.empty()) << i << report.targets[i].unknown.front().why;
    }
}

TEST_F(Connect, SaysWhyNobodyCanTell) {
    ASSERT_TRUE(link->near().shell("ip route add unreachable 10.97.0.0/16"));
    const auto report =
        scan_of({"10.98.0.77", "192.0.2.1", "2001:db8::1", "10.97.0.1", "fd00:98::77"}, "1-20");
    for (const auto& found : report.targets) {
        EXPECT_TRUE(found.open.empty() && found.closed.empty() && found.filtered.empty())
            << found.address.text();
        std::size_t unknown = 0;
        for (const auto& one : found.unknown) {
            unknown += one.ports.size();
            EXPECT_NE(one.why, "");
        }
        EXPECT_EQ(unknown, 20U) << found.address.text();
        EXPECT_FALSE(found.round_trip);
    }
    EXPECT_NE(report.targets[0].unknown[0].why.find("no host answers"), std::string::npos);
    EXPECT_NE(report.targets[1].unknown[0].why.find("no route"), std::string::npos);
    EXPECT_EQ(report.end, scan::Report::End::complete);
}

TEST_F(Connect, FewDescriptorsCostOnlyTime) {
    rules("add rule inet t i ip daddr 10.99.0.1 tcp dport != { 22, 80 } drop");
    rlimit before{};
    ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &before), 0);
    const rlimit few{40, before.rlim_max};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
    const auto report = scan_of({"10.99.0.1", "10.99.0.2"}, "1-500");
    setrlimit(RLIMIT_NOFILE, &before);
    ASSERT_EQ(report.targets.size(), 2U);
    EXPECT_EQ(report.targets[0].open.text(), "22,80");
    EXPECT_EQ(report.targets[0].filtered.size(), 498U);
    EXPECT_EQ(report.targets[1].open.text(), "22,80,443");
    EXPECT_EQ(report.targets[1].closed.size(), 497U);
}

TEST_F(Connect, MissesNothingOnALossyLink) {
    rules("add rule inet t i numgen random mod 100 < 5 drop");
    const auto report = scan_of({"10.99.0.1"}, "1-3000");
    EXPECT_EQ(report.targets.at(0).open.text(), "22,80,443,1024");
    EXPECT_EQ(report.targets.at(0).closed.size(), 2996U);
}

TEST_F(Connect, StopsAtOnceWithWhatItKnows) {
    rules("add rule inet t i ip daddr 10.99.0.2 drop");
    std::stop_source stop;
    scan::Listeners listeners;
    listeners.open = [&](const IpAddress&, Port) { stop.request_stop(); };
    const auto begun = std::chrono::steady_clock::now();
    const auto report = scan_of({"10.99.0.2", "10.99.0.1"}, "all", listeners, stop.get_token());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
    EXPECT_EQ(report.end, scan::Report::End::stopped);
    ASSERT_EQ(report.targets.size(), 2U);
    EXPECT_FALSE(report.targets[1].open.empty());
    for (const auto& found : report.targets) {
        std::size_t all = found.open.size() + found.closed.size() + found.filtered.size();
        for (const auto& one : found.unknown)
            all += one.ports.size();
        EXPECT_EQ(all, 65535U);
    }
}

TEST_F(Connect, KeepsToTheRateItWasGiven) {
    limits.probes_per_second = 500;
    const auto begun = std::chrono::steady_clock::now();
    const auto report = scan_of({"10.98.0.2"}, "1-1000");
    const auto took = std::chrono::steady_clock::now() - begun;
    EXPECT_EQ(report.targets.at(0).closed.size(), 997U);
    EXPECT_GT(took, std::chrono::milliseconds(1700));
}

}  // namespace
}  // namespace garita::connect_scan
