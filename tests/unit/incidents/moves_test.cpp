#include "decide/settlement.hpp"
#include "incidents/incident_moves.hpp"
#include "support/office.hpp"
#include "unit/incidents/fake_siem.hpp"

namespace garita::tests {
namespace {

class IncidentMovesTest : public DeskTest {
  protected:
    FakeSiem siem;
    std::optional<incidents::IncidentMoves> moves;

    IncidentMovesTest() { restart(); }
    void restart() { moves.emplace(siem, office.store, "maxpatrol.soc", 5, decide::settle_case); }
    Case file() {
        siem.add("a", office.now);
        office.write([&](store::Transaction& t) {
            incidents::raise(t, "maxpatrol.soc", siem.all["a"].incident,
                             incidents::facts_of(siem.all["a"].incident, std::nullopt, ""), office.now);
        });
        office.file();
        return office.last_case();
    }
    void work() {
        for (int i = 0; i < 10; ++i)
            if (const auto stepped = moves->step(office.now); !stepped || *stepped > Duration::zero()) return;
    }
    std::string status() { return office.last_case().facts.at("status"); }
};

TEST_F(IncidentMovesTest, ADecisionIsToldWithThePersonsNameAndReadBack) {
    const auto about = file();
    ASSERT_TRUE(office.answer(about, Response::approve));
    work();
    EXPECT_EQ(siem.all["a"].incident.status, "Approved");
    EXPECT_NE(siem.all["a"].history[0].comment.find("ana"), std::string::npos);
    EXPECT_EQ(status(), "Approved");
    EXPECT_EQ(office.last_case().state, CaseState::closed);
    EXPECT_EQ(office.actions(about)[0].state, ActionState::done);
}

TEST_F(IncidentMovesTest, AnAnswerThatWasLostIsNotGivenTwice) {
    const auto about = file();
    ASSERT_TRUE(office.answer(about, Response::approve));
    siem.answer_is_lost = true;
    work();
    EXPECT_EQ(office.actions(about)[0].state, ActionState::pending);
    restart();  // also by a hub that knows nothing of the first try
    work();
    EXPECT_EQ(siem.moves, 1);
    EXPECT_EQ(office.actions(about)[0].state, ActionState::done);
}

TEST_F(IncidentMovesTest, WhatTheSiemRefusesIsToldWithWhoWasFaster) {
    const auto about = file();
    siem.change("a", "Closed", "Ivan Petrov");
    ASSERT_TRUE(office.answer(about, Response::approve));
    work();
    const auto action = office.actions(about)[0];
    EXPECT_EQ(action.state, ActionState::failed);
    EXPECT_NE(action.result.find("Ivan Petrov"), std::string::npos);
    EXPECT_EQ(status(), "Closed");
    EXPECT_EQ(office.last_case().responses, std::vector{Response::refresh});
}

TEST_F(IncidentMovesTest, ASiemThatIsAwayIsToldLater) {
    const auto about = file();
    ASSERT_TRUE(office.answer(about, Response::dismiss));
    siem.away = true;
    EXPECT_FALSE(moves->step(office.now));
    siem.away = false;
    EXPECT_TRUE(moves->step(office.now));  // not before its time
    EXPECT_EQ(siem.moves, 0);
    office.now += 6s;
    work();
    EXPECT_EQ(siem.moves, 1);
    EXPECT_EQ(status(), "Closed");
}

TEST_F(IncidentMovesTest, NothingIsRememberedOfAnActionThatHasExpired) {
    const auto about = file();
    ASSERT_TRUE(office.answer(about, Response::dismiss));
    siem.away = true;
    EXPECT_FALSE(moves->step(office.now));
    EXPECT_EQ(moves->waiting(), 1U);
    office.now += 8 * 24h;
    siem.away = false;
    work();
    EXPECT_EQ(siem.moves, 0);
    EXPECT_EQ(moves->waiting(), 0U);
}

TEST_F(IncidentMovesTest, ARefreshShowsWhatTheSiemSaysNow) {
    const auto about = file();
    ASSERT_TRUE(office.answer(about, Response::refresh, person("vera", Role::viewer)));
    siem.all["a"].events = 3;
    work();
    EXPECT_EQ(office.last_case().facts.at("events"), "3");
    EXPECT_EQ(office.last_case().facts.at("refreshed"), to_iso8601(office.now));
    EXPECT_EQ(office.last_case().state, CaseState::open);
    const auto version = office.last_case().version;
    work();  // once
    EXPECT_EQ(office.last_case().version, version);
}

TEST_F(IncidentMovesTest, AnIncidentThatIsGoneIsToldSo) {
    const auto about = file();
    ASSERT_TRUE(office.answer(about, Response::approve));
    siem.all.clear();
    work();
    EXPECT_EQ(office.actions(about)[0].state, ActionState::failed);
    EXPECT_EQ(office.last_case().state, CaseState::closed);
}

}  // namespace
}  // namespace garita::tests
