// FRR's own command line, which nobody here wrote: a real one that refuses lines, fails to save and cuts idle
// sessions.

#include <filesystem>
#include <fstream>
#include <pwd.h>

#include <gtest/gtest.h>

#include "adapters/ios/driver.hpp"
#include "runtime/process/local_runner.hpp"
#include "runtime/shell/ssh_shell.hpp"
#include "support/child_process.hpp"
#include "support/net_namespace.hpp"
#include "support/temporary_directory.hpp"
#include "switch_world.hpp"

namespace garita::ios {
namespace {

using namespace std::chrono_literals;

constexpr std::uint16_t vty_port = 2602;
constexpr std::uint16_t ssh_port = 2222;

/// RIP's daemon in a network of its own, with its line open by Telnet, and by vtysh behind OpenSSH.
class FrrTest : public ::testing::Test {
  protected:
    void SetUp() override {
        space_ = testing_support::NetNamespace::make();
        const auto* account = ::getpwnam("frr");
        if (!space_ || account == nullptr || !std::filesystem::exists("/usr/lib/frr/ripd"))
            GTEST_SKIP() << "needs root, namespaces and Debian's frr";
        const std::filesystem::path folder(static_cast<std::string>(folder_ / ""));
        std::filesystem::permissions(folder, std::filesystem::perms::all);
        std::ofstream(folder_ / "ripd.conf")
            << "hostname sw-frr\npassword first-word\nenable password second-word\nline vty\n exec-timeout "
            << idle_cut_ << "\n";
        ASSERT_EQ(::chown((folder_ / "ripd.conf").c_str(), account->pw_uid, account->pw_gid), 0);
        space_->run([&] {
            daemon_ = std::make_unique<testing_support::ChildProcess>(std::vector<std::string>{
                "/usr/lib/frr/ripd", "-f", folder_ / "ripd.conf", "-i", folder_ / "ripd.pid", "-u", "frr",
                "-g", "frr", "-A", "127.0.0.1", "-P", std::to_string(vty_port), "-z", folder_ / "zserv.api",
                "--vty_socket", folder_ / "", "--log", "file:" + std::string(folder_ / "ripd.log")});
        });
        login_.name = "sw-frr";
        login_.host = "127.0.0.1";
        login_.port = vty_port;
        login_.transport = access::SwitchLogin::Transport::telnet;
        login_.password = "first-word";
        login_.enable_secret = "second-word";
        login_.connect_within = 20s;
        login_.answer_within = 20s;
        login_.save_within = 20s;
    }

    Result<std::unique_ptr<access::SwitchSession>> open() {
        Result<std::unique_ptr<access::SwitchSession>> session = fail(ErrorCode::io, "not run");
        space_->run([&] { session = driver_.open(login_, log_); });
        return session;
    }
    /// Once it listens.
    std::unique_ptr<access::SwitchSession> opened() {
        std::unique_ptr<access::SwitchSession> found;
        std::string said;
        (void)testing_support::eventually(
            [&] {
                auto session = open();
                if (session) found = std::move(*session);
                if (!session) said = session.error().text;
                return found != nullptr || session.error().code == ErrorCode::forbidden;
            },
            60s);
        EXPECT_TRUE(found) << said << "\n" << log_.text();
        return found;
    }
    static access::Change change() {
        access::Change change;
        change.port = access::PortName::parse("Gi1/0/1").value();
        change.mac = MacAddress::parse(one_mac).value();
        return change;
    }
    /// What it does not know is refused, and nothing of it stands.
    void refuses_what_it_does_not_know(access::SwitchSession& session) {
        const auto facts = session.facts(change().port);
        ASSERT_FALSE(facts) << log_.text();
        EXPECT_EQ(facts.error().code, ErrorCode::conflict) << facts.error().text;
        const auto applied = session.apply(change());
        ASSERT_FALSE(applied) << log_.text();
        EXPECT_EQ(applied.error().code, ErrorCode::conflict) << applied.error().text;
        EXPECT_NE(applied.error().text.find('%'), std::string::npos) << applied.error().text;
    }

