#include "adapters/hub_link/audit_watch.hpp"

#include <gtest/gtest.h>

#include "adapters/hub_link/heads_book.hpp"
#include "fakes/memory_agent_store.hpp"
#include "fakes/memory_store.hpp"

namespace garita::hub_link {
namespace {

using namespace std::chrono_literals;

const Time start = from_micros(1'800'000'000'000'000);

AuditHead head(std::int64_t seq, unsigned char mark = 0) {
    AuditHead made{seq, {}, start + std::chrono::seconds(seq)};
    made.hash[0] = static_cast<std::uint8_t>(seq);
    made.hash[1] = mark;
    return made;
}

class AuditWatchTest : public testing::Test {
  protected:
    AuditWatch watch() {
        return {store_, "web1", [this](const Alert& alert) -> Result<void> {
                    if (broken_) return fail(ErrorCode::full, "no room");
                    raised_.push_back(alert);
                    return {};
                }};
    }
    std::string problem_after(const AuditHead& told, const std::string& store_id = "s1") {
        raised_.clear();
        EXPECT_TRUE(watch().take(store_id, told, start + 1h));
        return raised_.empty() ? "" : raised_[0].facts.at("problem");
    }

    fakes::MemoryAgentStore store_;
    std::vector<Alert> raised_;
    bool broken_ = false;
};

TEST_F(AuditWatchTest, KeepsTheLastOfEachHour) {
    auto watching = watch();
    for (int n = 1; n <= 6; ++n)
        ASSERT_TRUE(watching.take("s1", head(n), start + n * 30min));
    EXPECT_TRUE(raised_.empty());
    const auto held = *store_.held_heads();
    EXPECT_LE(held.size(), 4U);
    EXPECT_EQ(held.back().head, head(6));
    EXPECT_EQ(watching.kept("s1", AuditWatch::Extent::newest)->at(0), head(6));
    EXPECT_TRUE(watching.kept("s2", AuditWatch::Extent::newest)->empty()) << "of another store";
}

TEST_F(AuditWatchTest, ToldWhatItKnowsItWritesNothing) {
    ASSERT_TRUE(watch().take("s1", head(5), start));
    ASSERT_TRUE(watch().take("s1", head(5), start + 10h));
    EXPECT_EQ(store_.held_heads()->size(), 1U);
    EXPECT_TRUE(raised_.empty());
    fakes::MemoryAgentStore empty;
    AuditWatch fresh(empty, "web1", [](const Alert&) -> Result<void> { return {}; });
    ASSERT_TRUE(fresh.take("s1", AuditHead{}, start));
    EXPECT_TRUE(empty.held_heads()->empty());
}

TEST_F(AuditWatchTest, AHubThatContradictsItselfIsAnAlertOnce) {
    EXPECT_EQ(problem_after(head(5)), "");
    EXPECT_EQ(problem_after(head(4)), "rows are gone");
    EXPECT_EQ(raised_.at(0).kind, "audit_broken");
    EXPECT_EQ(raised_.at(0).device, "web1");
    EXPECT_EQ(raised_.at(0).severity, Severity::critical);
    EXPECT_NE(raised_.at(0).facts.at("kept").find("row 5"), std::string::npos);
    EXPECT_EQ(problem_after(head(4)), "") << "said once";
    EXPECT_EQ(problem_after(head(6)), "") << "it goes on from there";
    EXPECT_EQ(problem_after(head(6, 1)), "a row was changed");
    EXPECT_EQ(problem_after(head(9), "s2"), "another store");
    EXPECT_EQ(problem_after(AuditHead{}, "s2"), "rows are gone");
}

TEST_F(AuditWatchTest, WhatWasKeptBeforeStays) {
    EXPECT_EQ(problem_after(head(5)), "");
    EXPECT_EQ(problem_after(head(3)), "rows are gone");
    const auto kept = *watch().kept("s1", AuditWatch::Extent::selection);
    ASSERT_EQ(kept.size(), 2U);
    EXPECT_EQ(kept[0], head(5));
    EXPECT_EQ(kept[1], head(3));
}

TEST_F(AuditWatchTest, AnAlertThatCannotBeKeptIsRaisedLater) {
    EXPECT_EQ(problem_after(head(5)), "");
    broken_ = true;
    EXPECT_FALSE(watch().take("s1", head(4), start + 1h));
    broken_ = false;
    EXPECT_EQ(problem_after(head(4)), "rows are gone");
}

TEST_F(AuditWatchTest, ASelectionIsBoundedAndHasTheNewest) {
    auto watching = watch();
    for (int n = 1; n <= 400; ++n)
        ASSERT_TRUE(watching.take("s1", head(n), start + n * 1h));
    const auto some = *watching.kept("s1", AuditWatch::Extent::selection);
    EXPECT_EQ(some.size(), 124U);
    EXPECT_EQ(some.front(), head(1));
    EXPECT_EQ(some.back(), head(400));
    EXPECT_EQ(some[some.size() - 24], head(377));
}

TEST(HeadsBook, RemembersWhatAgentsTold) {
    HeadsBook book;
    book.note("web1", {head(5), head(3)}, start);
    book.note("web1", {head(7), head(5)}, start + 1min);
    book.note("web2", {}, start);
    const auto all = book.all();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].heads, (std::vector<AuditHead>{head(3), head(5), head(7)}));
    EXPECT_EQ(all[0].told_at, start + 1min);
    for (int n = 10; n < 5000; ++n)
        book.note("web1", {head(n)}, start);
    EXPECT_LE(book.all()[0].heads.size(), 1024U);
    EXPECT_EQ(book.all()[0].heads.back(), head(4999));
    EXPECT_EQ(book.all()[0].heads.front(), head(3));
}

TEST(HeadsBook, KnowsTheNewestAfterARestart) {
    fakes::MemoryStore store;
    HeadsBook book;
    book.note("web1", {head(5), head(9)}, start);
    ASSERT_TRUE(store.write([&](store::Transaction& tx) -> Result<void> {
        book.save(tx, "web1");
        book.save(tx, "unknown");
        return {};
    }));
    HeadsBook later;
    ASSERT_TRUE(store.read([&](store::View& view) -> Result<void> {
        later.load(view, "web1");
        later.load(view, "unknown");
        return {};
    }));
    ASSERT_EQ(later.all().size(), 1U);
    EXPECT_EQ(later.all()[0].heads, std::vector<AuditHead>{head(9)});
    EXPECT_EQ(later.all()[0].told_at, start);
}

}  // namespace
}  // namespace garita::hub_link
