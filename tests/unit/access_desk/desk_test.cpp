// Approvals, codes, ends and reports, whichever way they come.

#include "support/access_office.hpp"
#include "unit/access_desk/rendered.hpp"

namespace garita::tests {
namespace {

using access::Answer;
using Confirm = access::AccessDesk::Confirm;
using Strings = std::vector<std::string>;

class Desk : public testing::Test {
  protected:
    void TearDown() override { expect_whole_texts(office); }
    static constexpr std::size_t ana = 0;
    static constexpr std::size_t boris = 1;
    static constexpr std::size_t olga = 2;
    static constexpr std::size_t vera = 3;
    static constexpr std::string_view text = "approved: 0011.2233.4455";
    AccessOffice office;
};

TEST_F(Desk, AnApprovalWaitsForTheDeviceAndAllSwitchesAreAsked) {
    const auto answer = office.approve(office.petition(ana), text);
    EXPECT_EQ(answer.kind, Answer::Kind::done);
    EXPECT_EQ(answer.words, "access.answer.accepted");
    ASSERT_EQ(office.requests().size(), 1U);
    const auto request = office.requests()[0];
    EXPECT_EQ(request.state, AccessState::waiting);
    EXPECT_EQ(request.mac.text(), "00:11:22:33:44:55");
    EXPECT_EQ(request.approver, "ana");
    EXPECT_EQ(request.proof, "dkim");
    EXPECT_EQ(request.deadline, office.now + 9h);
    EXPECT_EQ(office.read([&](auto& view) { return office.book.surveys(view, request.id); }).size(), 2U);
    EXPECT_EQ(office.told(),
              (Strings{"ana@example.org: access.accepted", "noc@example.org: access.accepted"}));
    EXPECT_EQ(office.queued()[0].answers, "letter-ana@example.org");
    EXPECT_EQ(office.queued()[0].language, "es");
    EXPECT_EQ(office.queued()[0].facts.at("mac"), "00:11:22:33:44:55");
    EXPECT_EQ(office.queued()[0].facts.at("deadline"), "2026-11-23 21:00 (UTC)");
    EXPECT_EQ(office.queued()[1].language, "en");
    EXPECT_EQ(office.verbs(), Strings{"access_approved"});
}

TEST_F(Desk, WhatIsNoOneMacIsRefusedAndSaysWhy) {
    const std::vector<std::pair<std::string, std::string>> wrong = {
        {"please let him in", "none"},     {"0011.2233.4455 and 0011.2233.4466", "several"},
        {"call 495123456789", "doubtful"}, {"ff:ff:ff:ff:ff:ff", "broadcast"},
        {"01:00:5e:00:00:01", "group"},    {"00:00:00:00:00:00", "zero"}};
    for (const auto& [said, reason] : wrong) {
        const auto answer = office.approve(office.petition(ana), said);
        EXPECT_EQ(answer.kind, Answer::Kind::refused) << said;
        EXPECT_EQ(answer.words, "access.answer.mac_" + reason) << said;
        EXPECT_EQ(office.queued().back().words, "access.refused access.answer.mac_" + reason);
    }
    EXPECT_TRUE(office.requests().empty());
    EXPECT_EQ(office.verbs().size(), wrong.size());
}

TEST_F(Desk, ARandomisedAddressIsWarnedOf) {
    const auto answer = office.approve(office.petition(ana), "0211.2233.4455");
    EXPECT_EQ(answer.words, "access.answer.accepted access.warn.randomised");
    EXPECT_EQ(office.queued()[0].words, "access.accepted access.warn.randomised");
}

TEST_F(Desk, WhoMayNotIsRefusedAndRecorded) {
    EXPECT_EQ(office.approve(office.petition(olga), text).kind, Answer::Kind::forbidden);
    ASSERT_EQ(office.approve(office.petition(ana), text).kind, Answer::Kind::done);
    const auto kill = office.desk.kill(office.petition(vera), AccessId{1}, office.now);
    ASSERT_TRUE(kill);
    EXPECT_EQ(kill->kind, Answer::Kind::forbidden);
    const auto report = office.desk.report(office.petition(vera), office.now);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->kind, Answer::Kind::forbidden);
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    EXPECT_EQ(office.verbs(),
              (Strings{"access_refused", "access_approved", "access_refused", "access_refused"}));
}

TEST_F(Desk, AnAnswerOnTheTerminalIsNoLetter) {
    EXPECT_EQ(office.approve(office.petition(ana, "cli"), "nothing").kind, Answer::Kind::refused);
    EXPECT_TRUE(office.told().empty());
    EXPECT_EQ(office.approve(office.petition(ana, "cli"), text).kind, Answer::Kind::done);
    EXPECT_EQ(office.told().size(), 2U) << "what becomes of requests is mailed";
}

TEST_F(Desk, TheSameAddressIsApprovedOnce) {
    (void)office.approve(office.petition(ana), text);
    const auto again = office.approve(office.petition(boris), "00-11-22-33-44-55 please");
    EXPECT_EQ(again.kind, Answer::Kind::done);
    EXPECT_EQ(again.words, "access.answer.joined");
    EXPECT_EQ(again.facts.at("id"), "A1");
    EXPECT_EQ(office.requests().size(), 1U);
    EXPECT_EQ(office.requests()[0].approver, "ana");
    EXPECT_EQ(office.told().back(), "boris@example.org: access.joined");
    EXPECT_EQ(office.verbs().back(), "access_joined");
}

TEST_F(Desk, TooManyOpenRequestsAreRefused) {
    office.settings.most_open = 1;
    access::AccessDesk narrow(office.store, office.book, office.letters, office.codes, office.settings);
    ASSERT_TRUE(narrow.approve(office.petition(ana), text, Confirm::no, office.now));
    const auto second = narrow.approve(office.petition(ana), "0011.2233.4466", Confirm::no, office.now);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->words, "access.answer.too_many");
    EXPECT_EQ(office.requests().size(), 1U);
}

