#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "enforce/guarded_backend.hpp"
#include "enforce/guarded_host.hpp"
#include "fakes/memory_host.hpp"
#include "fakes/memory_rule_backend.hpp"
#include "support/post.hpp"

namespace garita::tests {
namespace {

using namespace std::chrono_literals;
using enforce::BlockEntry;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* refused_words = "refused by this host's own ceiling: ";

IpNetwork net(std::string_view text) {
    return IpNetwork::parse(text).value();
}

class NoNetworks final : public enforce::LocalNetworks {
  public:
    Result<std::vector<enforce::LocalNetwork>> protected_networks() override {
        return fail(ErrorCode::io, "no routes", Retry::later);
    }
};

class Guarding : public ::testing::Test {
  protected:
    fakes::MemoryRuleBackend kernel;
    fakes::FixedLocalNetworks local;
    enforce::HostProtection protection{local, {net("203.0.113.0/24")}, {}};
    enforce::Ceiling ceiling;
    std::optional<enforce::GuardedBackend> guard;
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

    void start() {
        guard.emplace(kernel, protection, ceiling);
        ASSERT_TRUE(guard->rebuild({}, now));
    }
    /// Adds them, and returns the reasons of those that were refused.
    std::vector<enforce::EntryFailure> add(const std::vector<std::string>& networks) {
        std::vector<BlockEntry> entries;
        for (const auto& text : networks)
            entries.push_back({net(text), std::nullopt});
        const auto result = guard->apply(entries, {}, now);
        EXPECT_TRUE(result) << result.error().text;
        return result ? result->failed : std::vector<enforce::EntryFailure>{};
    }
};

TEST_F(Guarding, NothingIsBlockedWhereBlockingIsNotAllowed) {
    ceiling.responses = {Response::close_connection};
    start();
    const auto refused = add({"192.0.2.1", "2001:db8::1"});
    ASSERT_EQ(refused.size(), 2U);
    EXPECT_THAT(refused[0].error.text, StartsWith(refused_words));
    EXPECT_THAT(refused[0].error.text, HasSubstr("block is not among"));
    EXPECT_EQ(refused[0].error.code, ErrorCode::forbidden);
    EXPECT_TRUE(kernel.entries().empty());
}

TEST_F(Guarding, NetworksWiderThanTheWidestAreRefusedAndTheOthersPass) {
    ceiling.widest_v4 = 24;
    ceiling.widest_v6 = 56;
    start();
    const auto refused = add({"192.0.0.0/23", "192.0.2.0/24", "2001:db8::/55", "2001:db8::/56"});
    ASSERT_EQ(refused.size(), 2U);
    EXPECT_EQ(refused[0].network, net("192.0.0.0/23"));
    EXPECT_EQ(refused[1].network, net("2001:db8::/55"));
    EXPECT_THAT(refused[0].error.text, HasSubstr("192.0.0.0/23 is wider than /24"));
    EXPECT_EQ(kernel.entries().size(), 2U);
}

TEST_F(Guarding, ProtectedNetworksAreAskedForAnewEachTime) {
    start();
    EXPECT_EQ(add({"203.0.113.7", "127.0.0.1", "198.51.100.1"}).size(), 2U);
    EXPECT_TRUE(kernel.entries().contains(net("198.51.100.1")));
    local.networks.push_back({net("198.51.100.1"), enforce::LocalRole::gateway});
    const auto refused = add({"198.51.100.1"});
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_THAT(refused[0].error.text, HasSubstr("gateway of this host"));
    EXPECT_TRUE(kernel.entries().empty()) << "what is refused must not be in force either";
}

TEST_F(Guarding, WithoutKnowingWhatIsProtectedNothingIsBlocked) {
    NoNetworks dark;
    enforce::HostProtection unknown{dark, {}, {}};
    guard.emplace(kernel, unknown, ceiling);
    const std::vector<BlockEntry> one{{net("192.0.2.1"), {}}};
    EXPECT_FALSE(guard->rebuild(one, now));
    ASSERT_TRUE(kernel.prepare());
    EXPECT_FALSE(guard->apply(one, {}, now));
    const std::vector<IpNetwork> gone{net("192.0.2.1")};
    EXPECT_TRUE(guard->apply({}, gone, now)) << "taking away is never refused";
    EXPECT_TRUE(kernel.entries().empty());
}

TEST_F(Guarding, NoMoreAreInForceThanAllowedAndThereIsRoomAgainAfterOneEnds) {
    ceiling.blocks_in_force = 2;
    start();
    EXPECT_TRUE(add({"192.0.2.1"}).empty());
    const auto refused = add({"192.0.2.1", "192.0.2.2", "192.0.2.3"});
    ASSERT_EQ(refused.size(), 1U) << "one that is there already takes no more room";
    EXPECT_EQ(refused[0].network, net("192.0.2.3"));
    EXPECT_EQ(refused[0].error.code, ErrorCode::full);
    EXPECT_EQ(refused[0].error.retry, Retry::later);
    EXPECT_THAT(refused[0].error.text, StartsWith(refused_words));
    const std::vector<IpNetwork> gone{net("192.0.2.1")};
    ASSERT_TRUE(guard->apply({}, gone, now));
    EXPECT_TRUE(add({"192.0.2.3"}).empty());
    EXPECT_EQ(kernel.entries().size(), 2U);
}

TEST_F(Guarding, ARestoreBeyondTheLimitIsCutToIt) {
    ceiling.blocks_in_force = 2;
    guard.emplace(kernel, protection, ceiling);
    const std::vector<BlockEntry> all{{net("192.0.2.1"), {}}, {net("192.0.2.2"), {}}, {net("192.0.2.3"), {}}};
    const auto result = guard->rebuild(all, now);
    ASSERT_TRUE(result);
    ASSERT_EQ(result->failed.size(), 1U);
    EXPECT_EQ(result->failed[0].error.code, ErrorCode::full);
    EXPECT_EQ(kernel.entries().size(), 2U);
}

TEST_F(Guarding, NewBlocksBeyondTheRateWait) {
    ceiling.blocks_per_minute = 2;
    guard.emplace(kernel, protection, ceiling);
    const std::vector<BlockEntry> before{
        {net("192.0.2.1"), {}}, {net("192.0.2.2"), {}}, {net("192.0.2.3"), {}}};
    const auto restored = guard->rebuild(before, now);
    ASSERT_TRUE(restored);
    EXPECT_TRUE(restored->failed.empty()) << "what was there before is no new block";
    EXPECT_TRUE(add({"192.0.2.10"}).empty());
    now += 30s;
    const auto refused = add({"192.0.2.1", "192.0.2.11", "192.0.2.12"});
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_EQ(refused[0].error.code, ErrorCode::unavailable);
    EXPECT_EQ(refused[0].error.retry, Retry::later);
    EXPECT_THAT(refused[0].error.text, StartsWith(refused_words));
    now += 31s;
    EXPECT_TRUE(add({"192.0.2.12"}).empty()) << "the first of them is a minute ago";
    EXPECT_EQ(add({"192.0.2.13"}).size(), 1U);
    const auto again = guard->rebuild(std::vector<BlockEntry>{{net("192.0.2.99"), {}}}, now);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->failed.size(), 1U) << "only the first rebuild is a restore";
}

TEST(GuardedHost, OnlyWhatIsAllowedIsDone) {
    fakes::MemoryHostControl host;
    host.live_sessions = {7};
    CloseSession session;
    session.pid = 7;
    enforce::Ceiling ceiling;
    ceiling.responses = {Response::block};
    enforce::GuardedHost none(host, ceiling);
    for (const auto& error :
         {none.reboot().error(), none.power_off().error(), none.close_session(session).error()}) {
        EXPECT_EQ(error.code, ErrorCode::forbidden);
        EXPECT_THAT(error.text, StartsWith(refused_words));
    }
    EXPECT_EQ(host.reboots + host.power_offs, 0);
    EXPECT_TRUE(host.closed.empty());
    enforce::GuardedHost all(host, {});
    EXPECT_TRUE(all.reboot());
    EXPECT_TRUE(all.power_off());
    EXPECT_TRUE(all.close_session(session));
    EXPECT_EQ(host.reboots + host.power_offs, 2);
    EXPECT_EQ(host.closed.size(), 1U);
}

/// The whole way of a refusal: from the order to what the hub is told.
TEST(CeilingReports, ARefusedBlockIsAFailedRuleAndARefusedActionAFailedAction) {
    Post post;
    const Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    post.options.ceiling.widest_v4 = 24;
    post.options.ceiling.responses = {Response::block};
    enforce::GuardedHost guarded(post.host, post.options.ceiling);
    post.start();
    post.runner.emplace(post.store, guarded, post.actions, nullptr);
    post.reconcile(now);
    post.deliver({block_of("10.0.0.0/8", 5), block_of("192.0.2.2", 6)}, 6);
    post.reconcile(now);
    ASSERT_EQ(post.report.last.failed.size(), 1U);
    EXPECT_THAT(post.report.last.failed[0].error, StartsWith(refused_words));
    EXPECT_EQ(post.report.last.failed[0].seq, 5);
    post.actions.offer({{ActionId{3}, Reboot{}, now + 1min}});
    post.act(now);
    const auto results = post.store.unreported_actions();
    ASSERT_TRUE(results);
    ASSERT_EQ(results->size(), 1U);
    EXPECT_EQ(results->front().state, ActionState::failed);
    EXPECT_THAT(results->front().result, StartsWith(refused_words));
}

}  // namespace
}  // namespace garita::tests
