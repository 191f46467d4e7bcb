#include "detect/ssh_sessions.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/detect_world.hpp"

namespace garita::detect {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr std::string_view by_key =
    "Accepted publickey for ann from 192.0.2.7 port 50222 ssh2: ED25519 "
    "SHA256:8T9pYnRwfnUEcPzVZxvSxAFc7iSqmWkCoHWEIAgmnnM";

SshSession session(const char* user, const char* peer, std::uint16_t port, std::int32_t pid) {
    return {{pid, 777, "sshd: " + std::string(user) + " [priv]"},
            *IpAddress::parse(peer),
            port,
            22,
            user,
            SshServer::hosts_own};
}

class SshSessionsTest : public ::testing::Test {
  protected:
    std::vector<Alert> journal(std::string_view message, std::int32_t pid = 100) {
        detector.on_line({.text = message,
                          .source = "journal",
                          .id = {1, ++position},
                          .at = now - 20ms,
                          .pid = pid,
                          .identifier = "sshd",
                          .host = "web-1",
                          .writer = writer},
                         now, sink);
        detector.tick(now, sink);
        return sink.take();
    }
    std::vector<Alert> auth_log(const std::string& message) {
        const std::string line = "Jan 15 07:59:58 web-1 " + message;
        detector.on_line({.text = line,
                          .source = "/var/log/auth.log",
                          .id = {2, ++position},
                          .at = {},
                          .identifier = {},
                          .host = {}},
                         now, sink);
        detector.tick(now, sink);
        return sink.take();
    }
    std::vector<Alert> tick() {
        now += 1s;
        detector.tick(now, sink);
        return sink.take();
    }

