#include <gtest/gtest.h>

#include "runtime/process/local_runner.hpp"
#include "runtime/process/ssh_runner.hpp"

namespace garita::runtime {
namespace {

TEST(SshTarget, IsReadFromItsPlace) {
    auto target = parse_ssh_target("ssh://admin@border1.example.org:2222");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->user, "admin");
    EXPECT_EQ(target->host, "border1.example.org");
    EXPECT_EQ(target->port, 2222);
    target = parse_ssh_target("ssh://192.0.2.1");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->user, "root");
    EXPECT_EQ(target->port, 22);
    target = parse_ssh_target("ssh://root@[2001:db8::1]:22");
    ASSERT_TRUE(target);
    EXPECT_EQ(target->host, "2001:db8::1");
}

TEST(SshTarget, WhatIsNoPlaceIsRefused) {
    for (const char* text : {"", "ssh://", "ssh:///", "http://x", "ssh://-oProxyCommand=x", "ssh://a b",
                             "ssh://x:0", "ssh://x:", "ssh://x:99999", "ssh://x:2a", "ssh://@x", "ssh://-x@y",
                             "ssh://[::1", "ssh://[::1]x", "ssh://x/path", "ssh://a:b:c", "ssh://x;id"})
        EXPECT_FALSE(parse_ssh_target(text)) << text;
}

TEST(SshTarget, PathsThatTheClientCouldReadOtherwiseAreRefused) {
    LocalRunner local;
    SshTarget good;
    good.host = "192.0.2.1";
    good.identity_file = "/etc/garita/key";
    good.known_hosts_file = "/etc/garita/known";
    good.control_directory = "/run/garita/ssh";
    EXPECT_TRUE(SshRunner::make(good, local));
    for (const char* path : {"", "relative", "/with space", "/with%h", "/with\"quote", "~/key"}) {
        auto bad = good;
        bad.identity_file = path;
        EXPECT_FALSE(SshRunner::make(bad, local)) << path;
        bad = good;
        bad.known_hosts_file = path;
        EXPECT_FALSE(SshRunner::make(bad, local)) << path;
    }
    auto bad = good;
    bad.control_directory = "/" + std::string(60, 'x');
    EXPECT_FALSE(SshRunner::make(bad, local));
    bad = good;
    bad.user = "-x";
    EXPECT_FALSE(SshRunner::make(bad, local));
}

TEST(SafeForShells, IsNarrow) {
    EXPECT_TRUE(safe_for_shells("10Mbit/s"));
    EXPECT_TRUE(safe_for_shells("2001:db8::/32"));
    EXPECT_TRUE(safe_for_shells("-q"));
    for (const char* word : {"", "=x", "%1", "@x", "a b", "a'b", "$x", "~", "[x]", "?"})
        EXPECT_FALSE(safe_for_shells(word)) << word;
}

}  // namespace
}  // namespace garita::runtime
