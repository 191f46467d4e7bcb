// What packets meet, with packets.

#include <gtest/gtest.h>

#include "integration/nft_classes/router.hpp"
#include "integration/tc/tc_device.hpp"
#include "support/flow.hpp"

namespace garita::tc {
namespace {

using contract::rate_value;
using testing_support::Flow;
using testing_support::key_of;
using testing_support::RoutedHosts;
using Changes = std::vector<enforce::ClassChange>;
using std::chrono::milliseconds;

constexpr double mbit = 1e6;

class TcPackets : public ::testing::Test {
  protected:
    void SetUp() override {
        hosts_ = RoutedHosts::make();
        if (!hosts_) GTEST_SKIP() << "needs root to make network namespaces";
        in_ = start("shaping_in", Direction::receives);
        out_ = start("shaping_out", Direction::sends);
        for (auto* backend : {in_.get(), out_.get()}) {
            const auto ready = backend->prepare();
            ASSERT_TRUE(ready) << ready.error().text;
        }
    }

    std::unique_ptr<TcBackend> start(const std::string& name, Direction direction) {
        std::unique_ptr<TcBackend> backend;
        hosts_->router().run([&] {
            auto made = TcBackend::open(ready_class(name).value(), {"sub", direction, 50});
            ASSERT_TRUE(made) << made.error().text;
            backend = std::move(*made);
        });
        return backend;
    }

    static void limit(TcBackend& backend, const std::string& subscriber, std::uint64_t rate) {
        const auto failed = backend.apply(Changes{{key_of(subscriber), std::nullopt, rate_value(rate)}});
        ASSERT_TRUE(failed) << failed.error().text;
        ASSERT_TRUE(failed->empty()) << failed->front().error.text;
    }

    enum class Way { down, up };
    [[nodiscard]] std::unique_ptr<Flow> flow(Way way, Flow::Kind kind, const std::string& subscriber,
                                             double offered = 0) const {
        const auto address = IpAddress::parse(subscriber).value();
        const Flow::End far{hosts_->server(), RoutedHosts::server_address(address)};
        const Flow::End near{hosts_->subscribers(), address};
        return std::make_unique<Flow>(kind, way == Way::down ? far : near, way == Way::down ? near : far,
                                      std::uint16_t{9400}, offered);
    }

    /// Classes count the Ethernet header too.
    static void expect_rate(Flow& flow, double rate) {
        const double measured = flow.measure(milliseconds(2500));
        EXPECT_NEAR(measured / rate, 1.0, 0.08) << measured / mbit << " Mbit/s of " << rate / mbit;
    }

    std::unique_ptr<RoutedHosts> hosts_;
    std::unique_ptr<TcBackend> in_, out_;
};

TEST_F(TcPackets, EachSubscriberHasItsRateInEachDirection) {
    for (const std::string subscriber : {"100.64.0.1", "2001:db8:5:1::1"}) {
        limit(*in_, subscriber, 20'000'000);
        limit(*out_, subscriber, 5'000'000);
        for (const auto kind : {Flow::Kind::udp, Flow::Kind::tcp}) {
            {
                const auto download = flow(Way::down, kind, subscriber, 40 * mbit);
                std::this_thread::sleep_for(milliseconds(700));
                expect_rate(*download, 20 * mbit);
            }
            const auto upload = flow(Way::up, kind, subscriber, 10 * mbit);
            std::this_thread::sleep_for(milliseconds(700));
            expect_rate(*upload, 5 * mbit);
        }
    }
}

TEST_F(TcPackets, ARateMayChangeWhileTrafficFlowsAndNobodyElseIsLimited) {
    limit(*in_, "100.64.0.1", 5'000'000);
    const auto limited = flow(Way::down, Flow::Kind::udp, "100.64.0.1", 40 * mbit);
    std::this_thread::sleep_for(milliseconds(500));
    expect_rate(*limited, 5 * mbit);
    limit(*in_, "100.64.0.1", 20'000'000);
    expect_rate(*limited, 20 * mbit);
    const auto failed = in_->apply(Changes{{key_of("100.64.0.1"), rate_value(20'000'000), std::nullopt}});
    ASSERT_TRUE(failed) << failed.error().text;
    std::this_thread::sleep_for(milliseconds(500));
    expect_rate(*limited, 40 * mbit);
}

TEST_F(TcPackets, WhoHasWhichClassIsFoundAgainAfterAStart) {
    limit(*in_, "100.64.0.1", 5'000'000);
    limit(*out_, "100.64.0.1", 3'000'000);
    in_ = start("shaping_in", Direction::receives);
    out_ = start("shaping_out", Direction::sends);
    for (auto* backend : {in_.get(), out_.get()}) {
        ASSERT_NE(backend->check(1).value(), enforce::Drift::structure);
        ASSERT_TRUE(backend->prepare());
        std::size_t there = 0;
        ASSERT_TRUE(backend->read_back([&](const RuleKey& key, const RuleValue& value) {
            EXPECT_EQ(key, key_of("100.64.0.1"));
            EXPECT_EQ(value, rate_value(backend == in_.get() ? 5'000'000 : 3'000'000));
            ++there;
        }));
        EXPECT_EQ(there, 1U);
    }
    const auto upload = flow(Way::up, Flow::Kind::udp, "100.64.0.1", 20 * mbit);
    std::this_thread::sleep_for(milliseconds(500));
    expect_rate(*upload, 3 * mbit);
}

TEST_F(TcPackets, TheClassesMayBeUsedUp) {
    Changes many;
    for (std::uint32_t i = 0; i < 51; ++i)
        many.push_back({testing_support::numbered_key(i), std::nullopt, rate_value(1'000'000)});
    const auto failed = in_->apply(many);
    ASSERT_TRUE(failed) << failed.error().text;
    ASSERT_EQ(failed->size(), 1U);
    EXPECT_EQ(failed->front().change, 50U);
    EXPECT_EQ(failed->front().error.code, ErrorCode::full);
    const auto odd = in_->apply(Changes{{many[0].key, std::nullopt, rate_value(1'000'001)}});
    ASSERT_TRUE(odd);
    EXPECT_EQ(odd->size(), 1U);  // no whole bytes a second
}

TEST_F(TcPackets, LeavesNothingBehindAndOthersDisciplinesAlone) {
    ASSERT_TRUE(in_->remove_all());
    ASSERT_TRUE(out_->remove_all());
    EXPECT_FALSE(hosts_->router().shell("tc qdisc show dev sub | grep -q 'htb\\|clsact'"));
    EXPECT_FALSE(hosts_->router().shell("ip link | grep -q ifb"));
    ASSERT_TRUE(hosts_->router().shell(
        "tc qdisc add dev sub root handle 1: tbf rate 50mbit burst 100k latency 50ms"));
    EXPECT_FALSE(in_->prepare());
    EXPECT_TRUE(hosts_->router().shell("tc qdisc show dev sub | grep -q tbf"));
    ASSERT_TRUE(in_->remove_all());
    EXPECT_TRUE(hosts_->router().shell("tc qdisc show dev sub | grep -q tbf"));
}

}  // namespace
}  // namespace garita::tc
