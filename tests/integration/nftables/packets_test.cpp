#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/linux_host/connection_cutter.hpp"
#include "adapters/nftables/nftables_backend.hpp"
#include "integration/nftables/two_hosts.hpp"
#include "support/child_process.hpp"

namespace garita::nftables {
namespace {

using namespace std::chrono_literals;
using testing_support::bound_socket;
using testing_support::eventually;
using testing_support::Fd;
using testing_support::SocketAddress;
using testing_support::TwoHosts;

class Packets : public ::testing::Test {
  protected:
    void SetUp() override {
        hosts_ = TwoHosts::make();
        if (!hosts_) GTEST_SKIP() << "needs root and network namespaces";
        hosts_->server().run([&] {
            auto opened = NftablesBackend::open({}, cutter_);
            ASSERT_TRUE(opened) << opened.error().text;
            backend_ = std::move(*opened);
            ASSERT_TRUE(backend_->prepare());
        });
    }

    static Time now() { return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now()); }
    static IpNetwork net(std::string_view text) { return IpNetwork::parse(text).value(); }

    enforce::BatchResult change(const std::vector<enforce::BlockEntry>& add,
                                const std::vector<IpNetwork>& remove = {}) {
        enforce::BatchResult result;
        hosts_->server().run([&] {
            auto applied = backend_->apply(add, remove, now());
            ASSERT_TRUE(applied) << applied.error().text;
            ASSERT_TRUE(applied->failed.empty());
            ASSERT_FALSE(applied->cut_error) << applied->cut_error->text;
            result = std::move(*applied);
        });
        return result;
    }

