// How requests end: by the work on a port, by their time; and what is told of it.

#include "access/record.hpp"
#include "support/access_office.hpp"
#include "unit/access_desk/rendered.hpp"

namespace garita::tests {
namespace {

using access::Ending;
using access::PortOutcome;
using Confirm = access::AccessDesk::Confirm;
using Strings = std::vector<std::string>;

class Ends : public testing::Test {
  protected:
    void TearDown() override { expect_whole_texts(office); }
    void SetUp() override { (void)office.approve(office.petition(0), "0011.2233.4455"); }

    bool end(const AccessRequest& request, const Ending& ending) {
        bool ended = false;
        EXPECT_TRUE(office.store.write([&](store::Transaction& transaction) -> Result<void> {
            ended = office.closer.end(transaction, request, ending, office.now);
            return {};
        }));
        return ended;
    }
    AccessOffice office;
    access::Deadlines deadlines{office.store, office.book, office.letters};
};

TEST_F(Ends, EverybodyIsToldWithTheRecord) {
    auto request = office.request(1);
    request.switch_name = "sw1";
    request.port = "GigabitEthernet1/0/1";
    request.journal = "planned";
    const auto ending = access::ending_of(
        {PortOutcome::Kind::secured, "", {}, {"switchport port-security"}, {"access.warn.protect_mode"}});
    ASSERT_TRUE(ending);
    EXPECT_TRUE(end(request, *ending));
    EXPECT_FALSE(end(request, *ending)) << "over is over";
    const auto done = office.request(1);
    EXPECT_EQ(done.state, AccessState::done);
    EXPECT_EQ(done.port, "GigabitEthernet1/0/1");
    EXPECT_TRUE(done.journal.empty());
    EXPECT_EQ(done.ended_at, office.now);
    ASSERT_EQ(office.told().size(), 4U);
    EXPECT_EQ(office.told()[2], "ana@example.org: access.done access.warn.protect_mode");
    EXPECT_EQ(office.told()[3], "noc@example.org: access.done access.warn.protect_mode");
    const auto letter = office.queued()[2];
    EXPECT_EQ(letter.answers, "letter-ana@example.org");
    EXPECT_EQ(letter.about, "access A1");
    EXPECT_EQ(letter.facts.at("switch"), "sw1");
    EXPECT_NE(letter.appended.find("  switchport port-security"), std::string::npos) << letter.appended;
    EXPECT_EQ(office.verbs(), (Strings{"access_approved", "access_done"}));
}

TEST_F(Ends, AReasonIsKeptAndTold) {
    const auto ending =
        access::ending_of({PortOutcome::Kind::refused,
                           "access.why.trunk",
                           {{"mac", "other"}, {"mode", "trunk"}, {"place", "GigabitEthernet1/0/1"}}});
    ASSERT_TRUE(ending);
    ASSERT_TRUE(end(office.request(1), *ending));
    EXPECT_EQ(office.request(1).state, AccessState::failed);
    EXPECT_EQ(office.request(1).outcome, "access.why.trunk");
    EXPECT_EQ(office.queued()[2].words, "access.failed access.why.trunk");
    EXPECT_EQ(office.queued()[2].facts.at("mac"), "00:11:22:33:44:55") << "a request's own facts stay";
    EXPECT_EQ(office.queued()[2].facts.at("mode"), "trunk");
}

TEST_F(Ends, WhatGoesOnHasNoEnd) {
    EXPECT_FALSE(access::ending_of({PortOutcome::Kind::later, "access.why.away", {}}));
    EXPECT_FALSE(access::ending_of({PortOutcome::Kind::forbidden, "access.why.login", {}}));
}

TEST_F(Ends, ADryRunEndsAsAPlan) {
    auto request = office.request(1);
    request.dry_run = true;
    ASSERT_TRUE(
        end(request, *access::ending_of({PortOutcome::Kind::planned, "", {}, {"interface Gi1/0/1"}})));
    EXPECT_EQ(office.queued()[2].words, "access.planned");
    EXPECT_NE(office.queued()[2].appended.find("would be sent:"), std::string::npos);
}

TEST_F(Ends, ARequestThatSomebodyChangedIsNotEndedBlindly) {
    const auto old = office.request(1);
    auto changed = old;
    changed.killed_by = "olga (mail)";
    ASSERT_TRUE(office.change(changed));
    EXPECT_FALSE(end(old, {AccessState::done}));
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    EXPECT_EQ(office.verbs(), Strings{"access_approved"});
}

TEST_F(Ends, ADeviceThatDoesNotAppearInTimeEndsIt) {
    EXPECT_EQ(deadlines.step(office.now).value(), Duration{30s});
    office.now += 9h - 10s;
    EXPECT_EQ(deadlines.step(office.now).value(), Duration{10s});
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    office.now += 10s;
    ASSERT_TRUE(deadlines.step(office.now));
    EXPECT_EQ(office.request(1).state, AccessState::expired);
    EXPECT_EQ(office.request(1).outcome, "access.why.not_seen");
    EXPECT_EQ(office.told().back(), "noc@example.org: access.expired access.why.not_seen");
}

TEST_F(Ends, AnotherReasonIsToldWhereTheSwitchWasAway) {
    auto seen = office.request(1);
    seen.switch_name = "sw1";
    ASSERT_TRUE(office.change(seen));
    ASSERT_TRUE(deadlines.step(office.now + 9h));
    EXPECT_EQ(office.request(1).outcome, "access.why.switch_away");
}

TEST_F(Ends, ACodeThatDoesNotComeBackEndsItAndWorkUnderWayGoesOn) {
    auto working = office.request(1);
    working.state = AccessState::working;
    ASSERT_TRUE(office.change(working));
    (void)office.approve(office.petition(0), "0011.2233.4466", Confirm::by_code);
    ASSERT_TRUE(deadlines.step(office.now + 1h));
    EXPECT_EQ(office.request(1).state, AccessState::working);
    EXPECT_EQ(office.request(2).state, AccessState::expired);
    EXPECT_EQ(office.request(2).outcome, "access.why.not_confirmed");
    ASSERT_TRUE(deadlines.step(office.now + 240h));
    EXPECT_EQ(office.request(1).state, AccessState::working);
}

TEST_F(Ends, AStoreThatFailsIsAskedAgain) {
    office.store.refuse_writes(Error{ErrorCode::full, "the disk is full"});
    EXPECT_FALSE(deadlines.step(office.now + 9h));
    office.store.refuse_writes({});
    EXPECT_EQ(office.request(1).state, AccessState::waiting);
    ASSERT_TRUE(deadlines.step(office.now + 9h));
    EXPECT_EQ(office.request(1).state, AccessState::expired);
}

TEST(Record, SaysWhoSaidWhatAndIsBounded) {
    AccessRequest request;
    request.id = AccessId{7};
    request.approver = "ana";
    request.channel = "cli";
    std::vector<AccessLine> log = {
        {1, request.id, access_noon, AccessLine::Kind::sent, "sw1", "conf t"},
        {2, request.id, access_noon, AccessLine::Kind::answered, "sw1", "one\ntwo"},
        {3, request.id, access_noon, AccessLine::Kind::note, "", "plain"}};
    const auto text = access::record_text(request, log, nullptr, 100'000);
    EXPECT_NE(text.find("2026-11-23 12:00:00  sw1 > conf t\n"), std::string::npos) << text;
    EXPECT_NE(text.find("  sw1 < one\n2026-11-23 12:00:00  sw1 < two\n"), std::string::npos) << text;
    EXPECT_NE(text.find("12:00:00  plain\n"), std::string::npos) << text;
    for (int i = 0; i < 1000; ++i)
        log.push_back(
            {4 + i, request.id, access_noon, AccessLine::Kind::note, "", "line " + std::to_string(i)});
    const auto cut = access::record_text(request, log, nullptr, 2000);
    EXPECT_LT(cut.size(), 2200U);
    EXPECT_NE(cut.find("bytes left out"), std::string::npos);
    EXPECT_NE(cut.find("conf t"), std::string::npos);
    EXPECT_NE(cut.find("line 999"), std::string::npos);
}

TEST(Record, ForeignTextIsCleanedAndBounded) {
    EXPECT_EQ(access::clean_lines("a\x1b[2J\r\nb\xff", 100), "a [2J\nb\xEF\xBF\xBD");
    EXPECT_EQ(access::clean_lines("12345\n6789", 5), "12345…");
    EXPECT_EQ(access::clean_lines("1234567", 5), "12345…");
    EXPECT_EQ(access::clean_lines("", 5), "");
    EXPECT_EQ(access::clean_lines("a\n\nb", 50), "a\n\nb");
    const std::string many(100'000, '\n');
    EXPECT_LE(access::clean_lines(many, 100).size(), 103U);
}

}  // namespace
}  // namespace garita::tests
