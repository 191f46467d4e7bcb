// What an agent tells of who is logged in.

#include "programs/agent/login_watch.hpp"

#include <gtest/gtest.h>

#include "fakes/detect_world.hpp"

namespace garita::programs {
namespace {

class LoginWatchTest : public testing::Test {
  protected:
    void log_in(const std::string& user, const std::string& from,
                detect::SshServer server = detect::SshServer::hosts_own) {
        detect::SshSession session;
        session.server = server;
        session.user = user;
        session.peer = *IpAddress::parse(from);
        processes.sessions.push_back(session);
    }
    void look() { ASSERT_TRUE(watch.step(Time{})); }

    fakes::MemoryProcessTable processes;
    int told = 0;
    LoginWatch watch{processes, [this] { ++told; }};
};

TEST_F(LoginWatchTest, TellsOfEachChangeOnce) {
    look();
    EXPECT_EQ(told, 0) << "nobody is there, as before";
    log_in("ana", "192.0.2.5");
    log_in("ana", "192.0.2.5");
    log_in("", "192.0.2.6");
    look();
    look();
    EXPECT_EQ(told, 1);
    EXPECT_EQ(watch.logins(), (std::vector<Login>{{"ana", *IpAddress::parse("192.0.2.5")}}));
    processes.sessions.clear();
    look();
    EXPECT_EQ(told, 2);
    EXPECT_TRUE(watch.logins().empty());
}

TEST_F(LoginWatchTest, WhatIsNoNameOfAUserIsLeftOut) {
    for (const auto* name : {"\xff\xfe", "a\nb", "\x1b[2J", "caf\xc3\xa9"})
        log_in(name, "192.0.2.5");
    log_in(std::string(129, 'a'), "192.0.2.5");
    log_in("ana", "2001:db8::1");
    look();
    ASSERT_EQ(watch.logins().size(), 1U);
    EXPECT_EQ(watch.logins()[0].user, "ana");
}

TEST_F(LoginWatchTest, OnlySessionsOfTheHostsOwnServerCount) {
    log_in("ana", "192.0.2.5", detect::SshServer::unproven);
    look();
    EXPECT_EQ(told, 0);
    EXPECT_TRUE(watch.logins().empty());
}

TEST_F(LoginWatchTest, ThereIsABound) {
    for (int i = 0; i < 1000; ++i)
        log_in("user" + std::to_string(i), "192.0.2.5");
    look();
    EXPECT_EQ(watch.logins().size(), 256U);
}

TEST_F(LoginWatchTest, WhenNobodyCanLookTheLastLookCounts) {
    log_in("ana", "192.0.2.5");
    look();
    processes.away = Error{ErrorCode::io, "no look", Retry::later};
    EXPECT_FALSE(watch.step(Time{}));
    EXPECT_EQ(watch.logins().size(), 1U);
}

}  // namespace
}  // namespace garita::programs
