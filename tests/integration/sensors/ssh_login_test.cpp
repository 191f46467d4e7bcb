// Real logins over a cable between two hosts, logged by the real journald or rsyslog, seen by the sensor as
// the agent runs it.

#include <algorithm>
#include <functional>
#include <memory>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/journal/journal_reader.hpp"
#include "adapters/linux_host/process_table.hpp"
#include "adapters/log_files/log_files.hpp"
#include "detect/sensor.hpp"
#include "detect/ssh_sessions.hpp"
#include "integration/sensors/timed_spool.hpp"
#include "integration/sensors/two_hosts.hpp"
#include "runtime/worker/runner.hpp"

namespace garita {
namespace {

using namespace std::chrono_literals;
using testing_support::ChildProcess;
using testing_support::eventually;
using testing_support::TimedAlert;
using testing_support::TwoHosts;

class SshLogin : public ::testing::Test {
  protected:
    void make_hosts(TwoHosts::Logging logging) {
        hosts = TwoHosts::make(logging);
        logging_ = logging;
    }
    /// Starts the sensor, going on where an earlier one has stopped.
    void start() {
        const auto before = spool.checkpoint("").value();
        const auto now = runtime::system_now();
        detect::Sensor::Parts parts;
        parts.name = "ssh_sessions";
        parts.device = "server";
        if (logging_ == TwoHosts::Logging::journald) {
            auto settings = journal::sshd_journal();
            settings.directory = hosts->journal();
            parts.follower = std::make_unique<journal::JournalReader>(settings, before, now);
        } else {
            log_files::LogFilesSettings settings;
            settings.patterns = {hosts->auth_log()};
            parts.follower = std::make_unique<log_files::LogFiles>(settings, before, now);
        }
        detect::SshSessionsSettings settings;
        settings.connections = detect::SshSessionsSettings::Connections::ignored;
        parts.detectors.push_back(std::make_unique<detect::SshSessions>(settings, table));
        sensor = std::make_unique<detect::Sensor>(std::move(parts), spool);
        hosts->server().run([&] {
            thread = std::make_unique<runtime::WorkerThread>(
                *sensor, runtime::system_now,
                [](std::string_view, const Error& error, Duration) { ADD_FAILURE() << error.text; });
        });
        ASSERT_TRUE(eventually([&] { return thread->health().last_success.has_value(); }));
    }
    void stop() {
        thread.reset();
        sensor.reset();
    }
    /// The one alert of a login that is being made.
    TimedAlert seen(const std::string& user, std::size_t number) {
        EXPECT_TRUE(eventually([&] { return spool.of_user(user).size() >= number; }));
        const auto all = spool.of_user(user);
        EXPECT_EQ(all.size(), number);
        return all.empty() ? TimedAlert{} : all.back();
    }
    static std::string fact(const TimedAlert& seen, const char* name) {
        const auto found = seen.alert.facts.find(name);
        return found == seen.alert.facts.end() ? "" : found->second;
    }

