#include "runtime/shell/ssh_shell.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "runtime/process/local_runner.hpp"
#include "support/child_process.hpp"
#include "support/net_namespace.hpp"
#include "support/temporary_directory.hpp"

namespace garita::runtime {
namespace {

using namespace std::chrono_literals;

/// OpenSSH's server in a network of its own, with keys made for this test.
class SshShellTest : public ::testing::Test {
  protected:
    void SetUp() override {
        space_ = testing_support::NetNamespace::make();
        if (!space_ || !std::filesystem::exists("/usr/sbin/sshd"))
            GTEST_SKIP() << "needs root, namespaces and sshd";
        std::filesystem::create_directories("/run/sshd");
        make_key("user", "ed25519");
        access_.host = "127.0.0.1";
        access_.port = 2222;
        access_.user = "root";
        access_.key_file = folder_ / "user";
        access_.within = 60s;
    }

    void make_key(const std::string& name, const std::string& kind) {
        LocalRunner local;
        const auto end =
            local.run({{"/usr/bin/ssh-keygen", "-q", "-t", kind, "-N", "", "-f", folder_ / name}});
        ASSERT_TRUE(end && end->exited_with(0));
    }

    /// `more` are lines of its configuration.
    void serve(const std::string& kind, const std::string& more = {}) {
        make_key("host", kind);
        std::ofstream(folder_ / "config")
            << "Port 2222\nListenAddress 127.0.0.1\nHostKey " << folder_ / "host"
            << "\nAuthorizedKeysFile " << folder_ / "user.pub"
            << "\nStrictModes no\nUsePAM no\nPermitRootLogin prohibit-password\n"
            << "PasswordAuthentication no\nPidFile none\nPrintMotd no\n"
            << more;
        space_->run([&] {
            server_ = std::make_unique<testing_support::ChildProcess>(
                std::vector<std::string>{"/usr/sbin/sshd", "-D", "-q", "-f", folder_ / "config"});
            ASSERT_TRUE(testing_support::eventually([&] { return learn_key(); }, 60s));
        });
    }

    /// Once it listens: what it shows is what is pinned, as ssh-keygen prints it.
    bool learn_key() {
        auto any = access_;
        any.algorithms = SshShellAccess::Algorithms::legacy;
        const auto key = shown_host_key(any);
        if (!key) return false;
        LocalRunner local;
        const auto printed = local.run({{"/usr/bin/ssh-keygen", "-l", "-f", folder_ / "host.pub"}});
        EXPECT_TRUE(printed);
        EXPECT_NE(printed->output.find(*key + " "), std::string::npos) << printed->output << *key;
        access_.host_keys = {*key};
        return true;
    }

    Result<std::unique_ptr<Shell>> open() {
        Result<std::unique_ptr<Shell>> shell = fail(ErrorCode::io, "not run");
        space_->run([&] { shell = open_ssh_shell(access_); });
        return shell;
    }

    /// What a program says up to a mark.
    static std::string read_up_to(Shell& shell, std::string_view mark) {
        std::string said;
        const auto until = std::chrono::steady_clock::now() + 60s;
        while (said.find(mark) == std::string::npos && std::chrono::steady_clock::now() < until) {
            const auto piece = shell.read(100ms);
            if (!piece || piece->is == Shell::Is::closed) break;
            said += piece->bytes;
        }
        return said;
    }

    std::unique_ptr<testing_support::NetNamespace> space_;
    support::TemporaryDirectory folder_;
    std::unique_ptr<testing_support::ChildProcess> server_;
    SshShellAccess access_;
};

TEST_F(SshShellTest, ATerminalByKey) {
    serve("ed25519", "ForceCommand /bin/cat\n");
    const auto shell = open();
    ASSERT_TRUE(shell) << shell.error().text;
    ASSERT_TRUE((*shell)->write("one two three\r"));
    EXPECT_NE(read_up_to(**shell, "three\r\none two three").find("one two three\r\none two three"),
              std::string::npos);
    const auto silent = (*shell)->read(10ms);
    ASSERT_TRUE(silent);
    EXPECT_NE(silent->is, Shell::Is::closed);
    ASSERT_TRUE((*shell)->write("\x04"));  // cat ends
    Shell::Is last = Shell::Is::silent;
    EXPECT_TRUE(testing_support::eventually(
        [&] {
            const auto piece = (*shell)->read(100ms);
            last = piece ? piece->is : Shell::Is::closed;
            return last == Shell::Is::closed;
        },
        60s));
}

TEST_F(SshShellTest, AnOldServerOnlyWhereItIsSaidSo) {
    serve("rsa",
          "ForceCommand /bin/cat\nKexAlgorithms diffie-hellman-group1-sha1\nHostKeyAlgorithms ssh-rsa\n"
          "Ciphers aes128-cbc,3des-cbc\nMACs hmac-sha1\n");
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::unavailable);
    EXPECT_NE(refused.error().text.find("legacy"), std::string::npos) << refused.error().text;
    access_.algorithms = SshShellAccess::Algorithms::legacy;
    const auto shell = open();
    EXPECT_TRUE(shell) << shell.error().text;
}

TEST_F(SshShellTest, OldKeysAndSumsAloneAreRefusedToo) {
    serve("rsa", "HostKeyAlgorithms ssh-rsa\n");
    EXPECT_FALSE(open());
    server_.reset();
    std::filesystem::remove(folder_ / "host");
    serve("ed25519", "MACs hmac-sha1\nCiphers aes128-ctr\n");
    EXPECT_FALSE(open());
}

TEST_F(SshShellTest, AnotherHostKeyOrUserKeyIsRefusedForGood) {
    serve("ed25519");
    const auto good = access_;
    access_.host_keys = {"SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"};
    auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
    access_ = good;
    make_key("stranger", "ed25519");
    access_.key_file = folder_ / "stranger";
    refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden);
    EXPECT_EQ(refused.error().retry, Retry::no);
    access_.key_file = folder_ / "nowhere";
    EXPECT_EQ(open().error().code, ErrorCode::forbidden);
    access_ = good;
    access_.key_file.clear();
    access_.password = "never sent: it takes none";
    EXPECT_EQ(open().error().code, ErrorCode::forbidden);
}

TEST_F(SshShellTest, AServerThatAcceptsAndSaysNothingIsGivenUp) {
    access_.host_keys = {"SHA256:x"};
    access_.within = 2s;
    space_->run([&] {
        testing_support::ChildProcess mute(
            {"/usr/bin/python3", "-c",
             "import socket, time\ns = socket.create_server(('127.0.0.1', 2222))\n"
             "time.sleep(600)"});
        EXPECT_TRUE(testing_support::eventually(
            [&] {
                const auto opened = open_ssh_shell(access_);
                EXPECT_FALSE(opened);
                EXPECT_EQ(opened.error().code, ErrorCode::unavailable);
                return opened.error().text.find("refused") == std::string::npos;
            },
            60s));
    });
}

}  // namespace
}  // namespace garita::runtime
