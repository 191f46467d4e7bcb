// Packets that are really sent, to targets that really answer, or do not.
#include <algorithm>
#include <atomic>
#include <random>
#include <sched.h>
#include <thread>

#include <gtest/gtest.h>
#include <linux/capability.h>
#include <netinet/ip.h>
#include <netinet/tcp.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include "adapters/syn_scan/checksum.hpp"
#include "scan_world.hpp"

namespace garita::syn_scan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing_support::ScanWorld;

PortSet ports(std::string_view text) {
    return PortSet::parse(text).value();
}

class SynEngine : public testing::Test {
  protected:
    void SetUp() override { world_.listen(open_); }
    ScanWorld world_;
    const PortSet open_ = ports("22,80,443,8080,40000,65535");
};

TEST_F(SynEngine, FindsEachPortOfOneHost) {
    for (const char* address : {"10.98.0.2", "10.99.0.7", "fd00:98::2", "fd00:99::7"}) {
        const auto result = world_.scan_one(address, "0-65535");
        EXPECT_EQ(result.open, open_) << address;
        EXPECT_EQ(result.closed, ports("0-65535") - open_) << address;
        EXPECT_TRUE(result.filtered.empty() && result.unknown.empty()) << address;
        ASSERT_TRUE(result.round_trip);
        EXPECT_LT(*result.round_trip, milliseconds{50});
    }
}

TEST_F(SynEngine, AgreesWithNmap) {
    if (std::system("command -v nmap >/dev/null") != 0) GTEST_SKIP() << "nmap is not installed";
    world_.firewall(
        {"chain in { type filter hook input priority 0; tcp dport 443 drop; tcp dport 8080 reject with icmpx "
         "type admin-prohibited; }"});
    const auto result = world_.scan_one("10.99.0.9", "1-1024,8080,40000");
    const auto text =
        ScanWorld::output(world_.scanner(), "nmap -n -Pn -sS -T4 -p1-1024,8080,40000 -oG - 10.99.0.9");
    PortSet nmap_open;
    PortSet nmap_filtered;
    for (const Port port : ports("1-1024,8080,40000").ports()) {
        const auto says = [&](const char* state) {
            return text.find(" " + std::to_string(port) + "/" + state + "/tcp") != std::string::npos;
        };
        if (says("open")) nmap_open.insert(port);
        if (says("filtered")) nmap_filtered.insert(port);
    }
    EXPECT_EQ(nmap_open.text(), "22,80,40000");
    EXPECT_EQ(result.open, nmap_open);
    EXPECT_EQ(result.filtered, nmap_filtered);
}

TEST_F(SynEngine, ScansHundredsOfAddressesOnOneLink) {
    std::vector<std::string> addresses;
    for (int i = 0; i < 256; ++i)
        addresses.push_back("10.98.7." + std::to_string(i));
    std::atomic<unsigned> told = 0;
    const auto report =
        world_.scan(ScanWorld::job(addresses, "1-500"), {2}, {[&](const IpAddress&, Port) { ++told; }, {}});
    for (const auto& target : report.targets) {
        EXPECT_EQ(target.open, ports("22,80,443")) << target.address.text();
        EXPECT_EQ(target.closed.size(), 497U);
    }
    EXPECT_EQ(told, 256U * 3);
}

TEST_F(SynEngine, TellsSilenceFromRefusal) {
    world_.firewall(
        {"chain in { type filter hook input priority 0; tcp dport 1-99 drop; "
         "tcp dport 100-199 reject with icmpx type admin-prohibited; "
         "tcp dport 200-299 reject with icmpx type port-unreachable; "
         "tcp dport 300-399 reject with tcp reset; tcp dport 400 reject with icmpx type host-unreachable; "
         "}"});
    for (const char* address : {"10.99.0.1", "fd00:99::1"}) {
        const auto result = world_.scan_one(address, "1-399,401-500");
        EXPECT_EQ(result.open, ports("443")) << address;
        EXPECT_EQ(result.filtered, ports("1-299")) << address;
        EXPECT_EQ(result.closed, ports("300-399,401-442,444-500")) << address;
        // alone, because a kernel sends only so many complaints a second
        const auto alone = world_.scan_one(address, "400");
        ASSERT_EQ(alone.unknown.size(), 1U) << address;
        EXPECT_EQ(alone.unknown[0].ports, ports("400"));
        EXPECT_TRUE(alone.unknown[0].why.starts_with("not reachable, says ")) << alone.unknown[0].why;
    }
}

