#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/linux_host/host_control.hpp"
#include "adapters/linux_host/process_table.hpp"
#include "integration/linux_host/ssh_world.hpp"

namespace garita::linux_host {
namespace {

using detect::SshSession;
using enforce::SessionEnd;
using testing_support::eventually;
using testing_support::SshWorld;

class SshSessions : public ::testing::Test {
  protected:
    void SetUp() override {
        world_ = SshWorld::make();
        if (!world_) GTEST_SKIP() << "needs root, network namespaces and OpenSSH's server and client";
    }

    std::vector<SshSession> sessions() {
        std::vector<SshSession> all;
        world_->space().run([&] {
            auto listed = ProcessTable().list_ssh_sessions();
            ASSERT_TRUE(listed) << listed.error().text;
            all = std::move(*listed);
        });
        return all;
    }

    /// Waits until so many sessions have logged in, and gives all.
    std::vector<SshSession> when_logged_in(std::size_t count) {
        std::vector<SshSession> all;
        EXPECT_TRUE(eventually([&] {
            all = sessions();
            return static_cast<std::size_t>(std::count_if(
                       all.begin(), all.end(), [](const auto& s) { return !s.user.empty(); })) == count;
        }));
        return all;
    }

    enforce::SessionClosed close(const CloseSession& session) {
        enforce::SessionClosed closed;
        world_->space().run([&] {
            const auto result = HostControl().close_session(session);
            ASSERT_TRUE(result) << result.error().text;
            closed = *result;
        });
        return closed;
    }

    static CloseSession reference(const SshSession& session) {
        return {session.process.pid, session.process.start_ticks, session.peer, session.peer_port,
                session.local_port};
    }

    /// True when a process with this command line runs.
    static bool runs(const std::string& command) {
        const ProcFiles proc;
        const auto pids = proc.pids();
        return std::any_of(pids.begin(), pids.end(), [&](auto pid) { return proc.command(pid) == command; });
    }

    std::unique_ptr<SshWorld> world_;
};

TEST_F(SshSessions, EndsExactlyTheOneThatWasMeant) {
    const auto first = world_->login("garita-ann", "sleep 3001");
    when_logged_in(1);
    const auto second = world_->login("garita-ann", "sleep 3002");
    auto all = when_logged_in(2);
    ASSERT_EQ(all.size(), 2U);
    std::sort(all.begin(), all.end(),
              [](auto& a, auto& b) { return a.process.start_ticks < b.process.start_ticks; });
    for (const auto& session : all) {
        EXPECT_EQ(session.user, "garita-ann");
        EXPECT_EQ(session.peer.text(), "127.0.0.1");
        EXPECT_EQ(session.local_port, SshWorld::port);
        EXPECT_NE(session.process.command.find("[priv]"), std::string::npos) << session.process.command;
    }
    ASSERT_TRUE(eventually([] { return runs("sleep 3001") && runs("sleep 3002"); }));

    const auto closed = close(reference(all[0]));
    EXPECT_EQ(closed.end, SessionEnd::ended);
    EXPECT_NE(closed.note.find(std::to_string(all[0].process.pid)), std::string::npos) << closed.note;
    EXPECT_EQ(first->ended_within(std::chrono::seconds(5)), 255) << "the client must notice";
    EXPECT_TRUE(eventually([] { return !runs("sleep 3001"); })) << "what ran in the session hangs up with it";
    EXPECT_TRUE(runs("sleep 3002"));
    EXPECT_FALSE(second->ended());
    EXPECT_EQ(sessions().size(), 1U);

    EXPECT_EQ(close(reference(all[0])).end, SessionEnd::already_gone);
    EXPECT_FALSE(second->ended());
    EXPECT_EQ(close(reference(all[1])).end, SessionEnd::ended);
    EXPECT_EQ(second->ended_within(std::chrono::seconds(5)), 255);
}

/// A connection that came in to a process that calls itself sshd and names a user.
std::unique_ptr<testing_support::ChildProcess> pretend(const SshWorld& world, const std::string& uid) {
    const auto* const code =
        "import os, socket, sys\n"
        "link, uid = sys.argv[1], int(sys.argv[2])\n"
        "if not os.path.islink(link): os.symlink('/usr/bin/sleep', link)\n"
        "server = socket.create_server(('127.0.0.1', 9022))\n"
        "client = socket.create_connection(('127.0.0.1', 9022))\n"
        "served, _ = server.accept()\n"
        "[s.set_inheritable(True) for s in (served, client)]\n"
        "os.setgroups(()); os.setgid(uid); os.setuid(uid)\n"
        "os.execv(link, ('sshd: ana@pts/7', '3010'))";
    std::unique_ptr<testing_support::ChildProcess> process;
    world.space().run([&] {
        process = std::make_unique<testing_support::ChildProcess>(
            std::vector<std::string>{"/usr/bin/python3", "-c", code, world.file("sshd"), uid});
    });
    return process;
}

TEST_F(SshSessions, ThatAnOrdinaryUserPretendsAreNotTheHosts) {
    const auto client = world_->login("garita-ann", "sleep 3009");
    // the second runs as root what is no sshd, as sudo does that was started by a link of that name
    for (const auto* uid : {"64201", "0"}) {
        const auto pretender = pretend(*world_, uid);
        const auto all = when_logged_in(2);
        ASSERT_EQ(all.size(), 2U);
        for (const auto& session : all) {
            const bool real = session.local_port == SshWorld::port;
            EXPECT_EQ(session.user, real ? "garita-ann" : "ana");
            EXPECT_EQ(session.server == detect::SshServer::hosts_own, real) << session.process.command;
        }
    }
}

TEST_F(SshSessions, OfRootOnATerminalEndToo) {
    const auto client = world_->login("root", "sleep 3003", "::1", {"-tt"});
    const auto all = when_logged_in(1);
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].user, "root");
    EXPECT_EQ(all[0].server, detect::SshServer::hosts_own);
    EXPECT_EQ(all[0].peer.text(), "::1");
    EXPECT_EQ(close(reference(all[0])).end, SessionEnd::ended);
    EXPECT_TRUE(client->ended_within(std::chrono::seconds(5)));
    EXPECT_TRUE(eventually([] { return !runs("sleep 3003"); }));
}

