// Letters that wait in the book, among a store in memory, a post that the test answers for, and a clock that
// the test moves.

#include "adapters/mail/letter_outbox.hpp"

#include <gmock/gmock.h>

#include "adapters/mail/mailroom.hpp"
#include "fakes/memory_letter_book.hpp"
#include "unit/adapters/mail/sender_world.hpp"

namespace garita::mail {
namespace {

using namespace std::chrono_literals;
using Kind = Delivery::Kind;
using State = QueuedLetter::State;
using testing::HasSubstr;
using testing::Not;

/// "en access.accepted.text for A17": what was asked for.
class PlainCatalogue final : public decide::Catalogue {
  public:
    [[nodiscard]] std::string text(std::string_view language, std::string_view key,
                                   const Facts& facts) const override {
        const auto tracking = facts.find("tracking");
        return std::string(language) + ' ' + std::string(key) +
               (tracking == facts.end() ? "" : " for " + tracking->second);
    }
    [[nodiscard]] std::vector<std::string> languages() const override { return {"en", "es"}; }
};

class LetterOutboxTest : public testing::Test {
  protected:
    LetterOutboxTest() { start(); }
    /// As after a start of the hub: nothing but the store is left of the last run.
    void start() {
        post.finished.clear();
        post.held.clear();
        health.emplace();
        courier.emplace(post, *health, runtime::Log());
        outbox.emplace(*courier, store, book, texts, *health,
                       LetterOutbox::Settings{"garita@example.org", "es"}, runtime::Log());
    }
    std::int64_t queue(const std::string& to, const std::function<void(QueuedLetter&)>& change = {}) {
        QueuedLetter letter;
        letter.to = to;
        letter.language = "en";
        letter.words = "access.accepted";
        letter.facts = {{"tracking", "A17"}};
        letter.about = "access A17";
        letter.created_at = now;
        if (change) change(letter);
        std::int64_t id = 0;
        EXPECT_TRUE(store.write([&](store::Transaction& tx) -> Result<void> {
            id = book.add(tx, letter);
            return {};
        }));
        return id;
    }
    QueuedLetter row(std::int64_t id) {
        QueuedLetter found;
        EXPECT_TRUE(store.read([&](store::View& view) -> Result<void> {
            for (const auto& one : book.about(view, "access A17", 9999))
                if (one.id == id) found = one;
            return {};
        }));
        EXPECT_EQ(found.id, id);
        return found;
    }
    Duration step() {
        const auto wait = outbox->step(now);
        EXPECT_TRUE(wait) << (wait ? "" : wait.error().text);
        return wait.value_or(Duration{0});
    }
    void run_for(Duration span) {
        const auto end = now + span;
        while (now <= end) {
            const auto wait = step();
            now += post.finished.empty() ? std::max<Duration>(wait, 200ms) : Duration{200ms};
        }
    }
    std::vector<AuditEntry> audit() {
        std::vector<AuditEntry> all;
        EXPECT_TRUE(store.read([&](store::View& view) -> Result<void> {
            all = view.audit({});
            return {};
        }));
        return all;
    }
    void answer(Kind kind, const std::string& text) {
        post.answer = [=](const Outgoing&) { return std::optional(fault(kind, text)); };
    }

