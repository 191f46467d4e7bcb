// Letters that come in: who is believed, what follows, what is told; crashes and failures at every place.

#include <deque>
#include <map>
#include <stdexcept>

#include "access/reception.hpp"
#include "support/access_office.hpp"
#include "unit/access_desk/rendered.hpp"

namespace garita::tests {
namespace {

using access::Letter;
using access::Proof;
using access::Waiting;
using Strings = std::vector<std::string>;

/// Letters by uid. What was marked is not listed any more, as with IMAP.
class FakeMailbox final : public access::Mailbox {
  public:
    Result<std::vector<Waiting>> list(std::size_t most) override {
        if (away) return fail(ErrorCode::unavailable, "the server is away", Retry::later);
        std::vector<Waiting> all;
        for (const auto& [uid, raw] : letters)
            if ((lists_finished || !finished.contains(uid)) && all.size() < most)
                all.push_back({uid, raw.size()});
        return all;
    }
    Result<std::string> fetch(const std::string& uid, std::size_t longest) override {
        ++fetched[uid];
        if (const auto broken = unfetchable.find(uid); broken != unfetchable.end())
            return tl::unexpected(broken->second);
        if (letters.at(uid).size() > longest) return fail(ErrorCode::full, "longer than it may be");
        return letters.at(uid);
    }
    Result<void> finish(const std::vector<std::string>& uids) override {
        if (no_finish) return fail(ErrorCode::unavailable, "the connection was cut", Retry::later);
        finished.insert(uids.begin(), uids.end());
        return {};
    }
    Result<void> wait(std::chrono::milliseconds longest) override {
        waits.push_back(longest);
        return {};
    }
    void stop() override {}

    std::map<std::string, std::string> letters;
    std::map<std::string, Error> unfetchable;
    std::map<std::string, int> fetched;
    std::set<std::string> finished;
    std::vector<std::chrono::milliseconds> waits;
    bool lists_finished = false;
    bool away = false;
    bool no_finish = false;
};

/// A letter's bytes are its number here.
class FakeReader final : public access::LetterReader {
  public:
    Result<Letter> read(std::string_view raw) override {
        ++reads;
        if (raw == "throws") throw std::length_error("too deep");
        const auto known = letters.find(std::string(raw));
        if (known == letters.end()) return fail(ErrorCode::invalid, "a broken head");
        return known->second;
    }
    Result<std::string> own_words_of(std::string_view part) override {
        if (part == "broken") return fail(ErrorCode::invalid, "too many parts");
        return std::string(part);
    }
    std::map<std::string, Letter> letters;
    int reads = 0;
};

class FakeProver final : public access::ProofReader {
  public:
    Result<Proof> prove(std::string_view raw, const Letter&, const Person& person, Time) override {
        asked_of.push_back(person.name);
        if (away) return fail(ErrorCode::unavailable, "no resolver answers", Retry::later);
        const auto known = proofs.find(std::string(raw));
        if (known == proofs.end()) return fail(ErrorCode::forbidden, "no signature");
        return known->second;
    }
    std::map<std::string, Proof> proofs;
    Strings asked_of;
    bool away = false;
};

class Letters : public testing::Test {
  protected:
    void TearDown() override { expect_whole_texts(office); }
    static access::LetterRules rules_of(const AccessOffice& office) {
        access::LetterRules rules;
        rules.people = office.people;
        return rules;
    }
    /// A letter that is there; proven by DKIM unless it is told otherwise.
    Letter& arrives(const std::string& uid, const std::string& from, const std::string& words) {
        mailbox.letters[uid] = uid;
        Letter letter;
        letter.from = from;
        letter.subject = "subject";
        letter.id = "id-" + uid + "@example.org";
        letter.words = words;
        letter.text = words + "\n> quoted";
        prover.proofs[uid] = {Proof::Kind::dkim, "example.org", {}, "once-" + uid, ""};
        return reader.letters[uid] = letter;
    }
    void signed_by_person(const std::string& uid, const std::string& part) {
        prover.proofs[uid] = {Proof::Kind::smime, "smime:00", {}, "once-" + uid, part};
    }
    Result<Duration> step() { return reception.step(office.now); }
    void steps(int count) {
        for (int i = 0; i < count; ++i)
            ASSERT_TRUE(step());
    }

