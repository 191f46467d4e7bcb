// Mailboxes of a real Dovecot.

#include "dovecot.hpp"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "adapters/mailbox/server_mailbox.hpp"

namespace garita::mailbox {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using Protocol = MailboxServer::Protocol;
using Security = MailboxServer::Security;
using After = MailboxServer::After;

constexpr std::size_t much = 1U << 20U;

class DovecotTest : public ::testing::Test {
  protected:
    static void SetUpTestSuite() { dovecot = Dovecot::start(); }
    static void TearDownTestSuite() { dovecot.reset(); }
    void SetUp() override {
        if (!dovecot) GTEST_SKIP() << "needs root and Dovecot";
        user = 'u' + std::to_string(users++);
    }
    MailboxServer server(Protocol protocol = Protocol::imap, Security security = Security::tls) const {
        return dovecot->mailbox(user, protocol, security);
    }
    void deliver(const std::string& text) {
        dovecot->deliver(user, "From: ana@example.org\r\nSubject: x\r\n\r\n" + text + "\r\n");
    }
    static std::vector<access::Waiting> list(ServerMailbox& mailbox) {
        std::vector<access::Waiting> found;
        dovecot->space().run([&] {
            auto letters = mailbox.list(100);
            EXPECT_TRUE(letters) << (letters ? "" : letters.error().text);
            if (letters) found = std::move(*letters);
        });
        return found;
    }
    static std::future<Result<void>> waits(ServerMailbox& mailbox) {
        return std::async(std::launch::async, [&mailbox] {
            Result<void> done;
            dovecot->space().run([&] { done = mailbox.wait(100s); });
            return done;
        });
    }
    static Result<std::string> fetch(ServerMailbox& mailbox, const std::string& uid,
                                     std::size_t longest = much) {
        Result<std::string> letter;
        dovecot->space().run([&] { letter = mailbox.fetch(uid, longest); });
        return letter;
    }
    static Result<void> finish(ServerMailbox& mailbox, const std::vector<std::string>& uids) {
        Result<void> done;
        dovecot->space().run([&] { done = mailbox.finish(uids); });
        return done;
    }
    static ErrorCode trouble(const MailboxServer& settings) {
        Result<std::vector<access::Waiting>> letters;
        ServerMailbox mailbox(settings);
        dovecot->space().run([&] { letters = mailbox.list(1); });
        EXPECT_FALSE(letters);
        return letters ? ErrorCode::io : letters.error().code;
    }

    static inline std::unique_ptr<Dovecot> dovecot;
    static inline int users = 0;
    std::string user;
};

TEST_F(DovecotTest, LettersAreReadAndRemovedByEachWay) {
    for (const auto protocol : {Protocol::imap, Protocol::pop3})
        for (const auto security : {Security::tls, Security::starttls}) {
            deliver("one");
            deliver(".two");
            auto settings = server(protocol, security);
            settings.after = After::remove;
            ServerMailbox mailbox(settings);
            const auto letters = list(mailbox);
            ASSERT_EQ(letters.size(), 2U);
            EXPECT_NE(letters[0].uid, letters[1].uid);
            const auto first = fetch(mailbox, letters[0].uid);
            const auto second = fetch(mailbox, letters[1].uid);
            ASSERT_TRUE(first && second);
            EXPECT_TRUE((first->ends_with("one\r\n") && second->ends_with("\r\n.two\r\n")) ||
                        (second->ends_with("one\r\n") && first->ends_with("\r\n.two\r\n")));
            EXPECT_EQ(first->size(), letters[0].size);
            EXPECT_TRUE(finish(mailbox, {letters[0].uid}));
            const auto left = list(mailbox);
            ASSERT_EQ(left.size(), 1U);
            EXPECT_EQ(left[0].uid, letters[1].uid) << "names last";
            EXPECT_TRUE(finish(mailbox, {letters[1].uid, letters[0].uid}));
            ServerMailbox another(settings);
            EXPECT_TRUE(list(another).empty());
        }
}

TEST_F(DovecotTest, MarkedLettersStayAndAreNotListed) {
    deliver("one");
    ServerMailbox mailbox(server());
    const auto letters = list(mailbox);
    ASSERT_EQ(letters.size(), 1U);
    ASSERT_TRUE(finish(mailbox, {letters[0].uid}));
    EXPECT_TRUE(list(mailbox).empty());
    EXPECT_TRUE(fetch(mailbox, letters[0].uid)) << "it is still there";
    ServerMailbox pop3(server(Protocol::pop3));
    EXPECT_EQ(list(pop3).size(), 1U);
}

TEST_F(DovecotTest, NewsComeAtOnce) {
    ServerMailbox mailbox(server());
    EXPECT_TRUE(list(mailbox).empty());
    const auto begun = std::chrono::steady_clock::now();
    auto waiting = waits(mailbox);
    deliver("news");
    const auto done = waiting.get();
    EXPECT_TRUE(done) << (done ? "" : done.error().text);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 60s) << "told, not waited for";
    EXPECT_EQ(list(mailbox).size(), 1U);
}

