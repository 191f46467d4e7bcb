// The enforcing part as it is: forked, without privileges but its own, on a real kernel in a network
// namespace.

#include "programs/agent/enforcer_process.hpp"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <unistd.h>

#include <gmock/gmock.h>

#include "support/child_process.hpp"
#include "support/net_namespace.hpp"
#include "support/temporary_directory.hpp"

namespace garita::programs {
namespace {

using ::testing::HasSubstr;
using testing_support::ChildProcess;
using testing_support::eventually;

const Time now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());

IpNetwork net(std::string_view text) {
    return IpNetwork::parse(text).value();
}

class Enforcer : public ::testing::Test {
  protected:
    void SetUp() override {
        space_ = testing_support::NetNamespace::make();
        if (!space_) GTEST_SKIP() << "needs root and network namespaces";
        config.name = "here";
        config.hub = "https://198.51.100.7:8443";
        config.protected_networks = {net("203.0.113.0/24")};
    }
    void start() {
        space_->run([&] {
            auto started = EnforcerProcess::start(config, runtime::Log::to_stderr({}));
            ASSERT_TRUE(started) << started.error().text;
            process = std::move(*started);
        });
        if (!process) return;
        const auto ready = process->wait_until_ready();
        ASSERT_TRUE(ready) << ready.error().text;
    }
    std::string why_not(std::string_view network) {
        const std::vector<enforce::BlockEntry> one{{net(network), now + std::chrono::hours(1)}};
        const auto result = process->rules()->apply(one, {}, now);
        if (!result) return result.error().text;
        return result->failed.empty() ? "" : result->failed.front().error.text;
    }

    runtime::AgentConfig config;
    std::unique_ptr<testing_support::NetNamespace> space_;
    std::unique_ptr<EnforcerProcess> process;
};

TEST_F(Enforcer, RefusesByItselfWhateverTheOtherPartAsks) {
    config.allow.widest_ipv4 = 24;
    config.allow.responses = {Response::block};
    ASSERT_TRUE(
        space_->shell("ip link add v0 type veth peer name v1 && ip addr add 192.0.2.5/24 dev v0 && "
                      "ip link set v0 up && ip link set v1 up && ip route add default via 192.0.2.1"));
    start();
    ASSERT_NE(process->rules(), nullptr);
    ASSERT_TRUE(process->rules()->rebuild({}, now));
    EXPECT_THAT(why_not("127.0.0.1"), HasSubstr("loopback"));
    EXPECT_THAT(why_not("192.0.2.5"), HasSubstr("address of this host"));
    EXPECT_THAT(why_not("192.0.2.1"), HasSubstr("gateway"));
    EXPECT_THAT(why_not("203.0.113.9"), HasSubstr("agent's configuration"));
    EXPECT_THAT(why_not("198.51.100.7"), HasSubstr("the hub"));
    EXPECT_THAT(why_not("10.0.0.0/16"), HasSubstr("refused by this host's own ceiling"));
    EXPECT_THAT(process->host().reboot().error().text, HasSubstr("refused by this host's own ceiling"));
    EXPECT_EQ(why_not("10.0.0.1"), "");
    const auto there = process->rules()->read_back(now);
    ASSERT_TRUE(there) << there.error().text;
    ASSERT_EQ(there->size(), 1U);
    EXPECT_EQ(there->front().network, net("10.0.0.1"));
    EXPECT_TRUE(space_->shell("ip addr add 10.9.9.9/32 dev v0"));
    EXPECT_THAT(why_not("10.9.9.9"), HasSubstr("address of this host")) << "as it is now, not as it was";
}

TEST_F(Enforcer, EndsWithTheOtherPartAndBlocksStay) {
    start();
    const std::vector<enforce::BlockEntry> one{{net("10.0.0.1"), std::nullopt}};
    ASSERT_TRUE(process->rules()->rebuild(one, now));
    EXPECT_FALSE(process->lost());
    process.reset();
    EXPECT_TRUE(space_->shell("nft list table inet garita | grep -q 10.0.0.1"));
}

TEST_F(Enforcer, ItsDeathIsSeenAndEveryCallFailsAtOnce) {
    start();
    ASSERT_TRUE(process->rules()->rebuild({}, now));
    ASSERT_EQ(kill(process->pid(), SIGKILL), 0);
    EXPECT_TRUE(eventually([&] { return process->lost(); }));
    const auto result = process->rules()->check(now);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, ErrorCode::unavailable);
    EXPECT_FALSE(process->host().reboot());
    EXPECT_FALSE(process->processes().list_ssh_sessions());
}