TEST_F(SshSessions, AreFoundByTheirConnection) {
    const auto client = world_->login("garita-ann", "sleep 3004");
    const auto all = when_logged_in(1);
    ASSERT_EQ(all.size(), 1U);
    world_->space().run([&] {
        ProcessTable table;
        const auto peer = all[0].peer;
        EXPECT_EQ(table.find({peer, all[0].peer_port, SshWorld::port}).value(), all[0].process);
        EXPECT_EQ(table.find({peer, all[0].peer_port, 0}).value(), all[0].process);
        EXPECT_FALSE(table.find({peer, all[0].peer_port, 22}).value());
        EXPECT_FALSE(table.find({peer, static_cast<std::uint16_t>(all[0].peer_port + 1), 0}).value());
        EXPECT_FALSE(table.find({peer, SshWorld::port, all[0].peer_port}).value()) << "the client's own end";
    });
    // and ended by it alone, when the process is not known
    EXPECT_EQ(close({0, 0, all[0].peer, all[0].peer_port, 0}).end, SessionEnd::ended);
    EXPECT_EQ(client->ended_within(std::chrono::seconds(5)), 255);
}

TEST_F(SshSessions, AreNotHitByAReferenceToAnother) {
    const auto client = world_->login("garita-ann", "sleep 3005");
    const auto all = when_logged_in(1);
    ASSERT_EQ(all.size(), 1U);
    const auto real = reference(all[0]);
    auto reused_id = real;
    reused_id.start_ticks += 1;
    reused_id.peer_port = static_cast<std::uint16_t>(real.peer_port + 1);
    auto longer_address = real;
    longer_address.pid = 0;
    longer_address.peer = *IpAddress::parse("127.0.0.11");
    auto earlier_session = real;  // same ports, but of a session long before
    earlier_session.pid = 1'000'000;
    earlier_session.start_ticks = 1;
    for (const auto& other : {reused_id, longer_address, earlier_session})
        EXPECT_EQ(close(other).end, SessionEnd::already_gone);
    EXPECT_FALSE(client->ended_within(std::chrono::milliseconds(300)));

    const ProcFiles proc;
    const auto self = proc.stat(getpid());
    ASSERT_TRUE(self);
    world_->space().run([&] {
        const auto refused = HostControl().close_session({getpid(), self->start_ticks, real.peer, 1, 0});
        ASSERT_FALSE(refused);
        EXPECT_EQ(refused.error().code, ErrorCode::invalid);
    });
}