    Time now = std::chrono::sys_days{std::chrono::January / 15 / 2027} + 8h;
    std::uint64_t position = 0;
    Writer writer = Writer::proven;  ///< of journal entries
    fakes::MemoryProcessTable table;
    fakes::CollectedAlerts sink;
    SshSessions detector{{SshSessionsSettings::Connections::watched_until_lines_come, utc_zone()}, table};
};

TEST_F(SshSessionsTest, ALoginIsTiedToItsConnection) {
    table.sessions = {session("bob", "192.0.2.7", 1, 99), session("ann", "192.0.2.7", 50222, 100)};
    const auto alerts = journal(by_key);
    ASSERT_THAT(alerts, SizeIs(1));
    const auto& alert = alerts[0];
    EXPECT_EQ(alert.kind, "ssh_login");
    EXPECT_EQ(alert.subject, "ann@192.0.2.7:50222");
    EXPECT_EQ(alert.severity, Severity::info);
    EXPECT_EQ(alert.at, now - 20ms);
    EXPECT_EQ(alert.address, IpNetwork::parse("192.0.2.7"));
    EXPECT_EQ(alert.facts, (Facts{{"user", "ann"},
                                  {"peer_port", "50222"},
                                  {"local_port", "22"},
                                  {"method", "publickey"},
                                  {"key", "ED25519 SHA256:8T9pYnRwfnUEcPzVZxvSxAFc7iSqmWkCoHWEIAgmnnM"},
                                  {"pid", "100"},
                                  {"start_ticks", "777"},
                                  {"host", "web-1"},
                                  {"evidence", "connection"}}));
}

TEST_F(SshSessionsTest, RootAndPasswordsAreWarnings) {
    EXPECT_EQ(journal("Accepted password for ann from 2001:db8::7 port 22 ssh2").at(0).severity,
              Severity::warning);
    const auto root = journal("Accepted publickey for root from 2001:db8::7 port 22 ssh2: RSA SHA256:x");
    EXPECT_EQ(root.at(0).severity, Severity::warning);
    EXPECT_EQ(root.at(0).subject, "root@[2001:db8::7]:22");
}

TEST_F(SshSessionsTest, ASessionThatIsOverIsSeenToo) {
    const auto alerts = journal(by_key);
    ASSERT_THAT(alerts, SizeIs(1));
    EXPECT_EQ(alerts[0].facts.at("ended"), "yes");
    EXPECT_EQ(alerts[0].facts.at("evidence"), "journal");
    EXPECT_FALSE(alerts[0].facts.contains("pid"));
}

TEST_F(SshSessionsTest, AnEntryThatNobodyVouchesForIsAsGoodAsALineOfAFile) {
    writer = Writer::claimed;
    table.processes = {{100, 555, "sshd: ann [priv]"}};
    const auto over = journal(by_key);
    ASSERT_THAT(over, SizeIs(1));
    EXPECT_EQ(over[0].facts.at("evidence"), "log");
    EXPECT_FALSE(over[0].facts.contains("pid")) << "the id could be that of any process by now";
    EXPECT_EQ(over[0].at, now - 20ms) << "journald's time";
    table.sessions = {session("root", "192.0.2.7", 50222, 101)};
    EXPECT_EQ(journal(by_key).at(0).facts.at("evidence"), "log") << "the session there is root's";
    table.sessions = {session("ann", "192.0.2.7", 50222, 102)};
    EXPECT_EQ(journal(by_key).at(0).facts.at("evidence"), "connection") << "the kernel vouches for that one";
}

TEST_F(SshSessionsTest, TheJournalsProcessIsTakenWhereTheConnectionIsNotInSight) {
    table.processes = {{100, 555, "sshd: ann [priv]"}};
    const auto alerts = journal(by_key);
    EXPECT_EQ(alerts.at(0).facts.at("pid"), "100");
    EXPECT_EQ(alerts.at(0).facts.at("start_ticks"), "555");
    EXPECT_EQ(alerts.at(0).facts.count("ended"), 0U);
}

TEST_F(SshSessionsTest, AProcessIdThatBelongsToAnotherProgramByNowIsNotTaken) {
    table.processes = {{100, 555, "postgres: writer"}};
    EXPECT_EQ(journal(by_key).at(0).facts.at("ended"), "yes");
}

TEST_F(SshSessionsTest, AuthLogGivesTheSame) {
    table.sessions = {session("ann", "192.0.2.7", 50222, 100)};
    const auto alerts = auth_log("sshd[100]: " + std::string(by_key));
    ASSERT_THAT(alerts, SizeIs(1));
    EXPECT_EQ(alerts[0].at, now - 2s);
    EXPECT_EQ(alerts[0].facts.at("evidence"), "connection");
    EXPECT_EQ(alerts[0].facts.at("host"), "web-1");
}

TEST_F(SshSessionsTest, AForgedLineNamesNobodysProcess) {
    table.processes = {{100, 555, "sshd: /usr/sbin/sshd -D [listener]"}};
    table.sessions = {session("root", "192.0.2.7", 50222, 100)};
    const auto alerts = auth_log("sshd[100]: " + std::string(by_key));  // the session there is root's
    ASSERT_THAT(alerts, SizeIs(1));
    EXPECT_EQ(alerts[0].facts.at("evidence"), "log");
    EXPECT_EQ(alerts[0].facts.count("pid"), 0U);
}

TEST_F(SshSessionsTest, OtherLinesAreNoLogins) {
    EXPECT_THAT(auth_log("sshd[1]: Failed password for ann from 192.0.2.7 port 1 ssh2"), IsEmpty());
    EXPECT_THAT(auth_log("sudo[1]: " + std::string(by_key)), IsEmpty());
    EXPECT_THAT(auth_log("sshd[1]: Invalid user " + std::string(by_key) + " from 192.0.2.9 port 1"),
                IsEmpty());
    EXPECT_THAT(auth_log(""), IsEmpty());
    EXPECT_THAT(journal("Server listening on 0.0.0.0 port 22."), IsEmpty());
}

TEST_F(SshSessionsTest, SessionsFromBeforeTheStartAreListedAndNotAlarmed) {
    table.sessions = {session("ann", "192.0.2.7", 50222, 100)};
    EXPECT_THAT(tick(), IsEmpty());
    EXPECT_THAT(tick(), IsEmpty());
    EXPECT_THAT(detector.describe(), HasSubstr("ann@192.0.2.7:50222"));
}

TEST_F(SshSessionsTest, WithoutALogConnectionsAreWatched) {
    EXPECT_THAT(tick(), IsEmpty());
    table.sessions = {session("", "192.0.2.7", 50222, 100)};  // not logged in yet
    EXPECT_THAT(tick(), IsEmpty());
    table.sessions = {session("ann", "192.0.2.7", 50222, 100)};
    const auto alerts = tick();
    ASSERT_THAT(alerts, SizeIs(1));
    EXPECT_EQ(alerts[0].facts.at("pid"), "100");
    EXPECT_THAT(tick(), IsEmpty());
    EXPECT_THAT(detector.troubles(now), ElementsAre(HasSubstr("auth.log")));
    // the log comes late, with the same login, and ends the watching
    EXPECT_THAT(journal(by_key), IsEmpty());
    const auto listings = table.listings;
    EXPECT_THAT(tick(), IsEmpty());
    EXPECT_EQ(table.listings, listings);
    EXPECT_THAT(detector.troubles(now), IsEmpty());
}

TEST_F(SshSessionsTest, WhenSessionsCannotBeListedTheLoginIsStillAlarmed) {
    table.away = Error{ErrorCode::io, "no netlink", Retry::later};
    EXPECT_THAT(journal(by_key), SizeIs(1));
    EXPECT_THAT(detector.troubles(now), ElementsAre(HasSubstr("no netlink")));
}

}  // namespace
}  // namespace garita::detect
