#include <gtest/gtest.h>

#include "runtime/process/local_runner.hpp"
#include "runtime/process/ssh_runner.hpp"

namespace garita::runtime {
namespace {

TEST(SshAccess, PathsThatTheClientCouldReadOtherwiseAreRefused) {
    LocalRunner local;
    SshAccess good;
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
    for (const char* word : {"-oProxyCommand=x", "", "a b", "x;id", "a@b"}) {
        bad = good;
        bad.user = word;
        EXPECT_FALSE(SshRunner::make(bad, local)) << word;
        bad = good;
        bad.host = word;
        EXPECT_FALSE(SshRunner::make(bad, local)) << word;
    }
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