    AccessOffice office;
    FakeMailbox mailbox;
    FakeReader reader;
    FakeProver prover;
    access::LetterDesk::Tools tools{office.store, office.book,  office.letters, reader,
                                    prover,       office.codes, office.desk};
    access::LetterDesk desk{tools, rules_of(office)};
    access::ReceptionSettings settings{"mail.example.org/garita"};
    access::Reception reception{mailbox, office.store, office.book, desk, settings};
};

TEST_F(Letters, FromTheApprovalToTheConfirmedRequest) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    steps(2);
    EXPECT_EQ(mailbox.finished, std::set<std::string>{"1"});
    EXPECT_EQ(office.request(1).state, AccessState::confirming);
    EXPECT_EQ(office.told(), Strings{"ana@example.org: access.confirm"});
    EXPECT_EQ(office.queued()[0].answers, "id-1@example.org");
    arrives("2", "ana@example.org", "code-1-1");
    steps(2);
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    EXPECT_EQ(office.request(1).proof, "dkim+code");
    EXPECT_EQ(office.request(1).channel, "mail");
    EXPECT_NE(office.log_of(1).find("approved: 0011.2233.4455"), std::string::npos);
    EXPECT_EQ(mailbox.waits.size(), 2U);
    EXPECT_EQ(mailbox.waits[0], 60s);
}

TEST_F(Letters, AnApprovalMayHoldWhatLooksLikeACode) {
    arrives("1", "ana@example.org", "0011.2233.4455, order code-77 of May");
    steps(1);
    EXPECT_EQ(office.request(1).state, AccessState::confirming);
    arrives("2", "ana@example.org", "code-1-1 (0011.2233.4455)");
    steps(1);
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    arrives("3", "boris@example.org", "code-1-1");
    steps(1);
    EXPECT_EQ(office.told().back(), "boris@example.org: access.refused access.answer.code_unknown");
}

TEST_F(Letters, APersonsSignatureNeedsNoCodeAndOnlyItsPartCounts) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    signed_by_person("1", "approved: 0066.7788.99aa");
    steps(1);
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    EXPECT_EQ(office.request(1).mac.text(), "00:66:77:88:99:aa");
    EXPECT_EQ(office.request(1).proof, "smime");
    arrives("2", "ana@example.org", "KILL A1").subject = "KILL A1";
    signed_by_person("2", "thank you");
    steps(1);
    EXPECT_EQ(office.request(1).state, AccessState::waiting) << "what is not signed does not count";
    EXPECT_EQ(office.told().back(), "ana@example.org: access.refused access.answer.mac_none");
}

TEST_F(Letters, ASubjectDoesWhereThereAreNoWords) {
    arrives("1", "ana@example.org", "").subject = "0011.2233.4455";
    steps(1);
    EXPECT_EQ(office.request(1).state, AccessState::confirming);
    arrives("2", "ana@example.org", "").subject = "0011.2233.4466";
    prover.proofs["2"].kind = Proof::Kind::openpgp;
    steps(1);
    EXPECT_EQ(office.requests().size(), 1U) << "a person's signature does not cover the subject";
}

TEST_F(Letters, WhereTheSettingsSaySoADomainIsEnough) {
    auto rules = rules_of(office);
    rules.code = access::LetterRules::Code::not_wanted;
    access::LetterDesk lenient(tools, rules);
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    ASSERT_TRUE(lenient.take({"box 1", "1", office.now}, office.now));
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
}

TEST_F(Letters, NothingProvenNothingDoneAndBothAreTold) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    prover.proofs.clear();
    steps(1);
    EXPECT_TRUE(office.requests().empty());
    EXPECT_EQ(office.told(), (Strings{"noc@example.org: access.notice access.notice.unproven",
                                      "ana@example.org: access.unproven access.notice.unproven"}));
    EXPECT_EQ(office.queued()[0].facts.at("why"), "no signature");
    EXPECT_NE(office.queued()[0].appended.find("approved: 0011.2233.4455"), std::string::npos);
    EXPECT_EQ(office.verbs(), Strings{"access_letter_refused"});
    EXPECT_EQ(mailbox.finished.size(), 1U);
}

TEST_F(Letters, OutsidersAreToldOfAndNeverAnswered) {
    arrives("1", "eve@example.net", "approved: 0011.2233.4455");
    arrives("2", "eve@example.net", "KILL A1");
    steps(1);
    EXPECT_TRUE(prover.asked_of.empty());
    EXPECT_EQ(office.told(), Strings{"noc@example.org: access.notice access.notice.outsider"});
    EXPECT_EQ(mailbox.finished.size(), 2U);
    office.now += 1h;
    steps(1);
    EXPECT_EQ(office.told().back(), "noc@example.org: access.notices");
    EXPECT_EQ(office.queued().back().appended, "1  outsider  eve@example.net\n");
}

TEST_F(Letters, WhoIsNoApproverIsRefusedAndToldOf) {
    arrives("1", "olga@example.org", "approved: 0011.2233.4455");
    steps(1);
    EXPECT_TRUE(office.requests().empty());
    EXPECT_EQ(office.told(), (Strings{"noc@example.org: access.notice access.notice.forbidden",
                                      "olga@example.org: access.refused access.answer.not_approver"}));
    arrives("2", "vera@example.org", "REPORT");
    steps(1);
    EXPECT_EQ(office.told().back(), "vera@example.org: access.refused access.answer.not_operator");
}

