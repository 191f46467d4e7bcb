// What packets meet, with packets.

#include <gtest/gtest.h>

#include "integration/limiter/limiter_device.hpp"
#include "integration/nft_classes/router.hpp"
#include "support/flow.hpp"

namespace garita::limiter {
namespace {

using testing_support::Flow;
using testing_support::key_of;
using testing_support::RoutedHosts;
using Changes = std::vector<enforce::ClassChange>;
using std::chrono::milliseconds;

constexpr double mbit = 1e6;

class LimiterPackets : public ::testing::Test {
  protected:
    void SetUp() override {
        files_ = testing_support::BpfFileSystem::make();
        hosts_ = RoutedHosts::make();
        if (!hosts_ || !files_) GTEST_SKIP() << "needs root to make network namespaces and mount bpffs";
        in_ = start("shaping_in", Direction::receives);
        out_ = start("shaping_out", Direction::sends);
        ASSERT_TRUE(in_->prepare());
        ASSERT_TRUE(out_->prepare());
    }

    std::unique_ptr<LimiterBackend> start(const std::string& name, Direction direction,
                                          const std::string& interface = "sub") {
        Settings settings;
        settings.name = name;
        settings.interfaces = {interface};
        settings.direction = direction;
        settings.folder = files_->path();
        settings.look_for = std::chrono::minutes(1);
        std::unique_ptr<LimiterBackend> backend;
        hosts_->router().run([&] {
            auto made = LimiterBackend::open(ready_class(name).value(), settings);
            ASSERT_TRUE(made) << made.error().text;
            backend = std::move(*made);
        });
        return backend;
    }

    static void limit(LimiterBackend& backend, const std::string& subscriber, std::optional<double> rate) {
        std::optional<RuleValue> value;
        if (rate) value = value_of(static_cast<std::uint64_t>(*rate));
        const auto failed = backend.apply(Changes{{key_of(subscriber), std::nullopt, value}});
        ASSERT_TRUE(failed) << failed.error().text;
        ASSERT_TRUE(failed->empty()) << failed->front().error.text;
    }

    [[nodiscard]] std::unique_ptr<Flow> down(Flow::Kind kind, const std::string& subscriber,
                                             double offered = 0) const {
        const auto address = IpAddress::parse(subscriber).value();
        return std::make_unique<Flow>(kind, Flow::End{hosts_->server(), RoutedHosts::server_address(address)},
                                      Flow::End{hosts_->subscribers(), address}, std::uint16_t{9100},
                                      offered);
    }
    [[nodiscard]] std::unique_ptr<Flow> up(Flow::Kind kind, const std::string& subscriber,
                                           double offered = 0) const {
        const auto address = IpAddress::parse(subscriber).value();
        return std::make_unique<Flow>(kind, Flow::End{hosts_->subscribers(), address},
                                      Flow::End{hosts_->server(), RoutedHosts::server_address(address)},
                                      std::uint16_t{9200}, offered);
    }

    static void expect_rate(Flow& flow, double rate, double tolerance = 0.05,
                            milliseconds time = milliseconds(2000)) {
        const double measured = flow.measure(time);
        EXPECT_NEAR(measured / rate, 1.0, tolerance) << measured / mbit << " Mbit/s of " << rate / mbit;
    }

    /// A stream may come late to its rate, where the machine has other things to do, but never far above it:
    /// the time that it is measured in ends late then, too.
    static void expect_stream(Flow& flow, double rate) {
        double best = 0;
        for (int time = 0; time < 10 && best < rate * 0.92; ++time) {
            best = std::max(best, flow.measure(milliseconds(3000)));
            EXPECT_LT(best / rate, 1.15) << best / mbit << " Mbit/s of " << rate / mbit;
        }
        EXPECT_GT(best / rate, 0.92) << best / mbit << " Mbit/s of " << rate / mbit;
    }

