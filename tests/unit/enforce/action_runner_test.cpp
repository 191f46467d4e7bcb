#include "support/post.hpp"

namespace garita::tests {
namespace {

using namespace std::chrono_literals;

class RunningActions : public ::testing::Test {
  protected:
    Post post;
    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};
    const CloseSession session{4321, 99, IpAddress::parse("203.0.113.9").value(), 50000, 22};

    store::ActionReport only_report() {
        const auto reports = post.store.unreported_actions();
        EXPECT_TRUE(reports);
        EXPECT_EQ(reports->size(), 1U);
        return reports->empty() ? store::ActionReport{} : reports->front();
    }
};

TEST_F(RunningActions, ASessionIsClosedAsItWasDetected) {
    post.host.live_sessions = {4321};
    post.actions.offer({{{1}, session, now + 1min}});
    post.act(now);
    ASSERT_EQ(post.host.closed.size(), 1U);
    EXPECT_EQ(post.host.closed[0].start_ticks, 99U);
    EXPECT_EQ(post.host.closed[0].peer_port, 50000);
    EXPECT_EQ(only_report().state, ActionState::done);
}

TEST_F(RunningActions, ASessionThatIsGoneCountsAsDone) {
    post.actions.offer({{{1}, session, now + 1min}});
    post.act(now);
    EXPECT_EQ(only_report().state, ActionState::done);
    EXPECT_NE(only_report().result.find("already gone"), std::string::npos);
}

TEST_F(RunningActions, TheSameIdRunsOnceHoweverOftenItIsGiven) {
    for (int i = 0; i < 3; ++i) {
        post.actions.offer({{{1}, Reboot{}, now + 2min}});
        post.act(now);
        post.start();
        post.store.restart();
    }
    EXPECT_EQ(post.host.reboots, 1);
}

TEST_F(RunningActions, ALateRebootIsRefusedAndReported) {
    post.actions.offer({{{1}, Reboot{}, now}});
    post.act(now);
    EXPECT_EQ(post.host.reboots, 0);
    EXPECT_EQ(only_report().state, ActionState::failed);
}

TEST_F(RunningActions, WhatTheHostRefusesIsReportedAsFailed) {
    post.host.away = Error{ErrorCode::forbidden, "inhibited by backup"};
    post.actions.offer({{{1}, PowerOff{}, now + 2min}});
    post.act(now);
    EXPECT_EQ(only_report().state, ActionState::failed);
    EXPECT_EQ(only_report().result, "inhibited by backup");
}

TEST_F(RunningActions, AStoreThatFailsBeforeTheBeginningLeavesTheHostAlone) {
    post.store.broken = Error{ErrorCode::full, "disk full"};
    post.actions.offer({{{1}, Reboot{}, now + 2min}});
    EXPECT_FALSE(post.runner->step(now));
    EXPECT_EQ(post.host.reboots, 0);
}

}  // namespace
}  // namespace garita::tests