TEST_F(Letters, ProgramsAreNeitherObeyedNorAnswered) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455").automatic = access::Automatic::auto_submitted;
    arrives("2", "eve@example.net", "spam").automatic = access::Automatic::bulk;
    steps(1);
    EXPECT_TRUE(office.requests().empty());
    EXPECT_TRUE(office.told().empty());
    EXPECT_EQ(office.verbs(), (Strings{"access_letter_refused", "access_letter_refused"}))
        << "it can be found";
    EXPECT_EQ(mailbox.finished.size(), 2U);
}

TEST_F(Letters, KillAndReportByOperators) {
    (void)office.approve(office.petition(0, "cli"), "0011.2233.4455");
    arrives("1", "olga@example.org", "REPORT");
    arrives("2", "olga@example.org", "KILL A1");
    arrives("3", "olga@example.org", "KILL them all");
    steps(1);
    const auto told = office.told();
    EXPECT_EQ(Strings(told.begin() + 2, told.end()),
              (Strings{"olga@example.org: access.report", "ana@example.org: access.killed",
                       "noc@example.org: access.killed", "olga@example.org: access.killed",
                       "olga@example.org: access.refused access.answer.kill_unclear"}));
    EXPECT_EQ(office.request(1).state, AccessState::killed);
}

TEST_F(Letters, TheSameLetterSentAgainDoesNothing) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    signed_by_person("1", "approved: 0011.2233.4455");
    steps(1);
    ASSERT_TRUE(office.desk.kill(office.petition(0, "cli"), AccessId{1}, office.now));
    arrives("2", "ana@example.org", "approved: 0011.2233.4455");
    prover.proofs["2"] = prover.proofs["1"];
    steps(1);
    EXPECT_EQ(office.requests().size(), 1U);
    EXPECT_EQ(office.told().back(), "noc@example.org: access.notice access.notice.replayed");
}

TEST_F(Letters, ACrashBetweenTheEffectAndTheMailboxDoublesNothing) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    mailbox.no_finish = true;
    EXPECT_FALSE(step());
    EXPECT_EQ(office.requests().size(), 1U);
    mailbox.no_finish = false;
    access::Reception again(mailbox, office.store, office.book, desk, settings);
    ASSERT_TRUE(again.step(office.now));
    EXPECT_EQ(office.requests().size(), 1U);
    EXPECT_EQ(office.told().size(), 1U);
    EXPECT_EQ(mailbox.fetched["1"], 1);
    EXPECT_EQ(mailbox.finished.size(), 1U);
}

TEST_F(Letters, AMailboxThatCannotMarkIsReadOnce) {
    mailbox.lists_finished = true;
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    steps(3);
    EXPECT_EQ(mailbox.fetched["1"], 1);
    EXPECT_EQ(mailbox.waits.size(), 2U) << "and it is no news";
}

TEST_F(Letters, WhatTheStoreDoesNotTakeStaysInTheMailbox) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    office.store.refuse_writes(Error{ErrorCode::full, "the disk is full"});
    EXPECT_FALSE(step());
    EXPECT_TRUE(mailbox.finished.empty());
    office.store.refuse_writes({});
    office.now += 1min;
    steps(1);
    EXPECT_EQ(office.request(1).state, AccessState::confirming);
    EXPECT_EQ(mailbox.finished.size(), 1U);
}

TEST_F(Letters, BrokenHugeAndThrowingOnesAreSetAsideAndTheOthersRead) {
    mailbox.letters["1"] = "rubbish\x1b[2J";
    mailbox.letters["2"] = "throws";
    mailbox.letters["3"] = std::string(settings.longest + 1, 'x');
    arrives("4", "ana@example.org", "approved: 0011.2233.4455");
    signed_by_person("4", "broken");
    arrives("5", "ana@example.org", "approved: 0011.2233.4455");
    steps(1);
    EXPECT_EQ(mailbox.finished.size(), 5U);
    EXPECT_EQ(mailbox.fetched["3"], 0);
    EXPECT_EQ(office.told(), (Strings{"noc@example.org: access.set_aside access.notice.broken",
                                      "noc@example.org: access.set_aside access.notice.huge",
                                      "noc@example.org: access.notice access.notice.broken",
                                      "ana@example.org: access.confirm"}))
        << "the second broken one is counted";
    EXPECT_EQ(office.queued()[0].facts.at("why"), "a broken head");
    EXPECT_EQ(office.queued()[0].appended, "rubbish [2J");
}

