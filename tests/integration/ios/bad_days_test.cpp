#include "switch_world.hpp"

namespace garita::ios {
namespace {

class IosBadDays : public SwitchTest {};

TEST_F(IosBadDays, ARefusedLineLeavesThePortAsItWas) {
    start();
    const auto before = text_of("running");
    const auto session = opened();
    ASSERT_TRUE(session);
    ASSERT_TRUE(session->apply(secure("Gi1/0/1", one_mac))) << log_.text();
    const auto full = session->apply(secure("Gi1/0/1", other_mac));  // maximum 1
    ASSERT_FALSE(full);
    EXPECT_EQ(full.error().code, ErrorCode::conflict);
    EXPECT_NE(full.error().text.find("maximum limit"), std::string::npos) << full.error().text;
    auto release = secure("Gi1/0/1", one_mac);
    release.what = access::Change::What::release;
    const auto back = session->apply(release);
    EXPECT_TRUE(back) << back.error().text << log_.text();
    EXPECT_EQ(text_of("running"), before);
}

TEST_F(IosBadDays, WhatTheAccountMayNotDoIsForbidden) {
    start();
    modes({{"deny", {"^switchport port-security"}}});
    const auto session = opened();
    ASSERT_TRUE(session);
    const auto denied = session->apply(secure("Gi1/0/1", one_mac));
    ASSERT_FALSE(denied);
    EXPECT_EQ(denied.error().code, ErrorCode::forbidden) << denied.error().text;
    EXPECT_TRUE(session->facts(port("Gi1/0/1"))) << log_.text();
}

TEST_F(IosBadDays, ALockedConfigurationIsToBeTriedLater) {
    start();
    modes({{"config_locked", true}});
    const auto session = opened();
    ASSERT_TRUE(session);
    const auto locked = session->apply(secure("Gi1/0/1", one_mac));
    ASSERT_FALSE(locked);
    EXPECT_EQ(locked.error().retry, Retry::later) << locked.error().text;
}

TEST_F(IosBadDays, ASwitchThatTakesAndForgetsIsSeenThrough) {
    start();
    modes({{"lying", true}});
    const auto session = opened();
    ASSERT_TRUE(session);
    const auto change = secure("Gi1/0/1", one_mac);
    ASSERT_TRUE(session->apply(change)) << log_.text();
    const auto proof = session->verify(change);
    ASSERT_FALSE(proof);
    EXPECT_EQ(proof.error().code, ErrorCode::conflict);
}

TEST_F(IosBadDays, SavesThatFailOrAreOnlySaidAreSeenThrough) {
    start();
    const auto session = opened();
    ASSERT_TRUE(session);
    ASSERT_TRUE(session->apply(secure("Gi1/0/1", one_mac))) << log_.text();
    modes({{"save_error", "startup-config file open failed (Device or resource busy)"}});
    auto saved = session->save();
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::conflict);
    modes({{"save_error", ""}, {"lying_save", true}});
    saved = session->save();
    ASSERT_FALSE(saved) << log_.text();
    EXPECT_NE(saved.error().text.find("startup configuration"), std::string::npos);
    modes({{"lying_save", false}, {"save_question", true}});
    saved = session->save();
    EXPECT_TRUE(saved) << saved.error().text << log_.text();
    EXPECT_NE(text_of("startup").find(one_mac), std::string::npos);
}

TEST_F(IosBadDays, AConnectionThatBreaksAtAnyLineIsNoticedAtOnce) {
    start();
    const auto change = secure("Gi1/0/1", one_mac);
    bool whole = false;
    for (int line = 1; line < 40 && !whole; ++line) {
        modes({{"die_after", line}, {"die_executes", line > 2 && line % 2 == 0}, {"die_again", false}});
        auto session = open();
        if (!session) {
            EXPECT_EQ(session.error().code, ErrorCode::unavailable) << line << ": " << session.error().text;
            continue;
        }
        auto done = (*session)->apply(change);
        if (done) done = (*session)->verify(change);
        if (done) done = (*session)->save();
        whole = done.has_value();
        if (!whole) {
            EXPECT_EQ(done.error().code, ErrorCode::unavailable) << line << ": " << done.error().text;
        }
        session->reset();
        if (text_of("running").find(one_mac) == std::string::npos) continue;  // as before, and that is right
        const std::string secured = "switchport port-security mac-address sticky " + std::string(one_mac);
        switches_->ask("sw1", "configure",
                       {{"text", "interface GigabitEthernet1/0/1\n no " + secured + "\n"}, {"save", true}});
    }
    EXPECT_TRUE(whole);
}

TEST_F(IosBadDays, ASwitchThatFallsSilentIsWaitedForNoLongerThanAllowed) {
    start();
    modes({{"hang", {{"command", "show running-config"}, {"bytes", 20}}}});
    login_.answer_within = std::chrono::seconds(2);
    const auto session = opened();
    ASSERT_TRUE(session);
    const auto facts = session->facts(port("Gi1/0/1"));
    ASSERT_FALSE(facts);
    EXPECT_EQ(facts.error().code, ErrorCode::unavailable);
    EXPECT_NE(facts.error().text.find("within 2 s"), std::string::npos) << facts.error().text;
}

TEST_F(IosBadDays, NobodyThere) {
    start();
    login_.port = 1;
    const auto nobody = open();
    ASSERT_FALSE(nobody);
    EXPECT_EQ(nobody.error().code, ErrorCode::unavailable);
    EXPECT_EQ(nobody.error().retry, Retry::later);
    login_.host = "switch.example.org";
    EXPECT_EQ(open().error().code, ErrorCode::invalid);
}

}  // namespace
}  // namespace garita::ios