    Time now = from_micros(1'795'327'705'000'000);
    PlainCatalogue texts;
    fakes::MemoryStore store;
    fakes::MemoryLetterBook book;
    FakePost post;
    std::optional<Health> health;
    std::optional<Courier> courier;
    std::optional<LetterOutbox> outbox;
};

TEST_F(LetterOutboxTest, SendsWhatWaitsInItsLanguageOnce) {
    const auto first = queue(ana, [](QueuedLetter& letter) {
        letter.answers = "orig.1@example.org";
        letter.appended = "12:00 asked sw1\n12:01 done\n";
    });
    const auto second = queue(eva, [](QueuedLetter& letter) { letter.language.clear(); });
    const auto id = row(first).message_id;
    run_for(1s);
    ASSERT_EQ(post.taken.size(), 2U);
    const auto mime = post.to(ana).at(0);
    EXPECT_THAT(mime, HasSubstr("\r\nSubject: en access.accepted.subject for A17\r\n"));
    EXPECT_THAT(mime,
                HasSubstr("\r\nen access.accepted.text for A17\r\n\r\n12:00 asked sw1\r\n12:01 done\r\n"));
    EXPECT_EQ(header_of(mime, "Message-ID"), '<' + id + "@example.org>");
    EXPECT_EQ(header_of(mime, "In-Reply-To"), "<orig.1@example.org>");
    EXPECT_EQ(header_of(mime, "References"), "<orig.1@example.org>");
    EXPECT_EQ(header_of(mime, "Auto-Submitted"), "auto-replied");
    EXPECT_EQ(header_of(mime, "X-Garita"), "access A17");
    const auto other = post.to(eva).at(0);
    EXPECT_THAT(other, HasSubstr("es access.accepted.text for A17")) << "the hub's language";
    EXPECT_EQ(header_of(other, "Auto-Submitted"), "auto-generated");
    EXPECT_EQ(header_of(other, "In-Reply-To"), "");
    for (const auto one : {first, second}) {
        EXPECT_EQ(row(one).state, State::sent);
        EXPECT_EQ(row(one).appended, "");
    }
    run_for(5min);
    EXPECT_EQ(post.sent, 2);
    EXPECT_TRUE(health->snapshot().last_sent);
    EXPECT_EQ(health->snapshot().waiting, 0U);
}

TEST_F(LetterOutboxTest, MoreWordsAreParagraphsOfTheirOwn) {
    queue(ana, [](QueuedLetter& letter) {
        letter.words = "access.done access.why.trunk access.warn.randomised";
        letter.appended = "log\n";
    });
    run_for(1s);
    EXPECT_THAT(post.to(ana).at(0), HasSubstr("en access.done.text for A17\r\n\r\n"
                                              "en access.why.trunk for A17\r\n\r\n"
                                              "en access.warn.randomised for A17\r\n\r\n"
                                              "log\r\n"));
}

TEST_F(LetterOutboxTest, WhatIsLongStandsBesideTheText) {
    queue(ana, [](QueuedLetter& letter) {
        for (int line = 0; line < 1000; ++line)
            letter.appended += "line " + std::to_string(line) + "\n";
    });
    run_for(1s);
    const auto mime = post.to(ana).at(0);
    EXPECT_THAT(header_of(mime, "Content-Type"), HasSubstr("multipart/mixed"));
    EXPECT_THAT(mime, HasSubstr("Content-Disposition: attachment; filename=\"access-A17.txt\"\r\n"));
    EXPECT_THAT(mime, HasSubstr("\r\nline 999\r\n"));
}

TEST_F(LetterOutboxTest, WhatACrashInterruptedGoesAgainUnderTheSameName) {
    const auto id = queue(ana);
    post.answer = [](const Outgoing&) { return std::optional<Delivery>(); };
    step();
    ASSERT_EQ(post.held.size(), 1U);
    EXPECT_EQ(row(id).state, State::sending);
    const auto first = post.held.at(0).mime;
    run_for(2min);
    EXPECT_EQ(post.sent, 1) << "it is on its way still";
    start();
    post.answer = {};
    run_for(1s);
    EXPECT_EQ(post.sent, 2);
    EXPECT_EQ(header_of(post.to(ana).at(0), "Message-ID"), header_of(first, "Message-ID"));
    EXPECT_EQ(row(id).state, State::sent);
}

TEST_F(LetterOutboxTest, ACrashBeforeTheResultIsWrittenSendsItOnceMore) {
    const auto id = queue(ana);
    step();  // taken by the server, and nobody has written it down
    EXPECT_EQ(post.taken.size(), 1U);
    EXPECT_EQ(row(id).state, State::sending);
    start();
    run_for(1s);
    EXPECT_EQ(post.taken.size(), 2U);
    EXPECT_EQ(header_of(post.taken[0].mime, "Message-ID"), header_of(post.taken[1].mime, "Message-ID"));
    EXPECT_EQ(row(id).state, State::sent);
}

TEST_F(LetterOutboxTest, AFullDiskSendsNothingTwice) {
    const auto id = queue(ana);
    step();
    store.refuse_writes(Error{ErrorCode::full, "no room", Retry::later});
    EXPECT_FALSE(outbox->step(now));
    EXPECT_FALSE(outbox->step(now));
    store.refuse_writes(std::nullopt);
    run_for(2min);
    EXPECT_EQ(post.sent, 1);
    EXPECT_EQ(row(id).state, State::sent);
}

TEST_F(LetterOutboxTest, NothingGoesThatIsNotClaimed) {
    queue(ana);
    store.refuse_writes(Error{ErrorCode::full, "no room", Retry::later});
    EXPECT_FALSE(outbox->step(now));
    EXPECT_EQ(post.sent, 0);
}

TEST_F(LetterOutboxTest, ATemporaryRefusalConcernsItsRecipientOnlyAndWaitsLongerEachTime) {
    post.answer = [](const Outgoing& letter) {
        return std::optional(letter.to == ana ? fault(Kind::later, "450 busy") : fault(Kind::taken, "250"));
    };
    const auto id = queue(ana);
    queue(ana);
    queue(eva);
    run_for(10s);
    EXPECT_EQ(post.to(eva).size(), 1U);
    EXPECT_EQ(post.sent, 2) << "ana's second letter waits as well";
    EXPECT_EQ(row(id).state, State::waiting);
    EXPECT_EQ(row(id).tries, 1);
    EXPECT_EQ(row(id).last_error, "450 busy");
    run_for(2h);
    EXPECT_LT(post.sent, 14);
    EXPECT_GT(post.sent, 5);
    EXPECT_THAT(health->snapshot().troubles,
                testing::ElementsAre(HasSubstr("ana@example.org: letters wait")));
    post.answer = {};
    run_for(2h);
    EXPECT_EQ(post.to(ana).size(), 2U);
    EXPECT_EQ(row(id).state, State::sent);
    EXPECT_TRUE(health->snapshot().troubles.empty());
}

TEST_F(LetterOutboxTest, ARefusalForEverIsGivenUpShownAndRecorded) {
    answer(Kind::refused, "550 no such user");
    const auto id = queue(ana);
    run_for(2h);
    EXPECT_EQ(post.sent, 1);
    EXPECT_EQ(row(id).state, State::given_up);
    EXPECT_EQ(row(id).last_error, "550 no such user");
    EXPECT_THAT(health->snapshot().troubles, testing::ElementsAre(HasSubstr("gets no letters: 550")));
    ASSERT_EQ(audit().size(), 1U);
    EXPECT_EQ(audit()[0].verb, "letter_given_up");
    EXPECT_EQ(audit()[0].object, "access A17");
    EXPECT_EQ(audit()[0].detail, "to ana@example.org: 550 no such user");
}

TEST_F(LetterOutboxTest, TemporaryRefusalsEndSomeDay) {
    answer(Kind::later, "450 busy");
    const auto id = queue(ana);
    run_for(24h * 5);
    EXPECT_EQ(post.sent, most_attempts);
    EXPECT_EQ(row(id).state, State::given_up);
    EXPECT_EQ(audit().size(), 1U);
}

TEST_F(LetterOutboxTest, ServerTroubleHoldsEverybodyAndLosesNothing) {
    answer(Kind::server_trouble, "no route");
    for (int n = 0; n < 6; ++n)
        queue("user" + std::to_string(n) + "@example.org");
    run_for(1h);
    EXPECT_LT(post.sent, 40);
    EXPECT_EQ(health->snapshot().waiting, 6U);
    EXPECT_THAT(health->snapshot().troubles, testing::ElementsAre("server: no route"));
    post.answer = {};
    run_for(10min);
    EXPECT_EQ(post.taken.size(), 6U);
    EXPECT_TRUE(health->snapshot().troubles.empty());
}

TEST_F(LetterOutboxTest, ARefusedLoginIsTriedSeldomWhoeverWrites) {
    answer(Kind::login_refused, "535 no");
    catalogue::MessageCatalogue catalogue;
    Settings settings;
    settings.from = "garita@example.org";
    settings.to.push_back({{}, eva, "en", zoneinfo::find_zone("UTC").value()});
    Sender sender(*courier, store, catalogue, *health, settings, runtime::Log());
    Mailroom room(*courier, sender, *outbox);
    tests::Office office(store);
    office.enrol("web1");
    office.file(tests::flood_alert("192.0.2.1", Severity::warning));
    queue(ana);
    now = office.now;
    const auto end = now + 25min;
    while (now < end) {
        const auto wait = room.step(now);
        ASSERT_TRUE(wait);
        now += post.finished.empty() ? std::max<Duration>(*wait, room.rest()) : room.rest();
    }
    EXPECT_LE(post.sent, 2 * 4) << "once in ten minutes, and what was under way at first";
    post.answer = {};
    const auto again = now + 15min;
    while (now < again) {
        const auto wait = room.step(now);
        ASSERT_TRUE(wait);
        now += post.finished.empty() ? std::max<Duration>(*wait, room.rest()) : room.rest();
    }
    EXPECT_EQ(post.to(ana).size(), 1U);
    EXPECT_EQ(post.to(eva).size(), 1U);
}

TEST_F(LetterOutboxTest, ACrowdForOneDoesNotHideTheOthers) {
    post.answer = [](const Outgoing& letter) {
        return std::optional(letter.to == ana ? fault(Kind::later, "450 busy") : fault(Kind::taken, "250"));
    };
    for (int n = 0; n < 1200; ++n)
        queue(ana);
    queue(eva);
    run_for(5s);
    EXPECT_EQ(post.to(eva).size(), 1U);
    post.answer = {};
    queue(eva);
    run_for(10s);
    EXPECT_EQ(post.to(eva).size(), 2U);
    EXPECT_LT(post.taken.size(), 1200U);
    run_for(20min);
    EXPECT_EQ(post.to(ana).size(), 1200U);
}

}  // namespace
}  // namespace garita::mail