TEST_F(Enforcer, SignalsToTheWholeGroupDoNotTakeItAway) {
    start();
    for (const int number : {SIGINT, SIGTERM, SIGHUP})
        ASSERT_EQ(kill(process->pid(), number), 0);
    EXPECT_TRUE(process->rules()->rebuild({}, now));
    EXPECT_TRUE(process->rules()->remove_all()) << "what stopping does";
}

TEST_F(Enforcer, AHundredThousandBlocksAtOnce) {
    start();
    std::vector<enforce::BlockEntry> all;
    for (unsigned i = 0; i < 100'000; ++i)
        all.push_back({IpNetwork(IpAddress::from_v4({100, static_cast<std::uint8_t>(64 + (i >> 16U)),
                                                     static_cast<std::uint8_t>(i >> 8U),
                                                     static_cast<std::uint8_t>(i)})),
                       now + std::chrono::hours(1)});
    const auto began = std::chrono::steady_clock::now();
    const auto result = process->rules()->rebuild(all, now);
    const auto took = std::chrono::steady_clock::now() - began;
    ASSERT_TRUE(result) << result.error().text;
    EXPECT_TRUE(result->failed.empty());
    const auto ms = std::chrono::duration_cast<std::chrono::milliseconds>(took).count();
    printf("100 000 blocks through the enforcing part: %ld ms\n", static_cast<long>(ms));
    EXPECT_LT(ms, 5000);
    const auto there = process->rules()->read_back(now);
    ASSERT_TRUE(there) << there.error().text;
    EXPECT_EQ(there->size(), all.size());
}

TEST_F(Enforcer, AsksLogindUnderItsFilter) {
    if (std::system("/usr/bin/python3 -c 'import dbusmock' 2>/dev/null") != 0 ||
        access("/usr/bin/dbus-daemon", X_OK) != 0)
        GTEST_SKIP() << "needs dbus-daemon and python3-dbusmock";
    const support::TemporaryDirectory directory;
    const std::string address = "unix:path=" + (directory / "bus");
    const ChildProcess daemon(
        {"dbus-daemon", "--session", "--nofork", "--nopidfile", "--address=" + address});
    ASSERT_TRUE(eventually([&] { return access((directory / "bus").c_str(), F_OK) == 0; }));
    ASSERT_EQ(setenv("DBUS_SYSTEM_BUS_ADDRESS", address.c_str(), 1), 0);
    const ChildProcess logind({"/usr/bin/python3", "-m", "dbusmock", "--system", "--template", "logind", "-l",
                               directory / "calls"});
    config.firewall.backend = runtime::FirewallConfig::Backend::none;
    start();
    EXPECT_EQ(process->rules(), nullptr);
    EXPECT_TRUE(eventually([&] { return process->host().reboot().has_value(); }))
        << process->host().reboot().error().text;
    std::ifstream file(directory / "calls");
    const std::string calls{std::istreambuf_iterator<char>(file), {}};
    EXPECT_THAT(calls, HasSubstr("Reboot False"));
    EXPECT_EQ(unsetenv("DBUS_SYSTEM_BUS_ADDRESS"), 0);
}

}  // namespace
}  // namespace garita::programs