TEST_F(Letters, OneThatCannotBeFetchedHoldsUpNoOthers) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    mailbox.unfetchable["1"] = Error{ErrorCode::unavailable, "the server cut the connection", Retry::later};
    arrives("2", "ana@example.org", "approved: 0011.2233.4466");
    EXPECT_FALSE(step()) << "it is a trouble, and seen";
    EXPECT_EQ(office.requests().size(), 1U);
    EXPECT_EQ(mailbox.finished, std::set<std::string>{"2"});
    steps(2);
    EXPECT_EQ(mailbox.fetched["1"], 1) << "not at once again";
    for (int i = 0; i < 40 && mailbox.finished.size() < 2; ++i) {
        office.now += 1h;
        (void)step();
    }
    EXPECT_EQ(mailbox.finished.size(), 2U);
    EXPECT_EQ(mailbox.fetched["1"], 10);
    EXPECT_EQ(office.told().back(), "noc@example.org: access.set_aside access.notice.stuck");
}

TEST_F(Letters, AServerThatIsAwayIsNoLettersFault) {
    for (int i = 0; i < 9; ++i) {
        arrives(std::to_string(i), "ana@example.org", "approved: 0011.2233.4455");
        mailbox.unfetchable[std::to_string(i)] = Error{ErrorCode::unavailable, "away", Retry::later};
    }
    EXPECT_FALSE(step());
    EXPECT_EQ(mailbox.fetched.size(), 3U) << "it does not try all of them in vain";
    mailbox.away = true;
    EXPECT_FALSE(step());
    EXPECT_TRUE(office.told().empty());
}

TEST_F(Letters, ALetterThatEndsTheProgramIsSetAsideAtLast) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    arrives("2", "ana@example.org", "approved: 0011.2233.4466");
    const auto dies = [&] {  // while the letter is read: what was noted before is all that stays
        return office.store.write([&](store::Transaction& transaction) -> Result<void> {
            const auto before = transaction.value("access.reading").value_or("");
            const auto times = before.empty() ? 1 : before[0] - '0' + 1;
            transaction.set_value("access.reading", std::to_string(times) + " mail.example.org/garita 1");
            return {};
        });
    };
    for (int i = 0; i < 3; ++i)
        ASSERT_TRUE(dies());
    access::Reception again(mailbox, office.store, office.book, desk, settings);
    ASSERT_TRUE(again.step(office.now));
    EXPECT_EQ(mailbox.finished.size(), 2U);
    EXPECT_EQ(office.told(), (Strings{"noc@example.org: access.set_aside access.notice.stuck",
                                      "ana@example.org: access.confirm"}));
    EXPECT_EQ(office.requests()[0].mac.text(), "00:11:22:33:44:66");
}

TEST_F(Letters, AProofThatCannotBeLookedAtIsWaitedFor) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    prover.away = true;
    steps(1);
    EXPECT_TRUE(mailbox.finished.empty());
    EXPECT_EQ(mailbox.waits.back(), 60s);
    steps(1);
    EXPECT_EQ(prover.asked_of.size(), 1U) << "not at once again";
    prover.away = false;
    office.now += 1min;
    steps(1);
    EXPECT_EQ(office.request(1).state, AccessState::confirming);
    EXPECT_EQ(office.read([](auto& view) { return view.value("access.reading").value_or(""); }).substr(0, 2),
              "1 ");
}

TEST_F(Letters, ButNotForEver) {
    arrives("1", "ana@example.org", "approved: 0011.2233.4455");
    prover.away = true;
    for (int i = 0; i < 200 && mailbox.finished.empty(); ++i) {
        steps(1);
        office.now += 5min;
    }
    EXPECT_EQ(mailbox.finished.size(), 1U);
    EXPECT_GE(office.now, access_noon + 12h);
    EXPECT_LE(office.now, access_noon + 16h);
    EXPECT_EQ(office.told(), (Strings{"noc@example.org: access.notice access.notice.late",
                                      "ana@example.org: access.unproven access.notice.late"}));
    EXPECT_LT(prover.asked_of.size(), 60U) << "seldomer with time";
}

TEST_F(Letters, AFloodOfLettersIsAFewNotices) {
    for (int i = 0; i < 500; ++i)
        arrives("u" + std::to_string(i), "eve" + std::to_string(i) + "@example.net", "spam");
    steps(1);
    EXPECT_EQ(mailbox.finished.size(), 500U);
    EXPECT_EQ(office.told().size(), access::NoticePace::most_told);
    office.now += 2h;
    steps(1);
    EXPECT_EQ(office.told().size(), access::NoticePace::most_told + 1);
    EXPECT_EQ(office.queued().back().facts.at("count"), "480");
}

}  // namespace
}  // namespace garita::tests