TEST_F(SynEngine, IsExactWherePacketsAreLost) {
    world_.firewall({"chain in { type filter hook input priority 0; numgen random mod 100 < 5 drop; }",
                     "chain out { type filter hook output priority 0; numgen random mod 100 < 5 drop; }"});
    for (int i = 0; i < 3; ++i) {
        const auto result = world_.scan_one("10.99.0.3", "1-65535");
        EXPECT_EQ(result.open, open_);
        // of 65 535 closed ports the planner expects to miss less than 0.01: a single one is bad luck, three
        // are not
        EXPECT_EQ(result.closed | result.filtered, ports("1-65535") - open_);
        EXPECT_LE(result.filtered.size(), 2U) << result.filtered.text();
    }
}

TEST_F(SynEngine, IsExactWhereATargetAnswersOnlySoOften) {
    world_.firewall(
        {"chain in { type filter hook input priority 0; tcp flags syn limit rate over 1000/second drop; }"});
    const auto report = world_.scan(ScanWorld::job({"10.99.0.3"}, "1-3000"));
    EXPECT_EQ(report.targets[0].open, ports("22,80,443"));
    EXPECT_EQ(report.targets[0].closed.size(), 2997U);
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0], "10.99.0.3 limits its answers and was asked more slowly");
}

TEST_F(SynEngine, KeepsTheRate) {
    world_.firewall({"chain in { type filter hook input priority 0; tcp flags syn counter; }"});
    scan::Limits limits;
    limits.probes_per_second = 1000;
    const auto report = world_.scan(ScanWorld::job({"10.99.0.3", "10.99.0.4"}, "1-1000", limits));
    EXPECT_EQ(world_.counted(), 2000U);
    EXPECT_EQ(report.probes_sent, 2000U);
    EXPECT_GE(report.took, milliseconds{1990});
    EXPECT_LT(report.took, seconds{4});
}

TEST_F(SynEngine, SaysOfWhomNothingCanBeKnown) {
    const auto report = world_.scan(ScanWorld::job(
        {"10.98.0.77", "fd00:98::77", "10.98.0.1", "192.0.2.1", "127.0.0.1", "10.98.0.2"}, "22,23"));
    const std::vector<std::string> reasons{"does not answer ARP", "does not answer neighbour discovery",
                                           "an address of this host itself: the connect engine can ask it",
                                           "no route to it",
                                           "an address of this host itself: the connect engine can ask it"};
    for (std::size_t i = 0; i < reasons.size(); ++i) {
        ASSERT_EQ(report.targets[i].unknown.size(), 1U) << i;
        EXPECT_EQ(report.targets[i].unknown[0].why, reasons[i]);
        EXPECT_EQ(report.targets[i].unknown[0].ports, ports("22,23"));
        EXPECT_TRUE(report.targets[i].filtered.empty());
    }
    EXPECT_EQ(report.targets[5].open, ports("22"));
}

TEST_F(SynEngine, NamesTheRouterThatIsAway) {
    ASSERT_TRUE(world_.scanner().shell("ip route add 10.97.0.0/16 via 10.98.0.99"));
    const auto result = world_.scan_one("10.97.0.1", "22");
    ASSERT_EQ(result.unknown.size(), 1U);
    EXPECT_EQ(result.unknown[0].why, "its router 10.98.0.99 does not answer ARP");
}

TEST_F(SynEngine, SaysBeforehandWhomItSuits) {
    const auto job = ScanWorld::job({"10.98.0.2", "10.98.0.1", "127.0.0.1", "::1", "fd00:99::5"}, "22");
    world_.scanner().run([&] {
        const auto fit = suits(job.targets);
        ASSERT_TRUE(fit) << fit.error().text;
        EXPECT_EQ(*fit, (std::vector<bool>{true, false, false, false, true}));
        EXPECT_TRUE(permitted());
    });
}