    std::unique_ptr<TwoHosts> hosts_;
    linux_host::ConnectionCutter cutter_;
    std::unique_ptr<NftablesBackend> backend_;
};

TEST_F(Packets, OfBlockedSourcesAreDroppedAndOfOthersNot) {
    const std::vector<std::string> sources{
        "198.18.0.1",       "198.18.0.2",      "198.19.5.1",        "198.19.6.1",
        "2001:db8:bad::1",  "2001:db8:bad::2", "2001:db8:bad:1::1", "2001:db8:bad:1:ffff::9",
        "2001:db8:bad:2::1"};
    for (const auto& source : sources)
        ASSERT_TRUE(eventually([&] { return hosts_->reaches(source); })) << source;
    change({{net("198.18.0.1"), {}},
            {net("198.19.5.0/24"), now() + 1h},
            {net("2001:db8:bad::1"), now() + 1h},
            {net("2001:db8:bad:1::/64"), {}}});
    for (const auto* blocked : {"198.18.0.1", "198.19.5.1", "198.19.5.255", "2001:db8:bad::1",
                                "2001:db8:bad:1::1", "2001:db8:bad:1:ffff::9"})
        EXPECT_FALSE(hosts_->reaches(blocked)) << blocked;
    for (const auto* free :
         {"198.18.0.2", "198.19.4.255", "198.19.6.0", "2001:db8:bad::2", "2001:db8:bad:2::1"})
        EXPECT_TRUE(hosts_->reaches(free)) << free;
    change({}, {net("198.18.0.1"), net("2001:db8:bad:1::/64")});
    EXPECT_TRUE(hosts_->reaches("198.18.0.1"));
    EXPECT_TRUE(hosts_->reaches("2001:db8:bad:1::1"));
    EXPECT_FALSE(hosts_->reaches("198.19.5.1"));
}

TEST_F(Packets, OfNestedNetworksFollowTheInnerOneWhenTheOuterIsGone) {
    change({{net("198.18.0.0/16"), {}}, {net("198.18.7.0/24"), {}}});
    EXPECT_FALSE(hosts_->reaches("198.18.1.1"));
    EXPECT_FALSE(hosts_->reaches("198.18.7.1"));
    change({}, {net("198.18.0.0/16")});
    EXPECT_TRUE(hosts_->reaches("198.18.1.1"));
    EXPECT_FALSE(hosts_->reaches("198.18.7.1"));
}

TEST_F(Packets, PassAgainAtTheSecondOfTheEnd) {
    const auto end = now() + 3s;
    change({{net("198.18.0.1"), end}});
    while (now() < end - 1s)
        ASSERT_FALSE(hosts_->reaches("198.18.0.1"));
    while (now() < end + 200ms)
        std::this_thread::sleep_for(10ms);
    EXPECT_TRUE(hosts_->reaches("198.18.0.1"));
}

TEST_F(Packets, OfAnOpenConnectionAreDroppedToo) {
    // A firewall of somebody else that accepts whatever is established.
    ASSERT_TRUE(hosts_->server().shell(
        "nft 'table inet other { chain input { type filter hook input priority 0; policy accept; "
        "ct state established accept; }; }'"));
    const auto first = hosts_->connect_from("198.18.0.1");
    const auto second = hosts_->connect_from("198.18.0.1");
    const auto six = hosts_->connect_from("2001:db8:bad:1::1");
    const auto free = hosts_->connect_from("198.18.0.2");
    for (const auto* stream : {&first, &second, &six, &free})
        ASSERT_TRUE(stream->works());

    const auto result = change({{net("198.18.0.1"), {}}, {net("2001:db8:bad:1::/64"), {}}});
    EXPECT_EQ(result.connections_cut, 3U)
        << "each counted once, though it is a socket and a tracked connection";
    for (const auto* stream : {&first, &second, &six}) {
        char byte = 0;
        EXPECT_EQ(recv(stream->server.get(), &byte, 1, 0), -1);
        EXPECT_EQ(errno, ECONNABORTED) << "the process must be told";
        EXPECT_FALSE(stream->works());
    }
    EXPECT_TRUE(free.works());
    EXPECT_FALSE(hosts_->server().shell("conntrack -L 2>/dev/null | grep -q 'src=198.18.0.1 '"));
    EXPECT_TRUE(hosts_->server().shell("conntrack -L 2>/dev/null | grep -q 'src=198.18.0.2 '"));

    // Asked for again, nothing is left to cut; an untracked host is no error either.
    EXPECT_EQ(change({{net("198.18.0.1"), now() + 1h}}).connections_cut, 0U);
}

TEST_F(Packets, AreNotLetThroughWhileEverythingIsRebuilt) {
    std::vector<enforce::BlockEntry> all{{net("198.18.0.1"), {}}};
    for (unsigned i = 0; i < 5000; ++i)
        all.push_back({IpNetwork(IpAddress::from_v4({100, 64, static_cast<std::uint8_t>(i >> 8U),
                                                     static_cast<std::uint8_t>(i & 0xffU)})),
                       now() + 1h});
    change(all);
    Fd receiver;
    hosts_->server().run([&] {
        receiver = bound_socket(IpAddress::parse("192.0.2.1").value(), SOCK_DGRAM | SOCK_NONBLOCK, 9000);
    });
    std::atomic<bool> over{false};
    std::atomic<std::uint64_t> sent{0};
    std::thread flood([&] {
        hosts_->attacker().run([&] {
            const Fd sender = bound_socket(IpAddress::parse("198.18.0.1").value(), SOCK_DGRAM, 0);
            const SocketAddress to(IpAddress::parse("192.0.2.1").value(), 9000);
            while (!over)
                if (sendto(sender.get(), "x", 1, 0, to.get(), to.size) == 1) ++sent;
        });
    });
    for (int i = 0; i < 25; ++i)
        hosts_->server().run([&] { EXPECT_TRUE(backend_->rebuild(all, now())); });
    over = true;
    flood.join();
    EXPECT_GT(sent.load(), 1000U);
    char byte = 0;
    EXPECT_EQ(recv(receiver.get(), &byte, 1, 0), -1) << "a packet came through";
}

}  // namespace
}  // namespace garita::nftables