    std::unique_ptr<testing_support::BpfFileSystem> files_;
    std::unique_ptr<RoutedHosts> hosts_;
    std::unique_ptr<LimiterBackend> in_, out_;
};

TEST_F(LimiterPackets, DatagramsAreLimitedInEachDirectionByItself) {
    for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
        limit(*in_, subscriber, 20 * mbit);
        limit(*out_, subscriber, 5 * mbit);
        const auto download = down(Flow::Kind::udp, subscriber, 40 * mbit);
        const auto upload = up(Flow::Kind::udp, subscriber, 10 * mbit);
        std::this_thread::sleep_for(milliseconds(300));
        expect_rate(*download, 20 * mbit);
        expect_rate(*upload, 5 * mbit);
    }
}

TEST_F(LimiterPackets, AStreamReachesItsRate) {
    for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"})
        for (const double rate : {10 * mbit, 50 * mbit}) {
            limit(*in_, subscriber, rate);
            limit(*out_, subscriber, rate);
            for (const bool to_the_subscriber : {true, false}) {
                const auto flow =
                    to_the_subscriber ? down(Flow::Kind::tcp, subscriber) : up(Flow::Kind::tcp, subscriber);
                std::this_thread::sleep_for(milliseconds(500));
                expect_stream(*flow, rate);
            }
        }
}

TEST_F(LimiterPackets, WhoHasNoEntryIsNotLimitedAndNobodyPaysForAnother) {
    limit(*in_, "100.64.0.1", 2 * mbit);
    limit(*in_, "100.64.0.2", 8 * mbit);
    const auto first = down(Flow::Kind::udp, "100.64.0.1", 20 * mbit);
    const auto second = down(Flow::Kind::udp, "100.64.0.2", 20 * mbit);
    const auto free = down(Flow::Kind::udp, "100.64.0.3", 20 * mbit);
    std::this_thread::sleep_for(milliseconds(300));
    expect_rate(*first, 2 * mbit);
    expect_rate(*second, 8 * mbit);
    expect_rate(*free, 20 * mbit);
}

TEST_F(LimiterPackets, ARateMayChangeWhileTrafficFlows) {
    limit(*in_, "100.64.0.1", 5 * mbit);
    const auto flow = down(Flow::Kind::udp, "100.64.0.1", 60 * mbit);
    std::this_thread::sleep_for(milliseconds(300));
    expect_rate(*flow, 5 * mbit);
    limit(*in_, "100.64.0.1", 30 * mbit);
    expect_rate(*flow, 30 * mbit);
    limit(*in_, "100.64.0.1", 1 * mbit);
    std::this_thread::sleep_for(milliseconds(100));  // what lies in queues
    expect_rate(*flow, 1 * mbit);
    limit(*in_, "100.64.0.1", std::nullopt);
    expect_rate(*flow, 60 * mbit);
}

TEST_F(LimiterPackets, LimitsOutliveTheHub) {
    limit(*in_, "100.64.0.1", 5 * mbit);
    in_.reset();
    const auto flow = down(Flow::Kind::udp, "100.64.0.1", 20 * mbit);
    std::this_thread::sleep_for(milliseconds(300));
    expect_rate(*flow, 5 * mbit);
    in_ = start("shaping_in", Direction::receives);
    const auto drift = in_->check(1);
    ASSERT_TRUE(drift) << drift.error().text;
    EXPECT_EQ(*drift, enforce::Drift::none);
    ASSERT_TRUE(in_->prepare());
    expect_rate(*flow, 5 * mbit);
    limit(*in_, "100.64.0.1", 10 * mbit);
    expect_rate(*flow, 10 * mbit);
}

/// Would a packet meet a half filled map, the flow would be above its rate.
TEST_F(LimiterPackets, RebuildingAndGrowingNeverLetGo) {
    limit(*in_, "100.64.0.1", 2 * mbit);
    const auto flow = down(Flow::Kind::udp, "100.64.0.1", 40 * mbit);
    std::this_thread::sleep_for(milliseconds(300));
    std::thread changes([&] {
        for (std::uint32_t count = 10'000; count < 60'000; count += 10'000) {
            const auto failed = in_->rebuild(
                [&](const enforce::EntrySink& sink) {
                    sink(key_of("100.64.0.1"), value_of(2'000'000));
                    for (std::uint32_t i = 0; i < count; ++i)
                        sink(testing_support::numbered_key(0x100000 + i), value_of(1'000'000 + i));
                },
                count + 1);
            EXPECT_TRUE(failed) << failed.error().text;
        }
        Changes more;
        for (std::uint32_t i = 0; i < 200'000; ++i)
            more.push_back({testing_support::numbered_key(0x200000 + i), std::nullopt, value_of(i + 1)});
        for (std::size_t first = 0; first < more.size(); first += 8000)
            EXPECT_TRUE(in_->apply(std::span(more).subspan(first, 8000)));
    });
    expect_rate(*flow, 2 * mbit, 0.08, milliseconds(3000));
    changes.join();
}

TEST_F(LimiterPackets, OthersProgramsAndTheirPlaceStay) {
    ASSERT_TRUE(
        hosts_->router().shell("tc filter add dev sub egress prio 9 protocol ip u32 match ip dst "
                               "100.64.0.9/32 action mirred egress redirect dev lo"));
    ASSERT_TRUE(in_->remove_all());
    ASSERT_TRUE(out_->remove_all());
    EXPECT_TRUE(hosts_->router().shell("tc filter show dev sub egress | grep -q u32"));
    EXPECT_FALSE(hosts_->router().shell("tc filter show dev sub egress | grep -q garita"));
    EXPECT_FALSE(hosts_->router().shell("tc filter show dev sub ingress | grep -q garita"));
    ASSERT_TRUE(hosts_->router().shell("tc filter del dev sub egress"));
    ASSERT_TRUE(in_->prepare());
    ASSERT_TRUE(in_->remove_all());
    EXPECT_FALSE(hosts_->router().shell("tc qdisc show dev sub | grep -q clsact"));
}

TEST_F(LimiterPackets, LeavesInterfacesAndTheDirectionThatItsSettingsNoLongerName) {
    const auto hangs = [&](const std::string& where) {
        return hosts_->router().shell("tc filter show dev " + where + " | grep -q garita/shaping_in/");
    };
    limit(*in_, "100.64.0.1", 2 * mbit);
    ASSERT_TRUE(hangs("sub egress"));
    ASSERT_TRUE(hosts_->router().shell("ip link add other type veth peer name far && ip link set other up"));
    in_ = start("shaping_in", Direction::receives, "other");
    ASSERT_TRUE(in_->prepare());
    EXPECT_TRUE(hangs("other egress"));
    EXPECT_FALSE(hangs("sub egress"));
    EXPECT_EQ(in_->check(1).value(), enforce::Drift::none) << "the rates are kept";
    EXPECT_TRUE(hosts_->router().shell("tc filter show dev sub ingress | grep -q garita/shaping_out/"))
        << "of another class nothing is taken";
    in_ = start("shaping_in", Direction::sends, "other");
    ASSERT_TRUE(in_->prepare());
    EXPECT_TRUE(hangs("other ingress"));
    EXPECT_FALSE(hangs("other egress"));
    const auto flow = down(Flow::Kind::udp, "100.64.0.1", 20 * mbit);
    std::this_thread::sleep_for(milliseconds(300));
    expect_rate(*flow, 20 * mbit, 0.1);
    ASSERT_TRUE(in_->remove_all());
    EXPECT_FALSE(hangs("other ingress"));
}

TEST_F(LimiterPackets, SeesThatItsProgramWasTakenAway) {
    limit(*in_, "100.64.0.1", 2 * mbit);
    ASSERT_EQ(in_->check(1).value(), enforce::Drift::none);
    ASSERT_TRUE(hosts_->router().shell("tc filter del dev sub egress"));
    ASSERT_EQ(in_->check(1).value(), enforce::Drift::structure);
    ASSERT_TRUE(in_->prepare());
    ASSERT_EQ(in_->check(1).value(), enforce::Drift::none);
    const auto flow = down(Flow::Kind::udp, "100.64.0.1", 20 * mbit);
    std::this_thread::sleep_for(milliseconds(300));
    expect_rate(*flow, 2 * mbit);
}

}  // namespace
}  // namespace garita::limiter