    std::string idle_cut_ = "5 0";
    std::unique_ptr<testing_support::NetNamespace> space_;
    support::TemporaryDirectory folder_;
    std::unique_ptr<testing_support::ChildProcess> daemon_;
    std::unique_ptr<testing_support::ChildProcess> sshd_;
    IosDriver driver_;
    RecordedLog log_;
    access::SwitchLogin login_;
};

class FrrThatCutsIdleSessions : public FrrTest {
  protected:
    FrrThatCutsIdleSessions() { idle_cut_ = "0 1"; }
};

TEST_F(FrrTest, ItsRefusalsAreSeenOverTelnet) {
    const auto session = opened();
    ASSERT_TRUE(session);
    refuses_what_it_does_not_know(*session);
    const auto saved = session->save();  // it saves, but does not say so in IOS's way
    ASSERT_FALSE(saved);
    EXPECT_EQ(saved.error().code, ErrorCode::conflict) << saved.error().text;
    EXPECT_EQ(log_.text().find("first-word"), std::string::npos);
    EXPECT_EQ(log_.text().find("second-word"), std::string::npos);
}

TEST_F(FrrTest, AWrongPasswordIsTriedOnce) {
    { ASSERT_TRUE(opened()); }
    log_.lines.clear();
    login_.enable_secret = "another-word";
    const auto refused = open();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().code, ErrorCode::forbidden) << refused.error().text << log_.text();
    login_.password = "another-word";
    const auto shut_out = open();
    ASSERT_FALSE(shut_out);
    EXPECT_EQ(shut_out.error().code, ErrorCode::forbidden) << shut_out.error().text << log_.text();
}

TEST_F(FrrThatCutsIdleSessions, IsNoticedAndTheNextSessionWorks) {
    const auto session = opened();
    ASSERT_TRUE(session);
    Result<access::PortFacts> facts = fail(ErrorCode::conflict, "not asked");
    ASSERT_TRUE(testing_support::eventually(
        [&] {
            std::this_thread::sleep_for(1500ms);  // it has to be idle to be cut
            facts = session->facts(change().port);
            return !facts && facts.error().code == ErrorCode::unavailable;
        },
        60s))
        << log_.text();
    EXPECT_TRUE(opened());
}

TEST_F(FrrTest, ASaveThatFailsIsSeenOverSsh) {
    runtime::LocalRunner local;
    for (const std::string name : {"user", "host"})
        ASSERT_TRUE(
            local.run({{"/usr/bin/ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder_ / name}}));
    std::filesystem::create_directories("/run/sshd");
    std::ofstream(folder_ / "sshd_config")
        << "Port " << ssh_port << "\nListenAddress 127.0.0.1\nHostKey " << folder_ / "host"
        << "\nAuthorizedKeysFile " << folder_ / "user.pub"
        << "\nStrictModes no\nUsePAM no\nPermitRootLogin prohibit-password\nPidFile none\nPrintMotd no\n"
        << "ForceCommand /usr/bin/vtysh --vty_socket " << folder_ / ""
        << " --config_dir " << folder_ / "nowhere"
        << "\n";
    login_.transport = access::SwitchLogin::Transport::ssh;
    login_.port = ssh_port;
    login_.user = "root";
    login_.key_file = folder_ / "user";
    login_.enable_secret.clear();
    space_->run([&] {
        sshd_ = std::make_unique<testing_support::ChildProcess>(
            std::vector<std::string>{"/usr/sbin/sshd", "-D", "-q", "-f", folder_ / "sshd_config"});
        runtime::SshShellAccess shown;
        shown.host = login_.host;
        shown.port = ssh_port;
        shown.user = login_.user;
        shown.key_file = login_.key_file;
        shown.within = login_.connect_within;
        ASSERT_TRUE(testing_support::eventually(
            [&] {
                const auto key = runtime::shown_host_key(shown);
                if (key) login_.host_keys = {*key};
                return key.has_value();
            },
            60s));
    });
    const auto session = opened();
    ASSERT_TRUE(session);
    refuses_what_it_does_not_know(*session);
    const auto saved = session->save();
    ASSERT_FALSE(saved) << log_.text();
    EXPECT_EQ(saved.error().code, ErrorCode::conflict) << saved.error().text;
}

}  // namespace
}  // namespace garita::ios
