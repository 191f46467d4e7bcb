#include "incidents/incident_watch.hpp"
#include "support/office.hpp"
#include "unit/incidents/fake_siem.hpp"

namespace garita::tests {
namespace {

class IncidentWatchTest : public DeskTest {
  protected:
    FakeSiem siem;
    std::chrono::steady_clock::time_point ticks{};
    std::optional<incidents::IncidentWatch> watch;

    IncidentWatchTest() { restart(); }
    void restart(std::optional<Time> begin = std::nullopt) {
        incidents::WatchOptions options;
        options.source = "maxpatrol.soc";
        options.begin = begin;
        watch.emplace(siem, office.store, options, [this] { return ticks; });
    }
    void poll(Duration later = 5s) {
        office.now += later;
        const auto stepped = watch->step(office.now);
        ASSERT_TRUE(stepped) << stepped.error().text;
        office.file();
    }
    std::size_t cases() { return office.cases().size(); }
    Case about(const std::string& id) {
        for (const auto& one : office.cases())
            if (one.subject == id) return one;
        ADD_FAILURE() << "no case about " << id;
        return {};
    }
};

TEST_F(IncidentWatchTest, EachIncidentBecomesOneCase) {
    siem.add("a", office.now - 1h);
    siem.add("b", office.now, "New", 9);
    poll();
    poll();
    ASSERT_EQ(cases(), 2U);
    const auto b = about("b");
    EXPECT_EQ(b.severity, Severity::critical);
    EXPECT_EQ(b.facts.at("key"), "INC-b");
    EXPECT_EQ(b.facts.at("events"), "9");
    EXPECT_TRUE(b.facts.contains("event_05"));
    EXPECT_FALSE(b.facts.contains("event_06"));
}

TEST_F(IncidentWatchTest, NothingOlderThanTheFirstLookIsTold) {
    siem.add("old", office.now - 25h);
    siem.add("new", office.now - 23h);
    poll();
    poll(2h);  // the longer look back does not go behind it either
    EXPECT_EQ(cases(), 1U);
}

TEST_F(IncidentWatchTest, WhatWasToldBeforeTheBeginningWithinItsSecondIsNotToldAgain) {
    const Time second = std::chrono::floor<std::chrono::seconds>(office.now) - 600s;
    siem.by_whole_seconds = true;
    siem.add("told", second + 123ms);
    siem.add("new", second + 124ms);
    restart(second + 124ms);
    poll();
    poll(2min);
    ASSERT_EQ(cases(), 1U);
    EXPECT_EQ(about("new").facts.at("key"), "INC-new");
}

TEST_F(IncidentWatchTest, TheSamePageAgainAndAgainIsNotAskedForWithoutEnd) {
    siem.page = 2;
    siem.same_page = true;
    for (const auto* id : {"a", "b", "c"})
        siem.add(id, office.now - 1h);
    const auto stepped = watch->step(office.now);
    ASSERT_FALSE(stepped);
    EXPECT_EQ(stepped.error().code, ErrorCode::unavailable);
    EXPECT_NE(stepped.error().text.find("maxpatrol.soc gives the same incidents again where those after the "
                                        "first 2 of 3 were asked for"),
              std::string::npos)
        << stepped.error().text;
    EXPECT_EQ(siem.lists, 2);
    office.file();
    EXPECT_EQ(cases(), 2U) << "what could be read is told";
    siem.same_page = false;
    poll();
    EXPECT_EQ(cases(), 3U) << "and the place did not move on";
}

TEST_F(IncidentWatchTest, AnEntryThatMovesToALaterPageWhileItIsReadIsNoTrouble) {
    siem.page = 2;
    for (const auto* id : {"a", "b", "c", "d"})
        siem.add(id, office.now - 1h);
    int lists = 0;
    siem.between_lists = [&] {
        if (++lists == 1) siem.add("0-late", office.now - 2h);  // all others move by one
    };
    poll();
    siem.between_lists = [] {};
    poll(1min);
    EXPECT_EQ(cases(), 5U);
}

TEST_F(IncidentWatchTest, OneThatIsOverWhenItIsFirstSeenIsToldAndThenAsksNobody) {
    siem.add("closed", office.now - 1h, "Closed");
    siem.add("resolved", office.now - 1h, "Resolved");
    siem.add("worked", office.now - 1h, "InProgress");
    poll();
    const auto tell = [&](const std::string& id, const std::string& external_id) {
        Message message;
        message.case_id = about(id).id;
        message.channel = "telegram";
        message.place = external_id + "-place";
        message.external_id = external_id;
        office.write([&](store::Transaction& t) { t.insert_message(message); });
    };
    tell("closed", "41");
    tell("resolved", "42");
    tell("resolved", "");
    poll(11s);
    const auto closed = about("closed");
    EXPECT_EQ(closed.state, CaseState::closed) << "every chat has it";
    EXPECT_EQ(closed.responses, std::vector{Response::refresh});
    ASSERT_TRUE(closed.decision);
    EXPECT_EQ(closed.decision->comment, "Closed");
    EXPECT_EQ(closed.decision->by.kind, Actor::Kind::system);
    EXPECT_EQ(about("resolved").state, CaseState::open) << "one chat does not know of it yet";
    restart();
    poll(10min);
    EXPECT_EQ(about("resolved").state, CaseState::closed) << "that chat cannot be reached";
    EXPECT_EQ(about("worked").state, CaseState::open);
}

TEST_F(IncidentWatchTest, OneThatIsTakenUpAgainBeforeItEndedIsAskedAbout) {
    siem.add("a", office.now - 1h, "Closed");
    poll();
    siem.change("a", "InProgress", "Ivan");
    siem.all["a"].modified = office.now;
    poll();
    poll(11min);
    EXPECT_EQ(about("a").facts.at("status"), "InProgress");
    EXPECT_FALSE(about("a").decision && about("a").decision->comment == "Closed");
}

TEST_F(IncidentWatchTest, MoreThanAPageOfOneMomentIsTakenWhole) {
    siem.page = 100;
    for (int i = 0; i < 1050; ++i)
        siem.add("same" + std::to_string(i), office.now);
    poll();
    EXPECT_EQ(cases(), 1050U);
}

TEST_F(IncidentWatchTest, OneThatTheSiemShowsLateIsFound) {
    siem.add("a", office.now);
    poll();
    siem.add("late", office.now - 50min);
    poll(1min);
    EXPECT_EQ(cases(), 2U);
}

TEST_F(IncidentWatchTest, OneThatComesBetweenTheTwoListsIsNotForgotten) {
    poll();
    bool once = true;
    siem.between_lists = [&] {
        if (std::exchange(once, false)) siem.add("between", office.now);
    };
    poll();
    siem.between_lists = [] {};
    poll();
    EXPECT_EQ(cases(), 1U);
}

TEST_F(IncidentWatchTest, TheSameIncidentAfterARestartIsNotToldTwice) {
    siem.add("a", office.now);
    poll();
    restart();
    poll();
    EXPECT_EQ(cases(), 1U);
    EXPECT_EQ(about("a").alert_count, 1);
}

TEST_F(IncidentWatchTest, NothingIsLostWhileTheSiemOrTheDiskIsAway) {
    siem.away = true;
    siem.add("a", office.now);
    EXPECT_FALSE(watch->step(office.now));
    siem.away = false;
    poll(26h);
    EXPECT_EQ(cases(), 1U);
}

TEST_F(IncidentWatchTest, EventsThatCannotBeHadComeLater) {
    siem.without_events = true;
    siem.add("a", office.now);
    poll();
    EXPECT_EQ(cases(), 1U);
    EXPECT_FALSE(about("a").facts.contains("events"));
    siem.without_events = false;
    poll(1min);
    EXPECT_EQ(about("a").facts.at("events"), "1");
}

TEST_F(IncidentWatchTest, WhatIsMovedInTheSiemItselfIsOver) {
    siem.add("a", office.now);
    poll();
    siem.change("a", "Approved", "Ivan Petrov");
    siem.all["a"].modified = office.now;
    poll();
    const auto a = about("a");
    EXPECT_EQ(a.state, CaseState::closed);
    EXPECT_EQ(a.facts.at("status"), "Approved");
    EXPECT_EQ(a.facts.at("moved_by"), "Ivan Petrov");
    EXPECT_EQ(a.responses, answers_in(IncidentStatus::approved));
}

TEST_F(IncidentWatchTest, AnIncidentFromTheFutureHidesNoneOfToday) {
    siem.add("future", office.now + 24h * 365);
    poll();
    siem.add("today", office.now);
    poll();
    EXPECT_EQ(cases(), 2U);
}

}  // namespace
}  // namespace garita::tests
