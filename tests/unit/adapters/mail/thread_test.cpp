// When a letter is due, and what it is called.

#include "adapters/mail/thread.hpp"

#include <set>

#include <gtest/gtest.h>

#include "fakes/memory_store.hpp"

namespace garita::mail {
namespace {

using namespace std::chrono_literals;
using Kind = Wish::Kind;

const Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22}};

Case open_case() {
    Case about;
    about.id = CaseId{12};
    about.kind = "ssh_login";
    about.device = "web1";
    about.severity = Severity::warning;
    return about;
}
Case decided_case() {
    auto about = open_case();
    about.state = CaseState::decided;
    about.decision = Decision{};
    about.decision->at = now;
    return about;
}

TEST(Told, IsReadBackAsItWasWritten) {
    const Told told{Stage::decided, Severity::critical, 7, "[Garita] #12 web1: a b  c"};
    const auto read = parse_told(to_text(told));
    EXPECT_EQ(read.stage, told.stage);
    EXPECT_EQ(read.severity, told.severity);
    EXPECT_EQ(read.digest, 7);
    EXPECT_EQ(read.subject, told.subject);
    for (const auto* odd : {"", " ", "asked", "nonsense x y z", "asked warning 99999999999999999999999 s"})
        EXPECT_LE(parse_told(odd).stage, Stage::ended) << odd;
    EXPECT_EQ(parse_told("").stage, Stage::none);
}

TEST(Wish, OneLetterWhenACaseBegins) {
    const Recipient everybody;
    EXPECT_EQ(wish(open_case(), {}, everybody, now).kind, Kind::letter);
    EXPECT_EQ(wish(open_case(), {Stage::asked, Severity::warning, 0, "s"}, everybody, now).kind,
              Kind::nothing);
}

TEST(Wish, MoreSevereIsNews) {
    auto about = open_case();
    about.severity = Severity::critical;
    const auto again = wish(about, {Stage::asked, Severity::warning, 0, "s"}, {}, now);
    EXPECT_EQ(again.kind, Kind::letter);
    EXPECT_EQ(again.stage, Stage::asked);
    EXPECT_EQ(wish(open_case(), {Stage::asked, Severity::critical, 0, "s"}, {}, now).kind, Kind::nothing);
}

TEST(Wish, WhoDoesNotWantItIsToldOnceItIsWorse) {
    Recipient picky;
    picky.least = Severity::critical;
    EXPECT_EQ(wish(open_case(), {}, picky, now).kind, Kind::withhold);
    const Told withheld{Stage::withheld, Severity::warning, 0, {}};
    EXPECT_EQ(wish(open_case(), withheld, picky, now).kind, Kind::nothing);
    auto worse = open_case();
    worse.severity = Severity::critical;
    EXPECT_EQ(wish(worse, withheld, picky, now).kind, Kind::letter);
    auto over = decided_case();
    over.state = CaseState::closed;
    EXPECT_EQ(wish(over, withheld, picky, now).kind, Kind::nothing);
    EXPECT_EQ(wish(over, {}, picky, now).kind, Kind::withhold);
}

TEST(Wish, KindsAndDevicesChoose) {
    Recipient picky;
    picky.kinds = {"cpu_load"};
    EXPECT_EQ(wish(open_case(), {}, picky, now).kind, Kind::withhold);
    picky.kinds = {"cpu_load", "ssh_login"};
    EXPECT_EQ(wish(open_case(), {}, picky, now).kind, Kind::letter);
    picky.devices = {"web2"};
    EXPECT_EQ(wish(open_case(), {}, picky, now).kind, Kind::withhold);
}

TEST(Wish, AnAnswersEffectsAreWaitedForButNotForEver) {
    const Told asked{Stage::asked, Severity::warning, 0, "s"};
    const auto soon = wish(decided_case(), asked, {}, now + 10s);
    EXPECT_EQ(soon.kind, Kind::later);
    EXPECT_EQ(soon.in, settling - 10s);
    const auto late = wish(decided_case(), asked, {}, now + settling);
    EXPECT_EQ(late.kind, Kind::letter);
    EXPECT_EQ(late.stage, Stage::decided);
    EXPECT_EQ(wish(decided_case(), {Stage::decided, Severity::warning, 0, "s"}, {}, now + 1h).kind,
              Kind::nothing);
    EXPECT_EQ(wish(decided_case(), asked, {}, now - 48h).in, settling) << "a clock that was set back";
}

