#include <chrono>
#include <map>

#include <gtest/gtest.h>

#include "integration/ipset/ipset_device.hpp"
#include "model/ready_classes.hpp"
#include "support/rebuild_under_packets.hpp"

namespace garita::ipset {
namespace {

using contract::IpsetDevice;
using Keys = IpsetDevice::Keys;
using Values = IpsetDevice::Values;

class IpsetBackendTest : public ::testing::Test {
  protected:
    void use(Keys keys, Values values, std::uint32_t capacity = 1'000'000) {
        device_ = IpsetDevice::make(keys, values, capacity);
        if (!device_) GTEST_SKIP() << "needs root, network namespaces and ipset";
        ASSERT_TRUE(device_->backend().prepare());
    }
    std::vector<enforce::ClassChange> additions(unsigned count) {
        std::vector<enforce::ClassChange> changes;
        for (unsigned i = 0; i < count; ++i)
            changes.push_back({device_->key(2 * i), std::nullopt, device_->value(i % 5)});
        return changes;
    }
    std::size_t there(enforce::ClassBackend& backend) {
        std::map<RuleKey, RuleValue> entries;
        const auto read = backend.read_back(
            [&](const RuleKey& key, const RuleValue& value) { entries.emplace(key, value); });
        EXPECT_TRUE(read) << read.error().text;
        return entries.size();
    }
    std::unique_ptr<IpsetDevice> device_;
};

TEST_F(IpsetBackendTest, AFullSetTakesWhatFitsAndNamesTheRest) {
    use(Keys::address, Values::presence, 3);
    const auto changes = additions(6);
    const auto failed = device_->backend().apply(changes);
    ASSERT_TRUE(failed) << failed.error().text;
    ASSERT_EQ(failed->size(), 3U);
    EXPECT_EQ((*failed)[0].change, 3U);
    EXPECT_EQ((*failed)[2].change, 5U);
    EXPECT_EQ((*failed)[0].error.code, ErrorCode::full);
    EXPECT_EQ((*failed)[0].error.retry, Retry::later);
    EXPECT_NE((*failed)[0].error.text.find("set vip-4: the set is full"), std::string::npos);
    EXPECT_EQ(there(device_->backend()), 3U);
}

TEST_F(IpsetBackendTest, AnotherCapacityIsTakenUpWithAllEntries) {
    use(Keys::address, Values::marks, 200);
    ASSERT_TRUE(device_->backend().apply(additions(100))->empty());
    const auto roomier = device_->another(5000);
    ASSERT_TRUE(roomier->prepare());
    EXPECT_EQ(there(*roomier), 100U);
    EXPECT_TRUE(roomier->apply(additions(2000))->empty());
    EXPECT_TRUE(device_->shell("ipset list -terse vip-4 | grep -q 'maxelem 5000 '"));
    EXPECT_TRUE(device_->shell("! ipset list -name | grep -q new"));
}

TEST_F(IpsetBackendTest, ASetOfAnotherTypeIsNotTouched) {
    use(Keys::address, Values::presence);
    ASSERT_TRUE(device_->backend().remove_all());
    ASSERT_TRUE(device_->shell("ipset create vip-4 hash:net && ipset add vip-4 198.51.100.0/24"));
    const auto made = device_->backend().prepare();
    ASSERT_FALSE(made);
    EXPECT_TRUE(device_->shell("ipset test vip-4 198.51.100.0/24 2>/dev/null"));
}

TEST_F(IpsetBackendTest, ASetThatARuleUsesIsRebuiltButNotDestroyed) {
    use(Keys::address, Values::presence);
    ASSERT_TRUE(device_->shell("iptables -w -A INPUT -m set --match-set vip-4 src -j ACCEPT"));
    const auto key = device_->rules().read_params("192.0.2.1").value();
    const auto open = device_->value(0);
    ASSERT_TRUE(device_->backend().rebuild([&](const enforce::EntrySink& sink) { sink(key, open); }, 1));
    EXPECT_TRUE(device_->shell("ipset test vip-4 192.0.2.1 2>/dev/null"));
    const auto removed = device_->backend().remove_all();
    ASSERT_FALSE(removed);
    EXPECT_NE(removed.error().text.find("in use by a rule"), std::string::npos);
    EXPECT_EQ(there(device_->backend()), 1U);
    ASSERT_TRUE(device_->shell("iptables -w -F INPUT"));
    EXPECT_TRUE(device_->backend().remove_all());
    EXPECT_TRUE(device_->shell("test -z \"$(ipset list -name)\""));
}

TEST_F(IpsetBackendTest, OthersSetsAreLeftAlone) {
    use(Keys::address, Values::presence);
    ASSERT_TRUE(device_->shell("ipset create other hash:ip && ipset add other 198.51.100.1"));
    ASSERT_TRUE(device_->backend().apply(additions(10)));
    ASSERT_TRUE(device_->backend().remove_all());
    EXPECT_TRUE(
        device_->shell("test \"$(ipset list -name)\" = other && ipset test other 198.51.100.1 2>/dev/null"));
}

TEST_F(IpsetBackendTest, CountsSeldomWhereCountingCosts) {
    use(Keys::address, Values::presence);
    ASSERT_TRUE(device_->backend().apply(additions(300'000)));
    EXPECT_EQ(device_->backend().check(300'000).value(), enforce::Drift::none);
    const auto begun = std::chrono::steady_clock::now();
    for (int i = 0; i < 100; ++i)
        EXPECT_EQ(device_->backend().check(300'000).value(), enforce::Drift::none);
    const auto took = std::chrono::steady_clock::now() - begun;
    // a hundred counts of so many would take half a second at the least
    EXPECT_LT(took, std::chrono::milliseconds(200));
    ASSERT_TRUE(device_->shell("ipset destroy vip-4"));
    EXPECT_EQ(device_->backend().check(300'000).value(), enforce::Drift::structure);
}

TEST_F(IpsetBackendTest, WhatItCannotHoldIsSaid) {
    for (const char* name : {"mac_ip", "shaping_in"})
        EXPECT_FALSE(IpsetBackend::open(ready_class(name).value(), {"x"})) << name;
    EXPECT_FALSE(IpsetBackend::open(ready_class("inet_access").value(), {std::string(26, 'x')}));
    EXPECT_FALSE(IpsetBackend::open(ready_class("inet_access").value(), {"a b"}));
    EXPECT_FALSE(IpsetBackend::open(ready_class("inet_access").value(), {"x", 0}));
}

/// Packets of the attacker, judged on the server by a rule that asks the set.
class IpsetPackets : public ::testing::TestWithParam<const char*> {};

TEST_P(IpsetPackets, AreJudgedByTheSetAlsoWhileItIsRebuilt) {
    const auto hosts = testing_support::TwoHosts::make();
    if (!hosts) GTEST_SKIP() << "needs root and network namespaces";
    const auto rules = ready_class("inet_access").value();
    const std::string program = GetParam();
    std::unique_ptr<IpsetBackend> backend;
    hosts->server().run([&] { backend = std::move(IpsetBackend::open(rules, {"access"}).value()); });
    ASSERT_TRUE(backend->prepare());
    ASSERT_TRUE(hosts->server().shell(program +
                                      " -w -A INPUT -p udp -m set --match-set access-4 src -j ACCEPT && " +
                                      program + " -w -A INPUT -p udp -s 198.18.0.0/15 -j DROP"));
    const auto key = [&](const std::string& text) { return rules.read_params(text).value(); };
    const auto open = rules.read_value("open").value();
    EXPECT_FALSE(hosts->reaches("198.18.0.1"));
    const std::vector<enforce::ClassChange> letting_in{{key("198.18.0.1"), {}, open}};
    ASSERT_TRUE(backend->apply(letting_in));
    EXPECT_TRUE(hosts->reaches("198.18.0.1"));
    EXPECT_FALSE(hosts->reaches("198.18.0.2"));

    testing_support::Rebuilds rebuilds;
    rebuilds.always = {{key("198.18.0.1"), open}};
    rebuilds.other = [&](std::uint32_t i) {
        return std::pair(key("198.19." + std::to_string(i / 250) + "." + std::to_string(i % 250)), open);
    };
    rebuilds.counts = {5000, 0, 20'000, 5000, 5000, 5000, 5000, 20'000};
    testing_support::rebuild_under_packets(testing_support::path_between(*hosts), *backend, rebuilds);
    const std::vector<enforce::ClassChange> shutting_out{{key("198.18.0.1"), open, {}}};
    ASSERT_TRUE(backend->apply(shutting_out));
    EXPECT_FALSE(hosts->reaches("198.18.0.1"));
}

INSTANTIATE_TEST_SUITE_P(Ipset, IpsetPackets, ::testing::Values("iptables-nft", "iptables-legacy"),
                         [](const auto& program) { return std::string(program.param).substr(9); });

}  // namespace
}  // namespace garita::ipset
