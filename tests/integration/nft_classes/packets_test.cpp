// What packets meet, with packets.

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "integration/nft_classes/nft_class_device.hpp"
#include "integration/nft_classes/router.hpp"

namespace garita::nft_classes {
namespace {

using contract::access_class;
using testing_support::key_of;
using testing_support::RoutedHosts;
using Changes = std::vector<enforce::ClassChange>;

class NftClassPackets : public ::testing::Test {
  protected:
    void SetUp() override {
        hosts_ = RoutedHosts::make();
        if (!hosts_) GTEST_SKIP() << "needs root to make network namespaces";
        ASSERT_TRUE(hosts_->reaches_up("100.64.0.1"));
        ASSERT_TRUE(hosts_->reaches_down("100.64.0.1"));
        ASSERT_TRUE(hosts_->reaches_up("2001:db8:5:1::1"));
        ASSERT_TRUE(hosts_->reaches_down("2001:db8:5:1::1"));
    }

    void enforce_class(const NftClass& rules) {
        rules_ = rules;
        hosts_->router().run([&] {
            auto table = NftTable::open();
            ASSERT_TRUE(table) << table.error().text;
            backend_ = std::make_unique<NftClassBackend>(*table, rules);
        });
        const auto ready = backend_->prepare();
        ASSERT_TRUE(ready) << ready.error().text;
    }

    void put(const std::string& address, const std::optional<RuleValue>& value) {
        const auto failed = backend_->apply(Changes{{key_of(address), std::nullopt, value}});
        ASSERT_TRUE(failed) << failed.error().text;
        ASSERT_TRUE(failed->empty()) << failed->front().error.text;
    }

    std::unique_ptr<RoutedHosts> hosts_;
    std::unique_ptr<NftClassBackend> backend_;
    NftClass rules_;
};

TEST_F(NftClassPackets, WithoutAnEntryNothingPassesAndWithOneBothWays) {
    for (const char* interface : {"sub", ""}) {
        auto rules = access_class();
        rules.interface = interface;
        enforce_class(rules);
        for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
            EXPECT_FALSE(hosts_->reaches_up(subscriber));
            EXPECT_FALSE(hosts_->reaches_down(subscriber));
            put(subscriber, rules.present);
            EXPECT_TRUE(hosts_->reaches_up(subscriber)) << subscriber << ' ' << interface;
            EXPECT_TRUE(hosts_->reaches_down(subscriber));
            EXPECT_FALSE(hosts_->reaches_up("100.64.0.2"));
            EXPECT_FALSE(hosts_->reaches_down("2001:db8:5:1::2"));
            put(subscriber, std::nullopt);
            EXPECT_FALSE(hosts_->reaches_up(subscriber));
            EXPECT_FALSE(hosts_->reaches_down(subscriber));
        }
        ASSERT_TRUE(backend_->remove_all());
        EXPECT_TRUE(hosts_->reaches_up("100.64.0.2"));
    }
}

TEST_F(NftClassPackets, AnEntryClosesWhatIsOpen) {
    for (const char* interface : {"sub", ""}) {
        auto rules = access_class(Effect::closed);
        rules.interface = interface;
        enforce_class(rules);
        for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
            EXPECT_TRUE(hosts_->reaches_up(subscriber));
            put(subscriber, rules.present);
            EXPECT_FALSE(hosts_->reaches_up(subscriber));
            EXPECT_FALSE(hosts_->reaches_down(subscriber));
            EXPECT_TRUE(hosts_->reaches_up("100.64.0.2"));
            EXPECT_TRUE(hosts_->reaches_down("2001:db8:5:1::2"));
            put(subscriber, std::nullopt);
            EXPECT_TRUE(hosts_->reaches_up(subscriber));
        }
        ASSERT_TRUE(backend_->remove_all());
    }
}

TEST_F(NftClassPackets, TheKernelFindsEveryAddressInItsShard) {
    auto rules = access_class();
    rules.interface = "sub";
    rules.capacity = 100'000;  // many sets
    enforce_class(rules);
    ASSERT_GT(backend_->parts(), 16U);
    for (unsigned i = 0; i < 40; ++i) {
        const std::string v4 = "100.64." + std::to_string(i * 5) + "." + std::to_string(i * 3 + 1);
        put(v4, rules.present);
        EXPECT_TRUE(hosts_->reaches_up(v4)) << v4;
    }
    EXPECT_TRUE(hosts_->reaches_down("100.64.5.4"));
    EXPECT_FALSE(hosts_->reaches_up("100.64.5.5"));
}

TEST_F(NftClassPackets, TheKernelFindsEveryAddressOfIpv6InItsShard) {
    auto rules = access_class();
    rules.capacity = 256;
    enforce_class(rules);
    Changes many;
    for (unsigned i = 0; i < 40'000; ++i) {
        auto bytes = IpAddress::parse("2001:db8:77::").value().bytes();
        bytes[14] = static_cast<std::uint8_t>(i >> 8U);
        bytes[15] = static_cast<std::uint8_t>(i);
        many.push_back({key_of(IpAddress::from_v6(bytes)), std::nullopt, rules.present});
    }
    for (std::size_t first = 0; first < many.size(); first += 4000) {
        const auto failed = backend_->apply(std::span(many).subspan(first, 4000));
        ASSERT_TRUE(failed) << failed.error().text;
        ASSERT_TRUE(failed->empty());
    }
    ASSERT_GE(backend_->parts(), 17U);  // it has grown
    for (unsigned i = 1; i < 40; ++i) {
        const std::string v6 = "2001:db8:5:1::" + std::to_string(i * 7);
        EXPECT_FALSE(hosts_->reaches_up(v6)) << v6;
        put(v6, rules.present);
        EXPECT_TRUE(hosts_->reaches_up(v6)) << v6;
    }
}

