#include <chrono>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "support/ssh_server.hpp"

namespace garita::runtime {
namespace {

using namespace std::chrono_literals;

class SshRunnerTest : public ::testing::Test {
  protected:
    void SetUp() override {
        server_ = testing_support::SshServer::start();
        if (!server_) GTEST_SKIP() << "needs root, network namespaces and sshd";
    }
    Result<CommandEnd> run(const Command& command) {
        Result<CommandEnd> end = fail(ErrorCode::io, "not run");
        server_->space().run([&] { end = server_->runner().run(command); });
        return end;
    }
    std::unique_ptr<testing_support::SshServer> server_;
};

TEST_F(SshRunnerTest, WordsInputOutputAndExitCodeComeThrough) {
    auto end = run({{"/bin/echo", "a", "b/c:d,e@f%g+h=i"}});
    ASSERT_TRUE(end) << end.error().text;
    EXPECT_EQ(end->output, "a b/c:d,e@f%g+h=i\n");
    Command sorted{{"/usr/bin/sort", "-n"}};
    for (int i = 100'000; i > 0; --i)
        sorted.input += std::to_string(i) + "\n";
    end = run(sorted);
    ASSERT_TRUE(end) << end.error().text;
    EXPECT_EQ(end->output.size(), sorted.input.size());
    EXPECT_EQ(end->output.substr(0, 6), "1\n2\n3\n");
    end = run({{"/bin/ls", "/nowhere"}});
    ASSERT_TRUE(end) << end.error().text;
    EXPECT_EQ(end->code, 2);
    EXPECT_NE(end->errors.find("/nowhere"), std::string::npos);
}

TEST_F(SshRunnerTest, OneConnectionServesThemAll) {
    const Command who{{"/usr/bin/env"}};
    const auto connection = [&] {
        const auto end = run(who);
        EXPECT_TRUE(end) << end.error().text;
        const auto at = end->output.find("SSH_CONNECTION=");
        return at == std::string::npos ? std::string()
                                       : end->output.substr(at, end->output.find('\n', at) - at);
    };
    const auto first = connection();
    EXPECT_FALSE(first.empty());
    EXPECT_EQ(connection(), first);
}

TEST_F(SshRunnerTest, WhatAShellCouldTakeForItsOwnIsNeverSent) {
    for (const char* word :
         {"a b", "$(id)", "`id`",  "a;b", "a|b", "a&b", "*",    "~root", "",    "'",
          "\"",  "a\nb",  "{a,b}", "=ls", "#x",  "!x",  "a\\b", "<x",    "(x)", "\xd0\xb0"}) {
        const auto end = run({{"/bin/echo", word}});
        ASSERT_FALSE(end) << word;
        EXPECT_EQ(end.error().code, ErrorCode::invalid);
    }
    EXPECT_FALSE(run({{"echo", "x"}}));
}

TEST_F(SshRunnerTest, AHostWithAnotherKeyIsNotSpokenTo) {
    std::ofstream(server_->directory() / "known")
        << "[127.0.0.1]:2222 ssh-ed25519 "
           "AAAAC3NzaC1lZDI1NTE5AAAAIJdD7y3aLq454yWBdwLWbieU1ebz9/cu7/QEXn9OIeZJ\n";
    auto end = run({{"/bin/echo", "x"}});
    ASSERT_FALSE(end);
    EXPECT_EQ(end.error().code, ErrorCode::unavailable);
    EXPECT_EQ(end.error().retry, Retry::later);
    std::ofstream(server_->directory() / "known");  // an unknown one is no better
    EXPECT_FALSE(run({{"/bin/echo", "x"}}));
}

TEST_F(SshRunnerTest, AMachineThatIsAwayIsUnavailableAndComesBack) {
    ASSERT_TRUE(run({{"/bin/true"}}));
    server_->stop();
    auto gone = server_->access();
    gone.port = 2223;
    LocalRunner local;
    auto nobody = SshRunner::make(gone, local);
    ASSERT_TRUE(nobody);
    server_->space().run([&] {
        const auto end = (*nobody)->run({{"/bin/true"}});
        ASSERT_FALSE(end);
        EXPECT_EQ(end.error().code, ErrorCode::unavailable);
        EXPECT_NE(end.error().text.find("root@127.0.0.1"), std::string::npos) << end.error().text;
    });
    server_->begin();
    EXPECT_TRUE(run({{"/bin/true"}}));
}

TEST_F(SshRunnerTest, ARemoteProgramThatHangsIsLetGoOf) {
    Command command{{"/bin/sleep", "60"}};
    command.limits.total = 2s;
    const auto end = run(command);
    ASSERT_TRUE(end) << end.error().text;
    EXPECT_EQ(end->how, CommandEnd::How::timed_out);
    EXPECT_LT(end->took, 10s);
    EXPECT_TRUE(run({{"/bin/true"}}));  // the connection is still good
}

}  // namespace
}  // namespace garita::runtime
