#include <gtest/gtest.h>

#include "integration/ipfw/ipfw_device.hpp"

namespace garita::ipfw {
namespace {

using contract::IpfwDevice;

class IpfwBackendTest : public ::testing::Test {
  protected:
    void use(const IpfwDevice::Kind& kind) {
        device_ = IpfwDevice::make(kind);
        if (!device_) GTEST_SKIP() << "needs python3";
        ASSERT_TRUE(device_->backend().prepare());
    }
    enforce::ClassChange change(const std::string& ip, std::optional<std::string> to) {
        return {device_->rules().read_params(ip).value(), std::nullopt,
                to ? std::optional(device_->rules().read_value(*to).value()) : std::nullopt};
    }
    std::unique_ptr<IpfwDevice> device_;
};

using Calls = std::vector<std::string>;

TEST_F(IpfwBackendTest, IsToldInTheseWords) {
    use({"shaping_in"});
    const std::vector<enforce::ClassChange> changes{
        change("192.0.2.1", "10Mbit"), change("192.0.2.2", "512kbit"), change("192.0.2.3", "10Mbit"),
        change("192.0.2.4", std::nullopt)};
    ASSERT_TRUE(device_->backend().apply(changes));
    EXPECT_EQ(device_->calls(),
              (Calls{"-q table garita_shaping_in create type addr", "pipe list",
                     "-q pipe 20000 config bw 10000000bit/s mask dst-ip 0xffffffff",
                     "-q pipe 20001 config bw 512000bit/s mask dst-ip 0xffffffff", "-q /dev/stdin"}));
    ASSERT_TRUE(device_->backend().rebuild(
        [&](const enforce::EntrySink& sink) { sink(changes[0].key, *changes[0].after); }, 1));
    const auto calls = device_->calls();
    EXPECT_EQ(
        Calls(calls.begin() + 5, calls.end()),
        (Calls{"-q table garita_shaping_in create type addr", "pipe list",
               "-q table garita_shaping_in_new destroy", "-q table garita_shaping_in_new create type addr",
               "-q /dev/stdin", "-q table garita_shaping_in swap garita_shaping_in_new",
               "-q table garita_shaping_in_new destroy"}));
}

TEST_F(IpfwBackendTest, ARateThatCannotBeReadBackIsRefusedAlone) {
    use({"shaping_in"});
    const std::vector<enforce::ClassChange> changes{change("192.0.2.1", "10Mbit"),
                                                    change("192.0.2.2", "10000001bit")};
    const auto failed = device_->backend().apply(changes);
    ASSERT_TRUE(failed);
    ASSERT_EQ(failed->size(), 1U);
    EXPECT_EQ(failed->front().change, 1U);
    EXPECT_EQ(failed->front().error.retry, Retry::no);
}

TEST_F(IpfwBackendTest, AFullTableTakesWhatFitsAndNamesTheRest) {
    use({"inet_access", "new", IpfwDevice::Where::here, 3});
    std::vector<enforce::ClassChange> changes;
    for (int i = 1; i <= 5; ++i)
        changes.push_back(change("192.0.2." + std::to_string(i), "open"));
    const auto failed = device_->backend().apply(changes);
    ASSERT_TRUE(failed);
    ASSERT_EQ(failed->size(), 2U);
    EXPECT_EQ((*failed)[0].change, 3U);
    EXPECT_EQ((*failed)[1].change, 4U);
    EXPECT_NE((*failed)[0].error.text.find("limit hit"), std::string::npos);
}

TEST_F(IpfwBackendTest, WhatADeathInARebuildLeftDoesNotComeBack) {
    use({"inet_access"});
    ASSERT_TRUE(device_->call({"table", "garita_inet_access_new", "create", "type", "addr"}));
    ASSERT_TRUE(device_->call({"table", "garita_inet_access_new", "add", "203.0.113.1"}));
    const auto one = change("192.0.2.1", "open");
    ASSERT_TRUE(
        device_->backend().rebuild([&](const enforce::EntrySink& sink) { sink(one.key, *one.after); }, 1));
    std::vector<std::string> there;
    ASSERT_TRUE(device_->backend().read_back(
        [&](const RuleKey& key, const RuleValue&) { there.push_back(device_->rules().params_text(key)); }));
    EXPECT_EQ(there, std::vector<std::string>{"192.0.2.1"});
}

TEST_F(IpfwBackendTest, PipesAreFoundAgainByANewProcess) {
    use({"shaping_in"});
    const std::vector<enforce::ClassChange> first{change("192.0.2.1", "10Mbit")};
    ASSERT_TRUE(device_->backend().apply(first));
    runtime::LocalRunner runner;
    Settings settings;
    settings.table = device_->table();
    settings.program = device_->program();
    auto other = IpfwBackend::make(device_->rules(), settings, runner);
    ASSERT_TRUE(other);
    const std::vector<enforce::ClassChange> second{change("192.0.2.2", "10Mbit"),
                                                   change("192.0.2.3", "20Mbit")};
    ASSERT_TRUE((*other)->apply(second));
    Calls pipes;
    for (const auto& call : device_->calls())
        if (call.find("config") != std::string::npos) pipes.push_back(call.substr(0, call.find(" mask")));
    EXPECT_EQ(pipes,
              (Calls{"-q pipe 20000 config bw 10000000bit/s", "-q pipe 20001 config bw 20000000bit/s"}));
}

TEST_F(IpfwBackendTest, AMachineWithoutIpfwIsAnError) {
    use({"inet_access"});
    device_->take_away();
    const std::vector<enforce::ClassChange> changes{change("192.0.2.1", "open")};
    EXPECT_FALSE(device_->backend().apply(changes));
    EXPECT_FALSE(device_->backend().prepare());
    EXPECT_FALSE(device_->backend().check(0));
    EXPECT_FALSE(device_->backend().read_back([](const RuleKey&, const RuleValue&) {}));
}

}  // namespace
}  // namespace garita::ipfw