TEST_F(NftClassPackets, MarksPacketsOfBothDirections) {
    NftClass rules;
    rules.name = "ip_mark";
    rules.effect = Effect::mark;
    rules.interface = "sub";
    enforce_class(rules);
    put("100.64.0.1", testing_support::mark_of(0x1234));
    put("2001:db8:5:1::1", testing_support::mark_of(0x1234));
    ASSERT_TRUE(
        hosts_->router().shell("nft add table inet watch && nft 'add chain inet watch forward "
                               "{ type filter hook forward priority 10; }' && "
                               "nft add rule inet watch forward meta mark 0x1234 drop"));
    for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
        EXPECT_FALSE(hosts_->reaches_up(subscriber));
        EXPECT_FALSE(hosts_->reaches_down(subscriber));
        put(subscriber, testing_support::mark_of(0x4321));
        EXPECT_TRUE(hosts_->reaches_up(subscriber));
        EXPECT_TRUE(hosts_->reaches_down(subscriber));
    }
    EXPECT_TRUE(hosts_->reaches_up("100.64.0.2"));
}

TEST_F(NftClassPackets, AnAddressIsBoundToItsCard) {
    NftClass rules;
    rules.name = "mac_ip";
    rules.effect = Effect::bind;
    enforce_class(rules);
    const auto mac = [](std::uint8_t last) {
        RuleValue value;
        const std::array<std::uint8_t, 6> bytes{2, 0, 0, 0, 0, last};
        (void)value.append(bytes);
        return value;
    };
    for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
        put(subscriber, mac(9));
        EXPECT_FALSE(hosts_->reaches_up(subscriber));
        put(subscriber, mac(2));
        EXPECT_TRUE(hosts_->reaches_up(subscriber));
        put(subscriber, mac(9));
        EXPECT_FALSE(hosts_->reaches_up(subscriber));
        put(subscriber, std::nullopt);
        EXPECT_TRUE(hosts_->reaches_up(subscriber));
    }
}

/// Packets of an open and of a closed subscriber, all the time, while `work` runs.
class Traffic {
  public:
    explicit Traffic(RoutedHosts& hosts) {
        const auto open = IpAddress::parse("100.64.0.1").value();
        const auto closed = IpAddress::parse("100.64.0.2").value();
        const auto server = RoutedHosts::server_address(open);
        hosts.server().run([&] {
            receiver_ = testing_support::bound_socket(server, SOCK_DGRAM, 9000);
            const int room = 64 * 1024 * 1024;
            setsockopt(receiver_.get(), SOL_SOCKET, SO_RCVBUFFORCE, &room, sizeof room);
        });
        hosts.subscribers().run([&] {
            open_ = testing_support::bound_socket(open, SOCK_DGRAM, 0);
            closed_ = testing_support::bound_socket(closed, SOCK_DGRAM, 0);
        });
        sender_ = std::thread([this, server] {
            const testing_support::SocketAddress to(server, 9000);
            while (!stop_) {
                if (sendto(open_.get(), "o", 1, 0, to.get(), to.size) == 1) ++sent_;
                (void)sendto(closed_.get(), "c", 1, 0, to.get(), to.size);
                std::this_thread::sleep_for(std::chrono::microseconds(50));
            }
        });
    }
    ~Traffic() { stop(); }
    Traffic(const Traffic&) = delete;
    Traffic& operator=(const Traffic&) = delete;

    struct Count {
        long sent = 0;
        long passed = 0;
        long slipped = 0;  ///< of the closed one
    };
    Count stop() {
        stop_ = true;
        if (sender_.joinable()) sender_.join();
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
        Count count{sent_, 0, 0};
        char byte = 0;
        while (recv(receiver_.get(), &byte, 1, MSG_DONTWAIT) == 1)
            ++(byte == 'o' ? count.passed : count.slipped);
        return count;
    }

  private:
    testing_support::Fd receiver_;
    testing_support::Fd open_;
    testing_support::Fd closed_;
    std::atomic<bool> stop_{false};
    std::atomic<long> sent_{0};
    std::thread sender_;
};

TEST_F(NftClassPackets, RebuildingAndGrowingNeverShowAnEmptySet) {
    for (const Effect effect : {Effect::open, Effect::closed}) {
        auto rules = access_class(effect);
        rules.interface = "sub";
        enforce_class(rules);
        put(effect == Effect::open ? "100.64.0.1" : "100.64.0.2", rules.present);
        Traffic traffic(*hosts_);
        std::uint32_t count = 10'000;
        for (int round = 0; round < 8; ++round, count += 12'000) {  // into larger sets on the way
            const auto failed = backend_->rebuild(
                [&](const enforce::EntrySink& sink) {
                    sink(key_of(effect == Effect::open ? "100.64.0.1" : "100.64.0.2"), rules.present);
                    for (std::uint32_t i = 0; i < count; ++i)
                        sink(testing_support::numbered_key(0x100000 + i), rules.present);
                },
                count + 1);
            ASSERT_TRUE(failed) << failed.error().text;
        }
        Changes more;
        for (std::uint32_t i = 0; i < 300'000; ++i)
            more.push_back({testing_support::numbered_key(0x200000 + i), std::nullopt, rules.present});
        for (std::size_t first = 0; first < more.size(); first += 4000)
            ASSERT_TRUE(backend_->apply(std::span(more).subspan(first, 4000)));
        const auto packets = traffic.stop();
        EXPECT_GT(packets.sent, 1000);
        EXPECT_EQ(packets.passed, packets.sent);
        EXPECT_EQ(packets.slipped, 0);
        ASSERT_TRUE(backend_->remove_all());
    }
}

}  // namespace
}  // namespace garita::nft_classes