    TwoHosts::Logging logging_{};
    std::unique_ptr<TwoHosts> hosts;
    linux_host::ProcessTable table;
    testing_support::TimedSpool spool;
    std::unique_ptr<detect::Sensor> sensor;
    std::unique_ptr<runtime::WorkerThread> thread;
};

TEST_F(SshLogin, InTheJournal) {
    make_hosts(TwoHosts::Logging::journald);
    if (!hosts) GTEST_SKIP() << "needs root, network namespaces, sshd, ssh, sshpass and systemd-journald";
    const auto earlier = hosts->login("garita-ann", "10.77.0.1", "sleep 3100");
    ASSERT_TRUE(eventually([&] {
        bool in = false;
        hosts->server().run([&] {
            const auto open = table.list_ssh_sessions();
            in = open && open->size() == 1 && open->front().user == "garita-ann";
        });
        return in;
    }));
    start();

    const auto by_key = hosts->login("garita-ann", "10.77.0.1", "sleep 3101");
    const auto first = seen("garita-ann", 1);
    EXPECT_EQ(first.alert.address->text(), "10.77.0.2");
    EXPECT_EQ(first.alert.severity, Severity::info);
    EXPECT_EQ(fact(first, "evidence"), "connection");
    EXPECT_EQ(fact(first, "method"), "publickey");
    EXPECT_THAT(fact(first, "key"), ::testing::StartsWith("ED25519 SHA256:"));
    EXPECT_EQ(fact(first, "local_port"), "22");
    const auto process = table.process(std::stoi(fact(first, "pid")));
    ASSERT_TRUE(process);
    EXPECT_EQ(std::to_string(process->start_ticks), fact(first, "start_ticks"));
    EXPECT_EQ(process->command, "sshd: garita-ann [priv]");

    const auto v6 = hosts->login("root", "fd77::1", "sleep 3102");
    const auto second = seen("root", 1);
    EXPECT_EQ(second.alert.address->text(), "fd77::2");
    EXPECT_EQ(second.alert.severity, Severity::warning);
    EXPECT_EQ(second.alert.subject, "root@[fd77::2]:" + fact(second, "peer_port"));

    const auto password = hosts->login("garita-ann", "10.77.0.1", "sleep 3103", TwoHosts::By::password);
    const auto third = seen("garita-ann", 2);
    EXPECT_EQ(fact(third, "method"), "password");
    EXPECT_EQ(third.alert.severity, Severity::warning);

    const auto short_one = hosts->login("garita-ann", "10.77.0.1", "true");
    const auto fourth = seen("garita-ann", 3);
    EXPECT_EQ(short_one->ended_within(5s), 0);

    for (const auto& alert : {first, second, third, fourth}) {
        const auto late = alert.handed_over - alert.alert.at;
        std::printf("%s: %lld ms after sshd said so, %s\n", alert.alert.subject.c_str(),
                    static_cast<long long>(late / 1ms), fact(alert, "ended").empty() ? "open" : "ended");
        EXPECT_LT(late, 1s);
    }
}

TEST_F(SshLogin, InTheJournalIsNotForgedByAUser) {
    make_hosts(TwoHosts::Logging::journald);
    if (!hosts) GTEST_SKIP() << "needs root, network namespaces, sshd, ssh, sshpass and systemd-journald";
    start();
    const std::string says = "Accepted password for mallory from 192.0.2.66 port 4444 ssh2";
    ASSERT_TRUE(hosts->on_server("setpriv --reuid 65534 --clear-groups logger -t sshd \"" + says + "\""));
    // root's, but not sshd's; it stays for a moment, so that journald sees who wrote
    const std::string script = R"x(import syslog, time; syslog.openlog(\"sshd\"); syslog.syslog(\")x" + says +
                               R"x(\"); time.sleep(1))x";
    ASSERT_TRUE(hosts->on_server("/usr/bin/python3 -c \"" + script + "\""));
    EXPECT_TRUE(eventually([&] { return sensor->status(runtime::system_now()).counters.refused == 2; }));
    const auto real = hosts->login("garita-ann", "10.77.0.1", "sleep 3110");
    seen("garita-ann", 1);
    EXPECT_EQ(spool.alerts().size(), 1U);
}

TEST_F(SshLogin, DuringAnAbsenceIsSeenAfterTheRestart) {
    make_hosts(TwoHosts::Logging::journald);
    if (!hosts) GTEST_SKIP() << "needs root, network namespaces, sshd, ssh, sshpass and systemd-journald";
    start();
    const auto before = hosts->login("garita-ann", "10.77.0.1", "sleep 3120");
    seen("garita-ann", 1);
    stop();
    const auto meanwhile = hosts->login("root", "10.77.0.1", "true");
    ASSERT_EQ(meanwhile->ended_within(10s), 0);
    std::this_thread::sleep_for(300ms);  // the server's side ends a little later
    start();
    const auto late = seen("root", 1);
    EXPECT_EQ(fact(late, "ended"), "yes");
    std::this_thread::sleep_for(300ms);
    EXPECT_EQ(spool.alerts().size(), 2U);
}

TEST_F(SshLogin, InAuthLog) {
    make_hosts(TwoHosts::Logging::rsyslog);
    if (!hosts) GTEST_SKIP() << "needs root, network namespaces, sshd, ssh, sshpass and rsyslogd";
    start();
    const auto v4 = hosts->login("garita-ann", "10.77.0.1", "sleep 3130");
    const auto first = seen("garita-ann", 1);
    EXPECT_EQ(fact(first, "evidence"), "connection");
    EXPECT_EQ(first.alert.address->text(), "10.77.0.2");
    const auto v6 = hosts->login("root", "fd77::1", "sleep 3131");
    const auto second = seen("root", 1);
    EXPECT_EQ(second.alert.address->text(), "fd77::2");
    EXPECT_LT(second.handed_over - second.alert.at, 2s);  // the stamp has whole seconds
    // a user's line gets into this file; that it has no session behind it is said
    ASSERT_TRUE(hosts->on_server("setpriv --reuid 65534 --clear-groups logger -p auth.info -t sshd[" +
                                 fact(first, "pid") +
                                 "] \"Accepted password for mallory from 192.0.2.66 port 4444 ssh2\""));
    const auto forged = seen("mallory", 1);
    EXPECT_EQ(fact(forged, "evidence"), "log");
    EXPECT_EQ(fact(forged, "pid"), "");
}

}  // namespace
}  // namespace garita