TEST_F(DovecotTest, StoppingEndsTheWait) {
    ServerMailbox mailbox(server());
    EXPECT_TRUE(list(mailbox).empty());
    const auto begun = std::chrono::steady_clock::now();
    auto waiting = waits(mailbox);
    mailbox.stop();
    EXPECT_FALSE(waiting.get());
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 60s);
}

TEST_F(DovecotTest, AMailboxMadeAnewIsNoticed) {
    deliver("one");
    ServerMailbox mailbox(server());
    const auto before = list(mailbox);
    ASSERT_EQ(before.size(), 1U);
    ASSERT_TRUE(dovecot->admin("mailbox update -u " + user + " --uid-validity 4242 INBOX"));
    ServerMailbox another(server());
    const auto after = list(another);
    ASSERT_EQ(after.size(), 1U);
    EXPECT_TRUE(after[0].uid.starts_with("4242.")) << after[0].uid;
    EXPECT_EQ(fetch(another, before[0].uid).error().code, ErrorCode::not_found);
    EXPECT_TRUE(finish(another, {before[0].uid})) << "done already";
    EXPECT_EQ(list(another).size(), 1U) << "and nothing else was touched";
}

TEST_F(DovecotTest, LettersThatOthersRemoveAreGone) {
    deliver("one");
    deliver("two");
    ServerMailbox mailbox(server());
    const auto letters = list(mailbox);
    ASSERT_EQ(letters.size(), 2U);
    ASSERT_TRUE(dovecot->admin("expunge -u " + user + " mailbox INBOX all"));
    const auto letter = fetch(mailbox, letters[0].uid);
    ASSERT_FALSE(letter);
    EXPECT_EQ(letter.error().code, ErrorCode::not_found) << letter.error().text;
    EXPECT_TRUE(finish(mailbox, {letters[0].uid, letters[1].uid}));
    EXPECT_TRUE(list(mailbox).empty());
}

TEST_F(DovecotTest, AConnectionThatWasCutIsMadeAnew) {
    deliver("one");
    ServerMailbox mailbox(server());
    const auto letters = list(mailbox);
    ASSERT_EQ(letters.size(), 1U);
    ASSERT_TRUE(dovecot->admin("kick " + user));
    const auto letter = fetch(mailbox, letters[0].uid);
    EXPECT_TRUE(letter) << (letter ? "" : letter.error().text);
}

TEST_F(DovecotTest, LongLettersAreNotTaken) {
    deliver(std::string(200'000, 'x'));
    deliver("short");
    for (const auto protocol : {Protocol::imap, Protocol::pop3}) {
        ServerMailbox mailbox(server(protocol));
        int fetched = 0;
        for (const auto& one : list(mailbox)) {
            const auto letter = fetch(mailbox, one.uid, 10'000);
            fetched += letter ? 1 : 0;
            EXPECT_TRUE(letter || letter.error().code == ErrorCode::full);
        }
        EXPECT_EQ(fetched, 1);
    }
}

TEST_F(DovecotTest, WhoCannotBeTrustedGetsNoPassword) {
    for (const auto protocol : {Protocol::imap, Protocol::pop3}) {
        auto wrong = server(protocol);
        wrong.password = runtime::Secret("wrong");
        EXPECT_EQ(trouble(wrong), ErrorCode::forbidden);
        auto unknown = server(protocol, Security::starttls);
        unknown.ca_file.clear();
        EXPECT_EQ(trouble(unknown), ErrorCode::forbidden) << "not vouched for by the system's authorities";
        auto pinned = unknown;
        pinned.pin = runtime::tls::fingerprint_sha256(dovecot->certificate()).value();
        ServerMailbox mailbox(pinned);
        EXPECT_TRUE(list(mailbox).empty());
        pinned.pin->sha256[0] ^= 1U;
        EXPECT_EQ(trouble(pinned), ErrorCode::forbidden);
        ServerMailbox plain(server(protocol, Security::none));
        EXPECT_TRUE(list(plain).empty()) << "for those who insist; this host's own addresses may";
    }
}

}  // namespace
}  // namespace garita::mailbox
