// Notifications in the store: repeated ones, ends, and alerts that come back.

#include "adapters/alertmanager/intake.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "decide/filing.hpp"
#include "fakes/memory_store.hpp"

namespace garita::alertmanager {
namespace {

using namespace std::chrono_literals;

class Intake : public ::testing::Test {
  protected:
    static Alert down(Time since) {
        Alert alert;
        alert.kind = alert_kind;
        alert.device = "web1";
        alert.subject = "Down f00";
        alert.uid = "f00 " + to_iso8601(since);
        alert.at = since;
        alert.facts = {{"starts_at", to_iso8601(since)}, {"source", "main"}};
        return alert;
    }
    Taken fire(Time since) { return *take({{down(since)}, {}, 0}); }
    Result<Taken> resolve(Time since) { return take({{}, {{"web1", "Down f00", since, now}}, 0}); }
    Result<Taken> take(const Webhook& webhook) {
        now += 1min;
        Taken taken;
        const auto written = store.write([&](store::Transaction& transaction) -> Result<void> {
            auto done = take_in(transaction, webhook, now);
            if (!done) return tl::unexpected(done.error());
            taken = *done;
            return {};
        });
        if (!written) return tl::unexpected(written.error());
        return taken;
    }
    void file() { ASSERT_TRUE(filing.step(now)); }
    std::vector<Case> cases() {
        std::vector<Case> all;
        (void)store.read([&](store::View& view) -> Result<void> {
            all = view.cases({});
            return {};
        });
        return all;
    }

    Time now = std::chrono::sys_days{std::chrono::November / 22 / 2026} + 7h;
    Time began = now - 1h;
    fakes::MemoryStore store;
    decide::DeskOptions options;
    decide::Filing filing{store, options};
};

TEST_F(Intake, ARepeatedNotificationBringsNothing) {
    EXPECT_EQ(fire(began).accepted, 1U);
    EXPECT_EQ(fire(began).duplicates, 1U);
    file();
    EXPECT_EQ(fire(began).duplicates, 1U);
    EXPECT_EQ(cases().size(), 1U);
}

TEST_F(Intake, TheEndClosesACaseThatNobodyAnswered) {
    fire(began);
    file();
    ASSERT_EQ(resolve(began)->ended, 1U);
    const auto all = cases();
    ASSERT_EQ(all.size(), 1U);
    EXPECT_EQ(all[0].state, CaseState::closed);
    EXPECT_TRUE(all[0].facts.contains("over"));
    ASSERT_TRUE(all[0].decision);
    EXPECT_EQ(all[0].decision->by.name, "alertmanager");
    EXPECT_EQ(resolve(began)->ended, 0U);  // told once
}

TEST_F(Intake, WhatComesBackIsAskedAgainOnce) {
    fire(began);
    file();
    (void)resolve(began);
    EXPECT_EQ(fire(began).accepted, 1U);  // Alertmanager kept the start
    EXPECT_EQ(fire(began).duplicates, 1U);
    file();
    EXPECT_EQ(cases().size(), 2U);
    EXPECT_EQ(cases()[0].state, CaseState::open);
    EXPECT_EQ(resolve(began)->ended, 1U);
    EXPECT_EQ(fire(began + 10min).accepted, 1U);
    file();
    EXPECT_EQ(cases().size(), 3U);
}

TEST_F(Intake, AnEndOfAnEarlierTimeIsLeftAlone) {
    fire(began);
    file();
    EXPECT_EQ(resolve(began - 1h)->ended, 0U);
    EXPECT_EQ(cases()[0].state, CaseState::open);
}

TEST_F(Intake, AnEndBeforeTheCaseIsToBeSentAgain) {
    fire(began);
    const auto early = resolve(began);
    ASSERT_FALSE(early);
    EXPECT_EQ(early.error().code, ErrorCode::unavailable);
    file();
    EXPECT_EQ(resolve(began)->ended, 1U);
}

TEST_F(Intake, TheEndOfWhatNobodyKnowsIsNothing) {
    EXPECT_EQ(resolve(began)->ended, 0U);
    EXPECT_TRUE(cases().empty());
}

}  // namespace
}  // namespace garita::alertmanager