TEST_F(Desk, UnconfirmedRequestsOfOnePersonAreBounded) {
    office.settings.most_unconfirmed = 1;
    access::AccessDesk narrow(office.store, office.book, office.letters, office.codes, office.settings);
    ASSERT_TRUE(narrow.approve(office.petition(ana), text, Confirm::by_code, office.now));
    const auto second = narrow.approve(office.petition(ana), "0011.2233.4466", Confirm::by_code, office.now);
    ASSERT_TRUE(second);
    EXPECT_EQ(second->words, "access.answer.too_many_unconfirmed");
    const auto other = narrow.approve(office.petition(boris), "0011.2233.4466", Confirm::by_code, office.now);
    ASSERT_TRUE(other);
    EXPECT_EQ(other->words, "access.answer.code_sent");
    const auto stronger = narrow.approve(office.petition(ana), "0011.2233.4477", Confirm::no, office.now);
    ASSERT_TRUE(stronger);
    EXPECT_EQ(stronger->words, "access.answer.accepted");
}

TEST_F(Desk, ACodeHasToComeBackBeforeAnybodyElseHears) {
    const auto asked = office.approve(office.petition(ana), text, Confirm::by_code);
    EXPECT_EQ(asked.words, "access.answer.code_sent");
    EXPECT_FALSE(asked.facts.contains("code")) << "the code goes by letter only";
    EXPECT_EQ(office.request(1).state, AccessState::confirming);
    EXPECT_EQ(office.told(), Strings{"ana@example.org: access.confirm"});
    EXPECT_EQ(office.queued()[0].facts.at("code"), "code-1-1");
    EXPECT_TRUE(office.read([&](auto& view) { return office.book.surveys(view, AccessId{1}); }).empty());
    EXPECT_EQ(office.log_of(1).find("code-1"), std::string::npos) << "no code in the log";

    const auto confirmed = office.confirm(office.petition(ana), "yes: code-1-1");
    EXPECT_EQ(confirmed.words, "access.answer.accepted");
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    EXPECT_EQ(office.request(1).proof, "dkim+code");
    EXPECT_TRUE(office.request(1).code_digest.empty());
    EXPECT_EQ(office.told().size(), 3U);
    const auto again = office.confirm(office.petition(ana), "yes: code-1-1");
    EXPECT_EQ(again.words, "access.answer.code_unknown") << "it worked once";
}

