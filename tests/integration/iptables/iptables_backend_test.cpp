
#include <gtest/gtest.h>

#include "integration/iptables/iptables_device.hpp"
#include "support/rebuild_under_packets.hpp"
#include "support/temporary_directory.hpp"

namespace garita::iptables {
namespace {

using contract::IptablesDevice;
using contract::RunnerIn;

class IptablesVariants : public ::testing::TestWithParam<const char*> {
  protected:
    [[nodiscard]] std::string program() const { return GetParam(); }
};

TEST_P(IptablesVariants, WhatBelongsToOthersStays) {
    const auto device = IptablesDevice::make(program(), ready_class("ip_mark").value());
    if (!device) GTEST_SKIP() << "needs root, network namespaces and iptables";
    const support::TemporaryDirectory directory;
    const auto before = directory / "before";
    const auto others = program() + " -w -t mangle -S | grep -v garita_x | md5sum";
    ASSERT_TRUE(device->shell(
        program() + " -w -t mangle -A FORWARD -s 198.51.100.1 -j MARK --set-mark 9 && " + program() +
        " -w -t mangle -N theirs && " + program() + " -w -t mangle -A theirs -j RETURN"));
    ASSERT_TRUE(device->shell(others + " > " + before));
    ASSERT_TRUE(device->backend().prepare());
    const std::vector<enforce::ClassChange> changes{{device->key(2), {}, device->value(1)}};
    ASSERT_TRUE(device->backend().apply(changes));
    ASSERT_TRUE(device->backend().rebuild(
        [&](const enforce::EntrySink& sink) { sink(device->key(4), device->value(2)); }, 1));
    ASSERT_TRUE(device->shell(program() + " -w -t mangle -C garita_x -s 10.1.0.4 -j MARK --set-mark 2"));
    ASSERT_TRUE(device->shell(program() + " -w -t mangle -C FORWARD -j garita_x"));
    EXPECT_TRUE(device->shell(others + " | cmp -s - " + before));
    ASSERT_TRUE(device->backend().remove_all());
    EXPECT_TRUE(device->shell(others + " | cmp -s - " + before));
    EXPECT_FALSE(device->shell(program() + "-save -t mangle 2>/dev/null | grep -q garita_x"));
}

TEST_P(IptablesVariants, ALostJumpIsDriftAndMadeAgain) {
    const auto device = IptablesDevice::make(program(), ready_class("ip_mark").value());
    if (!device) GTEST_SKIP() << "needs root, network namespaces and iptables";
    ASSERT_TRUE(device->backend().prepare());
    ASSERT_TRUE(device->shell(program() + " -w -t mangle -D FORWARD -j garita_x"));
    EXPECT_EQ(device->backend().check(0).value(), enforce::Drift::structure);
    ASSERT_TRUE(device->backend().prepare());
    EXPECT_EQ(device->backend().check(0).value(), enforce::Drift::none);
}

TEST_P(IptablesVariants, PacketsAreJudgedAlsoWhileAllIsRebuilt) {
    const auto hosts = testing_support::TwoHosts::make();
    if (!hosts) GTEST_SKIP() << "needs root and network namespaces";
    const auto rules = ready_class("inet_access").value();
    RunnerIn runner(hosts->server());
    Settings settings;
    settings.chain = "garita_access";
    settings.from = "INPUT";
    settings.program = "/usr/sbin/" + program();
    const auto backend = IptablesBackend::make(rules, settings, runner);
    ASSERT_TRUE(backend);
    ASSERT_TRUE((*backend)->prepare());
    ASSERT_TRUE(hosts->server().shell(program() + " -w -A INPUT -s 198.18.0.0/15 -j DROP"));
    const auto key = rules.read_params("198.18.0.1").value();
    const auto open = rules.read_value("open").value();
    EXPECT_FALSE(hosts->reaches("198.18.0.1"));
    const std::vector<enforce::ClassChange> letting_in{{key, {}, open}};
    ASSERT_TRUE((*backend)->apply(letting_in));
    EXPECT_TRUE(hosts->reaches("198.18.0.1"));
    EXPECT_FALSE(hosts->reaches("198.18.0.2"));
    testing_support::Rebuilds rebuilds;
    rebuilds.always = {{key, open}};
    rebuilds.other = [&](std::uint32_t i) {
        return std::pair(rules.read_params("198.19.0." + std::to_string(i)).value(), open);
    };
    rebuilds.counts = {250, 0, 100, 250, 250};
    testing_support::rebuild_under_packets(testing_support::path_between(*hosts), **backend, rebuilds);
}

INSTANTIATE_TEST_SUITE_P(Iptables, IptablesVariants, ::testing::Values("iptables-nft", "iptables-legacy"),
                         [](const auto& program) { return std::string(program.param).substr(9); });

TEST(IptablesBackend, WhatCannotBeIsSaid) {
    runtime::LocalRunner runner;
    const auto error = [&](const char* rules, auto spoil) {
        Settings settings;
        settings.chain = "x";
        spoil(settings);
        return !IptablesBackend::make(ready_class(rules).value(), settings, runner).has_value();
    };
    EXPECT_FALSE(error("inet_access", [](Settings&) {}));
    EXPECT_TRUE(error("shaping_in", [](Settings&) {}));
    EXPECT_TRUE(error("inet_access", [](Settings& s) { s.chain = "a b"; }));
    EXPECT_TRUE(error("inet_access", [](Settings& s) { s.chain = std::string(29, 'x'); }));
    EXPECT_TRUE(error("inet_access", [](Settings& s) { s.target = "-j"; }));
    EXPECT_TRUE(error("inet_access", [](Settings& s) { s.from = "x"; }));
    EXPECT_TRUE(error("inet_access", [](Settings& s) { s.program = "iptables"; }));
    EXPECT_TRUE(error("inet_access", [](Settings& s) { s.program = "/usr/sbin/nft"; }));
    EXPECT_TRUE(error("mac_ip", [](Settings& s) { s.side = Settings::Side::destination; }));
}

}  // namespace
}  // namespace garita::iptables