TEST_F(SshSessions, ForwardedPortsAreNoSessions) {
    const auto client = world_->login("garita-ann", "sleep 3006", "127.0.0.1",
                                      {"-L", "7001:127.0.0.1:7002", "-R", "7003:127.0.0.1:7002"});
    when_logged_in(1);
    std::unique_ptr<testing_support::ChildProcess> target;
    std::unique_ptr<testing_support::ChildProcess> local;
    std::unique_ptr<testing_support::ChildProcess> remote;
    world_->space().run([&] {
        using Words = std::vector<std::string>;
        const auto python = [](const std::string& code) { return Words{"/usr/bin/python3", "-c", code}; };
        target = std::make_unique<testing_support::ChildProcess>(
            python("import socket,time\ns=socket.create_server(('127.0.0.1',7002))\nk=[]\n"
                   "while True: k.append(s.accept())"));
        ASSERT_TRUE(
            eventually([&] { return world_->space().shell("ss -Hltn sport = :7002 | grep -q LISTEN"); }));
        const auto connect = [&](const char* port) {
            return python("import socket,time\ns=socket.create_connection(('127.0.0.1'," + std::string(port) +
                          "))\ntime.sleep(60)");
        };
        local = std::make_unique<testing_support::ChildProcess>(connect("7001"));
        remote = std::make_unique<testing_support::ChildProcess>(connect("7003"));
        // four more connections have an sshd at one end: both forwarded ones
        ASSERT_TRUE(eventually([&] {
            return world_->space().shell("test $(ss -Htn state established dport = :7002 | wc -l) -ge 2");
        }));
    });
    EXPECT_EQ(sessions().size(), 1U);
}

TEST_F(SshSessions, BeforeLoginAreListedWithoutUser) {
    std::unique_ptr<testing_support::ChildProcess> silent;
    world_->space().run([&] {
        silent = std::make_unique<testing_support::ChildProcess>(std::vector<std::string>{
            "/usr/bin/python3", "-c",
            "import socket,time\ns=socket.create_connection(('127.0.0.1',2222))\nwhile s.recv(1000): pass"});
    });
    ASSERT_TRUE(eventually([&] { return sessions().size() == 1; }));
    const auto all = sessions();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].user, "");
    EXPECT_EQ(close(reference(all[0])).end, SessionEnd::ended);
    EXPECT_TRUE(silent->ended_within(std::chrono::seconds(5)));
}

/// Asks in the world's namespace as often as a watcher does within so many seconds.
std::vector<SshSession> watched(const SshWorld& world, ProcessTable& table, int looks) {
    std::vector<SshSession> last;
    world.space().run([&] {
        for (int i = 0; i < looks; ++i) {
            auto sessions = table.watch_ssh_sessions();
            ASSERT_TRUE(sessions) << sessions.error().text;
            last = std::move(*sessions);
        }
    });
    return last;
}

TEST_F(SshSessions, AreWatchedWithoutWalkingThroughAllProcessesEachTime) {
    ProcessTable table;
    const auto first = world_->login("garita-ann", "sleep 3007");
    when_logged_in(1);
    ASSERT_EQ(watched(*world_, table, 10).size(), 1U);
    const auto calm = table.walks();
    EXPECT_EQ(watched(*world_, table, 40).size(), 1U);
    EXPECT_EQ(table.walks(), calm) << "nothing has come or gone";
    EXPECT_EQ(watched(*world_, table, 60).size(), 1U);
    EXPECT_EQ(table.walks(), calm + 1) << "but once a minute it is made sure";

    const auto second = world_->login("garita-ann", "sleep 3008");
    when_logged_in(2);
    const auto all = watched(*world_, table, 1);
    ASSERT_EQ(all.size(), 2U) << "at the very next look";
    EXPECT_EQ(all[0].user + all[1].user, "garita-anngarita-ann");
    EXPECT_EQ(close(reference(all[1])).end, SessionEnd::ended);
    EXPECT_TRUE(eventually([&] { return watched(*world_, table, 1).size() == 1; }));
}

TEST_F(SshSessions, OnTheWayToALoginAreLookedAtUntilItIsThere) {
    ProcessTable table;
    std::unique_ptr<testing_support::ChildProcess> silent;
    world_->space().run([&] {
        silent = std::make_unique<testing_support::ChildProcess>(std::vector<std::string>{
            "/usr/bin/python3", "-c",
            "import socket,time\ns=socket.create_connection(('127.0.0.1',2222))\nwhile s.recv(1000): pass"});
    });
    ASSERT_TRUE(eventually([&] { return watched(*world_, table, 1).size() == 1; }));
    watched(*world_, table, 10);
    const auto before = table.walks();
    EXPECT_EQ(watched(*world_, table, 3).at(0).user, "");
    EXPECT_EQ(table.walks(), before + 3);
}

}  // namespace
}  // namespace garita::linux_host