TEST(Wish, ABlockThatWaitsToBeConfirmedIsToldAtOnce) {
    auto about = decided_case();
    about.provisional = Provisional{};
    const auto now_then = wish(about, {Stage::asked, Severity::warning, 0, "s"}, {}, now);
    EXPECT_EQ(now_then.kind, Kind::letter);
    EXPECT_EQ(now_then.stage, Stage::decided);
}

TEST(Wish, ItIsToldWhenItIsOverAndThenNoMore) {
    for (const auto state : {CaseState::closed, CaseState::expired}) {
        auto about = decided_case();
        about.state = state;
        for (const auto stage : {Stage::asked, Stage::decided, Stage::none}) {
            const auto last = wish(about, {stage, Severity::warning, 0, "s"}, {}, now);
            EXPECT_EQ(last.kind, Kind::letter);
            EXPECT_EQ(last.stage, Stage::over);
        }
        EXPECT_EQ(wish(about, {Stage::over, Severity::warning, 0, "s"}, {}, now).kind, Kind::nothing);
    }
}

TEST(Wish, AnEndIsToldOnceAlsoAfterAnAnswer) {
    auto about = decided_case();
    const auto told = [](Stage stage) { return Told{stage, Severity::warning, 0, "s"}; };
    about.state = CaseState::closed;
    EXPECT_EQ(wish(about, told(Stage::over), {}, now).kind, Kind::nothing);
    about.facts["over"] = "2026-11-22T12:00:00Z";
    for (const auto state : {CaseState::decided, CaseState::closed})
        for (const auto stage : {Stage::asked, Stage::decided, Stage::over, Stage::none}) {
            about.state = state;
            const auto last = wish(about, told(stage), {}, now);
            EXPECT_EQ(last.kind, Kind::letter);
            EXPECT_EQ(last.stage, Stage::ended);
        }
    EXPECT_EQ(wish(about, told(Stage::ended), {}, now).kind, Kind::nothing);
    EXPECT_EQ(wish(about, told(Stage::withheld), {}, now).kind, Kind::nothing);
    EXPECT_EQ(parse_told(to_text(told(Stage::ended))).stage, Stage::ended);
}

TEST(LetterIds, AreTheSameForTheSameLetterAndOnlyForIt) {
    fakes::MemoryStore store;
    const auto ids = LetterIds::open(store, "garita@example.org");
    ASSERT_TRUE(ids);
    const auto again = LetterIds::open(store, "garita@example.org");
    ASSERT_TRUE(again);
    const auto about = open_case();
    const Told asked{Stage::asked, Severity::warning, 0, "s"};
    const auto root = ids->root(about.id, "ana@example.org");
    EXPECT_EQ(root, again->root(about.id, "ana@example.org"));
    EXPECT_EQ(root, ids->next(about, {}, Stage::asked, "ana@example.org"));
    EXPECT_TRUE(root.starts_with("case-12.")) << root;
    EXPECT_TRUE(root.ends_with("@example.org")) << root;
    std::set<std::string> all = {root,
                                 ids->root(about.id, "eva@example.org"),
                                 ids->root(CaseId{13}, "ana@example.org"),
                                 ids->next(about, asked, Stage::asked, "ana@example.org"),
                                 ids->next(about, asked, Stage::decided, "ana@example.org"),
                                 ids->next(about, asked, Stage::over, "ana@example.org"),
                                 ids->digest(1, "ana@example.org"),
                                 ids->digest(2, "ana@example.org")};
    EXPECT_EQ(all.size(), 8U);
    fakes::MemoryStore other;
    EXPECT_NE(LetterIds::open(other, "garita@example.org")->root(about.id, "ana@example.org"), root)
        << "another hub";
}

}  // namespace
}  // namespace garita::mail