TEST_F(Desk, ACodeIsOnePersons) {
    (void)office.approve(office.petition(ana), text, Confirm::by_code);
    EXPECT_EQ(office.confirm(office.petition(boris), "code-1-1").words, "access.answer.code_unknown");
    EXPECT_EQ(office.request(1).state, AccessState::confirming);
    EXPECT_EQ(office.request(1).code_wrong, 0) << "others cannot use up ana's tries";
}

TEST_F(Desk, FiveWrongCodesEndTheRequest) {
    (void)office.approve(office.petition(ana), text, Confirm::by_code);
    for (int i = 1; i < 5; ++i) {
        const auto answer = office.confirm(office.petition(ana), "code-9-9");
        EXPECT_EQ(answer.words, "access.answer.code_wrong");
        EXPECT_EQ(answer.facts.at("left"), std::to_string(5 - i));
        EXPECT_EQ(office.request(1).code_wrong, i);
    }
    EXPECT_EQ(office.confirm(office.petition(ana), "code-9-9").words, "access.answer.codes_wrong");
    EXPECT_EQ(office.request(1).state, AccessState::failed);
    EXPECT_EQ(office.request(1).outcome, "access.why.codes_wrong");
    EXPECT_EQ(office.confirm(office.petition(ana), "code-1-1").words, "access.answer.code_unknown");
}

TEST_F(Desk, ALateCodeApprovesNothing) {
    (void)office.approve(office.petition(ana), text, Confirm::by_code);
    office.now += 1h;
    EXPECT_EQ(office.confirm(office.petition(ana), "code-1-1").words, "access.answer.code_expired");
    EXPECT_EQ(office.request(1).state, AccessState::expired);
    EXPECT_EQ(office.told().back(), "noc@example.org: access.expired access.why.not_confirmed");
}

TEST_F(Desk, AnUnconfirmedRequestKeepsNobodyOut) {
    (void)office.approve(office.petition(ana), text, Confirm::by_code);
    (void)office.approve(office.petition(boris), text, Confirm::by_code);
    EXPECT_EQ(office.requests().size(), 1U);
    EXPECT_EQ(office.confirm(office.petition(ana), "code-1-1").words, "access.answer.code_unknown");
    EXPECT_EQ(office.confirm(office.petition(boris), "code-1-2").words, "access.answer.accepted");
    EXPECT_EQ(office.request(1).approver, "boris");
    EXPECT_EQ(office.request(1).reply_to, "boris@example.org");
}

TEST_F(Desk, AStrongerApprovalNeedsNoCodeAnyMore) {
    (void)office.approve(office.petition(ana), text, Confirm::by_code);
    EXPECT_EQ(office.approve(office.petition(boris, "cli"), text).words, "access.answer.accepted");
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    EXPECT_EQ(office.request(1).approver, "boris");
    EXPECT_EQ(office.request(1).channel, "cli");
}

TEST_F(Desk, WhoLostTheRoleConfirmsNothing) {
    (void)office.approve(office.petition(ana), text, Confirm::by_code);
    auto petition = office.petition(ana);
    petition.actor.role = Role::operator_;
    EXPECT_EQ(office.confirm(petition, "code-1-1").kind, Answer::Kind::forbidden);
    EXPECT_EQ(office.request(1).state, AccessState::confirming);
}

TEST_F(Desk, KillEndsWhatWaits) {
    (void)office.approve(office.petition(ana), text);
    const auto killed = office.desk.kill(office.petition(olga), AccessId{1}, office.now + 1min);
    ASSERT_TRUE(killed);
    EXPECT_EQ(killed->words, "access.answer.killed");
    EXPECT_EQ(office.request(1).state, AccessState::killed);
    EXPECT_EQ(office.request(1).ended_at, office.now + 1min);
    const auto told = office.told();
    EXPECT_EQ(Strings(told.begin() + 2, told.end()),
              (Strings{"ana@example.org: access.killed", "noc@example.org: access.killed",
                       "olga@example.org: access.killed"}));
    EXPECT_EQ(office.queued()[2].facts.at("who"), "olga (mail)");
    EXPECT_NE(office.queued()[2].appended.find("ended: killed by olga (mail)"), std::string::npos);
    const auto again = office.desk.kill(office.petition(olga), AccessId{1}, office.now);
    ASSERT_TRUE(again);
    EXPECT_EQ(again->words, "access.answer.over_killed");
    const auto unknown = office.desk.kill(office.petition(olga), AccessId{9}, office.now);
    ASSERT_TRUE(unknown);
    EXPECT_EQ(unknown->kind, Answer::Kind::not_found);
    EXPECT_EQ(unknown->facts.at("id"), "A9");
}

