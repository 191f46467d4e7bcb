// Servers that hang, cut in the middle, or cannot do what is wanted of them; over real sockets.

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mailbox/server_mailbox.hpp"
#include "fake_server.hpp"

namespace garita::mailbox {
namespace {

using namespace std::chrono_literals;
using testing::Contains;
using testing::Not;
using testing::StartsWith;

MailboxServer settings_of(const FakeServer& fake,
                          MailboxServer::Security security = MailboxServer::Security::none) {
    MailboxServer server;
    server.host = "127.0.0.1";
    server.port = fake.port();
    server.security = security;
    server.user = "ana";
    server.password = runtime::Secret("secret");
    server.connect_timeout = 60s;
    return server;
}

/// An IMAP server that knows how to begin; what it says to other commands the test tells.
FakeServer::Answer imap(
    std::function<std::optional<std::string>(const std::string& tag, const std::string& line)> rest,
    std::string able = "IMAP4rev1 IDLE") {
    return [rest = std::move(rest),
            able = std::move(able)](const std::string& line) -> std::optional<std::string> {
        const auto tag = line.substr(0, line.find(' '));
        const auto done = tag + " OK done\r\n";
        if (line.ends_with(" CAPABILITY")) return "* CAPABILITY " + able + "\r\n" + done;
        if (line.find(" LOGIN ") != std::string::npos) return done;
        if (line.find(" SELECT ") != std::string::npos) return "* OK [UIDVALIDITY 7] ok\r\n" + done;
        return rest(tag, line);
    };
}

ErrorCode trouble_of_fetch(const FakeServer& fake, std::chrono::milliseconds timeout = 60s) {
    auto settings = settings_of(fake);
    settings.timeout = timeout;
    ServerMailbox mailbox(settings);
    const auto letter = mailbox.fetch("7.1", 1000);
    EXPECT_FALSE(letter);
    return letter ? ErrorCode::io : letter.error().code;
}

TEST(BadServer, WithoutTlsItHearsNoPassword) {
    const FakeServer fake("* OK hello\r\n",
                          imap([](const auto&, const auto&) { return std::nullopt; }, "IMAP4rev1"));
    ServerMailbox mailbox(settings_of(fake, MailboxServer::Security::starttls));
    const auto letters = mailbox.list(1);
    ASSERT_FALSE(letters);
    EXPECT_EQ(letters.error().code, ErrorCode::forbidden) << letters.error().text;
    for (const auto& line : fake.heard())
        EXPECT_EQ(line.find("secret"), std::string::npos) << line;
}

TEST(BadServer, ThatSaysNothingCostsItsTime) {
    const FakeServer fake("", [](const auto&) { return ""; });
    EXPECT_EQ(trouble_of_fetch(fake, 1s), ErrorCode::unavailable);
}

TEST(BadServer, ThatHangsInTheMiddleCostsItsTime) {
    const FakeServer fake("* OK hello\r\n", imap([](const auto&, const auto&) {
                              return "* 1 FETCH (UID 1 BODY[]<0> {100}\r\nFrom";
                          }));
    EXPECT_EQ(trouble_of_fetch(fake, 1s), ErrorCode::unavailable);
}

TEST(BadServer, ThatCutsInTheMiddleIsUnavailable) {
    std::atomic<int> asked = 0;
    const FakeServer fake("* OK hello\r\n", imap([&](const auto&, const auto&) -> std::optional<std::string> {
                              ++asked;
                              return std::nullopt;
                          }));
    EXPECT_EQ(trouble_of_fetch(fake), ErrorCode::unavailable);
    EXPECT_EQ(asked, 1) << "a connection that is new is not tried twice";
}

TEST(BadServer, ThatSendsWithoutEndIsLeft) {
    const FakeServer fake("* OK hello\r\n",
                          imap([](const auto&, const auto&) { return std::string(3U << 20U, 'x'); }));
    EXPECT_EQ(trouble_of_fetch(fake), ErrorCode::invalid);
}

TEST(BadServer, ThatCannotTellIsWaitedFor) {
    const FakeServer fake("* OK hello\r\n",
                          imap([](const auto&, const auto&) { return std::nullopt; }, "IMAP4rev1"));
    ServerMailbox mailbox(settings_of(fake));
    const auto done = mailbox.wait(1ms);
    EXPECT_TRUE(done) << (done ? "" : done.error().text);
    EXPECT_THAT(fake.heard(), Not(Contains(StartsWith("g3 IDLE"))));
}

}  // namespace
}  // namespace garita::mailbox