/// A SYN-ACK (or, with ICMP's bytes instead, a complaint) that nobody asked for.
void send_forged(int fd, std::uint32_t from, std::uint32_t to, Port port, Port own,
                 std::uint32_t acknowledged) {
    struct {
        iphdr ip;
        tcphdr tcp;
    } packet{};
    packet.ip.version = 4;
    packet.ip.ihl = 5;
    packet.ip.ttl = 64;
    packet.ip.protocol = IPPROTO_TCP;
    packet.ip.tot_len = htons(sizeof packet);
    packet.ip.saddr = from;
    packet.ip.daddr = to;
    packet.tcp.source = htons(port);
    packet.tcp.dest = htons(own);
    packet.tcp.ack_seq = htonl(acknowledged);
    packet.tcp.doff = 5;
    packet.tcp.syn = 1;
    packet.tcp.ack = 1;
    const auto address = [](std::uint32_t raw) {
        return IpAddress::from_v4({static_cast<std::uint8_t>(raw), static_cast<std::uint8_t>(raw >> 8),
                                   static_cast<std::uint8_t>(raw >> 16),
                                   static_cast<std::uint8_t>(raw >> 24)});
    };
    const std::span segment(reinterpret_cast<const std::uint8_t*>(&packet.tcp), sizeof packet.tcp);
    packet.tcp.check =
        htons(checksum_of(pseudo_sum(address(from), address(to), 6, segment.size()) + sum_of(segment)));
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = to;
    (void)sendto(fd, &packet, sizeof packet, 0, reinterpret_cast<const sockaddr*>(&where), sizeof where);
}

TEST_F(SynEngine, DoesNotBelieveForgedAnswers) {
    world_.firewall({"chain in { type filter hook input priority 0; tcp dport 7000-7100 drop; }"});
    std::atomic<bool> over = false;
    std::atomic<std::uint64_t> sent = 0;
    std::thread forger([&] {
        world_.target().run([&] {
            const int fd = socket(AF_INET, SOCK_RAW | SOCK_CLOEXEC, IPPROTO_RAW);
            std::mt19937 random(7);
            while (!over)
                for (unsigned own = 0xf000; own <= 0xffff && !over; ++own, ++sent)
                    send_forged(fd, inet_addr("10.99.0.3"), inet_addr("10.98.0.1"), 7050,
                                static_cast<Port>(own), static_cast<std::uint32_t>(random()));
            close(fd);
        });
    });
    scan::Limits limits;
    limits.patience = milliseconds{300};
    const auto result = world_.scan_one("10.99.0.3", "22,7000-7100", limits);
    over = true;
    forger.join();
    EXPECT_GT(sent, 4096U);
    EXPECT_EQ(result.open, ports("22"));
    EXPECT_EQ(result.filtered, ports("7000-7100"));
}

TEST_F(SynEngine, StopsWithWhatItKnows) {
    scan::Limits limits;
    limits.probes_per_second = 1000;
    const auto job = ScanWorld::job({"10.99.0.3"}, "1-60000", limits);
    std::stop_source source;
    std::jthread stopper([&] {
        std::this_thread::sleep_for(milliseconds{300});
        source.request_stop();
    });
    world_.scanner().run([&] {
        const auto report = syn_scan::SynEngine().scan(job, {}, source.get_token());
        ASSERT_TRUE(report);
        EXPECT_EQ(report->end, scan::Report::End::stopped);
        EXPECT_GT(report->targets[0].closed.size(), 50U);
        ASSERT_EQ(report->targets[0].unknown.size(), 1U);
        EXPECT_EQ(report->targets[0].unknown[0].why, "not asked to the end");
        EXPECT_LT(report->took, seconds{3});
    });
}

TEST_F(SynEngine, SaysWhatItLacks) {
    world_.scanner().run([&] {
        __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
        std::array<__user_cap_data_struct, 2> none{};
        ASSERT_EQ(syscall(SYS_capset, &header, none.data()), 0);  // of this thread only
        const auto report = syn_scan::SynEngine().scan(ScanWorld::job({"10.98.0.2"}, "22"), {}, {});
        ASSERT_FALSE(report);
        EXPECT_EQ(report.error().code, ErrorCode::forbidden);
        EXPECT_NE(report.error().text.find("CAP_NET_RAW"), std::string::npos);
    });
}

}  // namespace
}  // namespace garita::syn_scan