TEST_F(Desk, KillOfWhatIsWorkedOnIsLeftToTheWorker) {
    (void)office.approve(office.petition(ana), text);
    auto working = office.request(1);
    working.state = AccessState::working;
    working.journal = "planned";
    ASSERT_TRUE(office.change(working));
    for (int i = 0; i < 2; ++i) {
        const auto killed = office.desk.kill(office.petition(olga), AccessId{1}, office.now);
        ASSERT_TRUE(killed);
        EXPECT_EQ(killed->words, "access.answer.killing");
    }
    EXPECT_EQ(office.request(1).state, AccessState::working);
    EXPECT_EQ(office.request(1).journal, "planned");
    EXPECT_EQ(office.request(1).killed_by, "olga (mail)");
    EXPECT_EQ(office.verbs(), (Strings{"access_approved", "access_kill"}));
}

TEST_F(Desk, AReportHasAllThatIsOpenWithItsLog) {
    (void)office.approve(office.petition(ana), text);
    (void)office.approve(office.petition(ana), "0011.2233.4466");
    ASSERT_TRUE(office.desk.kill(office.petition(ana), AccessId{2}, office.now));
    const auto report = office.desk.report(office.petition(olga), office.now);
    ASSERT_TRUE(report);
    EXPECT_EQ(report->facts.at("count"), "1");
    const auto letter = office.queued().back();
    EXPECT_EQ(letter.to, "olga@example.org");
    EXPECT_EQ(letter.words, "access.report");
    EXPECT_NE(letter.appended.find("A1  00:11:22:33:44:55  waiting"), std::string::npos) << letter.appended;
    EXPECT_EQ(letter.appended.find("A2"), std::string::npos);
    ASSERT_TRUE(office.desk.kill(office.petition(ana), AccessId{1}, office.now));
    ASSERT_TRUE(office.desk.report(office.petition(olga), office.now));
    EXPECT_EQ(office.queued().back().words, "access.report_none");
}

TEST_F(Desk, NobodyIsFloodedByAnswers) {
    auto addressees = office.addressees();
    addressees.most_an_hour = 3;
    const access::Correspondence letters(office.letter_book, addressees);
    access::AccessDesk desk(office.store, office.book, letters, office.codes, office.settings);
    for (int i = 0; i < 10; ++i)
        ASSERT_TRUE(desk.report(office.petition(olga), office.now));
    EXPECT_EQ(office.told().size(), 3U);
    ASSERT_TRUE(desk.approve(office.petition(ana), text, Confirm::no, office.now));
    EXPECT_EQ(office.told().size(), 5U);
}

TEST_F(Desk, NothingStaysOfWhatTheStoreDidNotTake) {
    office.store.refuse_writes(Error{ErrorCode::full, "the disk is full"});
    EXPECT_FALSE(office.desk.approve(office.petition(ana), text, Confirm::no, office.now));
    office.store.refuse_writes({});
    EXPECT_TRUE(office.requests().empty());
    EXPECT_TRUE(office.told().empty());
    EXPECT_EQ(office.approve(office.petition(ana), text).kind, Answer::Kind::done);
}

TEST_F(Desk, ADryRunIsSaidToBeOne) {
    auto petition = office.petition(ana, "cli");
    petition.dry_run = access::DryRun::yes;
    EXPECT_EQ(office.approve(petition, text).words, "access.answer.accepted access.warn.dry_run");
    EXPECT_TRUE(office.request(1).dry_run);
}

}  // namespace
}  // namespace garita::tests
