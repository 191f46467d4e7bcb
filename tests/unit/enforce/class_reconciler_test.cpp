#include "enforce/class_reconciler.hpp"

#include <map>
#include <memory>
#include <random>

#include <gtest/gtest.h>

#include "fakes/memory_class_backend.hpp"
#include "fakes/memory_class_book.hpp"
#include "support/packed.hpp"

namespace garita::enforce {
namespace {

using namespace std::chrono_literals;
using store::Lane;
using testing_support::mark_of;
using testing_support::numbered_key;
using Entries = std::map<RuleKey, RuleValue>;

const Error gone{ErrorCode::unavailable, "the device is away", Retry::later};

class ClassReconcilerTest : public ::testing::Test {
  protected:
    void SetUp() override { start(); }

    /// As after a start of the program; the device and the store are as they were.
    void start() {
        reconciler_ = std::make_unique<ClassReconciler>(
            ClassReconciler::World{book_, [this] { return now_ += reading_takes_; },
                                   [this](const std::string& rules, const Error& error) {
                                       troubles_.push_back(rules + ": " + error.text);
                                   }},
            "border1", std::vector<KeptClass>{access_, marks_}, options_);
    }

    /// Steps until there is nothing to do now, at most so many.
    bool settle(int steps = 300) {
        for (int i = 0; i < steps; ++i) {
            const auto next = reconciler_->step(now_);
            if (!next) return false;
            if (*next > Duration::zero()) return true;
        }
        return false;
    }
    void pass(Duration span) { now_ += span; }

    static RuleKey key(std::uint32_t number) { return numbered_key(number); }
    static RuleValue value(std::uint32_t number) { return mark_of(number); }
    void want(std::uint32_t number, std::optional<std::uint32_t> mark, Lane lane = Lane::quick) {
        book_.want("inet_access", key(number), mark ? std::optional(value(*mark)) : std::nullopt, lane);
    }
    ClassStatus status(std::size_t of = 0) { return reconciler_->status().at(of); }

    void expect_in_step() {
        EXPECT_TRUE(device_.entries() == book_.wanted_now("inet_access"));
        EXPECT_TRUE(book_.current("inet_access") == book_.wanted_now("inet_access"));
    }

    Time now_ = from_micros(1'790'000'000'000'000);
    Duration reading_takes_{0};  ///< whenever the clock is looked at
    fakes::MemoryClassBackend device_;
    fakes::MemoryClassBackend other_;
    fakes::MemoryClassBook book_;
    KeptClass access_{"inet_access", &device_};
    KeptClass marks_{"ip_mark", &other_};
    ClassReconcilerOptions options_;
    std::vector<std::string> troubles_;
    std::unique_ptr<ClassReconciler> reconciler_;
};

TEST_F(ClassReconcilerTest, BringsAboutWhatIsWantedAndRecordsIt) {
    want(1, 10);
    want(2, 20, Lane::bulk);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.rebuilds, 1) << "nothing was in force: all at once";
    expect_in_step();
    want(1, 11);
    want(2, std::nullopt);
    want(3, 30);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_EQ(device_.rebuilds, 1);
    EXPECT_EQ(device_.changes_sent, 3);
    EXPECT_EQ(status().entries, 2U);
    EXPECT_TRUE(status().trouble.empty());
}

TEST_F(ClassReconcilerTest, WhatIsAsItShouldBeIsNotSentAgain) {
    want(1, 10);
    ASSERT_TRUE(settle());
    want(1, 11);
    want(1, 10);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.changes_sent, 0);
    expect_in_step();
}

TEST_F(ClassReconcilerTest, TheAbsentValueIsNoEntry) {
    access_.absent = value(0);
    start();
    want(1, 0);
    want(2, 1);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.entries(), (Entries{{key(2), value(1)}}));
    want(2, 0);
    want(3, 0);
    ASSERT_TRUE(settle());
    EXPECT_TRUE(device_.entries().empty());
    EXPECT_EQ(device_.changes_sent, 1);
    EXPECT_TRUE(book_.current("inet_access") == book_.wanted_now("inet_access"));
}

TEST_F(ClassReconcilerTest, SingleChangesGoBeforeEachBatchOfABulk) {
    device_.batch = 10;
    ASSERT_TRUE(settle());
    for (std::uint32_t i = 0; i < 100; ++i)
        want(1000 + i, 1, Lane::bulk);
    ASSERT_TRUE(reconciler_->step(now_));
    EXPECT_EQ(device_.entries().size(), 10U);
    want(1, 7);
    ASSERT_TRUE(reconciler_->step(now_));
    EXPECT_TRUE(device_.entries().contains(key(1)));
    EXPECT_EQ(device_.entries().size(), 21U);
    ASSERT_TRUE(settle());
    expect_in_step();
}

TEST_F(ClassReconcilerTest, WhatComesAfterOthersGoesBeforeThem) {
    for (const Lane lane : {Lane::quick, Lane::bulk}) {
        marks_.after = {"inet_access"};
        other_.batch = 3;  // several batches
        start();
        for (std::uint32_t i = 0; i < 10; ++i) {
            want(i, 1, lane);
            book_.want("ip_mark", key(i), value(i), lane);
        }
        ASSERT_TRUE(settle());
        ASSERT_EQ(other_.entries().size(), 10U);
        std::size_t left_when_removed = 100;
        device_.before_change = [&]() -> std::optional<Error> {
            left_when_removed = std::min(left_when_removed, other_.entries().size());
            EXPECT_EQ(other_.entries().size(), 0U);
            return std::nullopt;
        };
        for (std::uint32_t i = 0; i < 10; ++i) {
            want(i, std::nullopt, lane);
            book_.want("ip_mark", key(i), std::nullopt, lane);
        }
        ASSERT_TRUE(settle());
        EXPECT_EQ(left_when_removed, 0U);
        EXPECT_TRUE(device_.entries().empty());
        expect_in_step();
        EXPECT_TRUE(book_.current("ip_mark").empty());
        device_.before_change = nullptr;
    }
}

TEST_F(ClassReconcilerTest, AnAuditThatWasAskedForIsMadeOnce) {
    want(1, 10);
    device_.part_count = 4;
    ASSERT_TRUE(settle());
    device_.readings = 0;
    auto answer = reconciler_->ask(ClassReconciler::Request::audit, "inet_access");
    const Time began = now_;
    reading_takes_ = 100ms;
    ASSERT_TRUE(reconciler_->step(began));
    reading_takes_ = Duration(0);
    ASSERT_TRUE(answer.get());
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.readings, 4);
}

TEST_F(ClassReconcilerTest, SaysSinceWhenSomethingDoesNotComeIntoForce) {
    EXPECT_EQ(status().tried, ClassStatus::Tried::no);
    device_.refused.insert(key(2));
    device_.refusal_retry = Retry::later;
    ASSERT_TRUE(settle());
    EXPECT_EQ(status().tried, ClassStatus::Tried::yes);
    EXPECT_FALSE(status().troubled_since);
    want(2, 1);
    ASSERT_TRUE(settle());
    const Time began = now_;
    pass(10min);
    want(2, 7);  // the same rule, wanted otherwise: still not as it should be
    ASSERT_TRUE(settle());
    EXPECT_EQ(status().troubled_since, began);
    EXPECT_EQ(status().why_refused, "the memory device refuses this");
    device_.away = gone;
    pass(1min);
    EXPECT_FALSE(settle());
    EXPECT_EQ(status().troubled_since, began);
    device_.away.reset();
    device_.refused.clear();
    pass(1h);
    ASSERT_TRUE(settle());
    EXPECT_FALSE(status().troubled_since);
    device_.away = gone;
    pass(1h);
    EXPECT_FALSE(settle());
    EXPECT_EQ(status().troubled_since, now_);
    expect_in_step();
}

TEST_F(ClassReconcilerTest, ARefusedOneStopsNoOther) {
    device_.refused.insert(key(2));
    ASSERT_TRUE(settle());
    want(1, 1);
    want(2, 1);
    want(3, 1);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.entries().size(), 2U);
    EXPECT_EQ(book_.current("inet_access").size(), 2U);
    EXPECT_EQ(book_.refused("inet_access")->size(), 1U);
    EXPECT_EQ(status().refused, 1U);
    pass(1h);
    const int sent = device_.changes_sent;
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.changes_sent, sent) << "what is wrong in itself is not tried again";
    device_.refused.clear();
    want(2, 2);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_EQ(status().refused, 0U);
}

TEST_F(ClassReconcilerTest, ARefusalThatMayPassIsTriedAgainWithGrowingWaits) {
    device_.refused.insert(key(2));
    device_.refusal_retry = Retry::later;
    ASSERT_TRUE(settle());
    want(2, 1);
    want(3, 1);
    ASSERT_TRUE(settle());
    for (int i = 0; i < 6; ++i) {
        pass(40s);
        ASSERT_TRUE(settle());
    }
    const auto refused = book_.refused("inet_access").value();
    ASSERT_EQ(refused.size(), 1U);
    EXPECT_GT(refused.front().attempts, 2);
    EXPECT_GT(refused.front().next_try, now_);
    start();  // what was refused is known after a start
    ASSERT_TRUE(settle());
    EXPECT_EQ(status().refused, 1U);
    device_.refused.clear();
    pass(10min);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_TRUE(book_.refused("inet_access")->empty());
}

TEST_F(ClassReconcilerTest, ADeviceThatIsAwayIsLeftAloneAndCatchesUp) {
    ASSERT_TRUE(settle());
    device_.away = gone;
    want(1, 1);
    EXPECT_FALSE(reconciler_->step(now_));
    EXPECT_EQ(status().trouble, gone.text);
    const auto wait = reconciler_->step(now_);
    ASSERT_TRUE(wait);
    EXPECT_GT(*wait, 400ms);
    int tries = 0;
    for (int second = 0; second < 600; ++second) {
        pass(1s);
        if (!reconciler_->step(now_)) ++tries;
    }
    EXPECT_GT(tries, 5);
    EXPECT_LT(tries, 25);
    device_.away.reset();
    pass(10min);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_TRUE(status().trouble.empty());
}

TEST_F(ClassReconcilerTest, AClassInTroubleHoldsUpNoOther) {
    ASSERT_TRUE(settle());
    other_.away = Error{ErrorCode::forbidden, "no permission", Retry::no};
    book_.want("ip_mark", key(1), value(1));
    want(1, 1);
    ASSERT_TRUE(reconciler_->step(now_));
    expect_in_step();
    EXPECT_EQ(status(1).trouble, "no permission");
    ASSERT_EQ(troubles_.size(), 1U);
    want(2, 1);
    ASSERT_TRUE(reconciler_->step(now_));
    expect_in_step();
    other_.away.reset();
    pass(10min);
    ASSERT_TRUE(settle());
    EXPECT_TRUE(other_.entries() == book_.wanted_now("ip_mark"));
}

TEST_F(ClassReconcilerTest, WhatComesAfterWaitsForTheBulkOfWhatItNeeds) {
    device_.batch = 10;
    access_.after = {"ip_mark"};
    other_.batch = 10;
    start();
    ASSERT_TRUE(settle());
    for (std::uint32_t i = 0; i < 25; ++i) {
        book_.want("ip_mark", key(i), value(i), Lane::bulk);
        want(i, i, Lane::bulk);
    }
    for (int i = 0; i < 10 && other_.entries().size() < 20; ++i)
        ASSERT_TRUE(reconciler_->step(now_));
    EXPECT_EQ(other_.entries().size(), 20U);
    EXPECT_TRUE(device_.entries().empty());
    ASSERT_TRUE(settle());
    expect_in_step();
}

TEST_F(ClassReconcilerTest, RepairsWhatOthersDid) {
    for (std::uint32_t i = 0; i < 50; ++i)
        want(i, i);
    device_.part_count = 4;
    ASSERT_TRUE(settle());
    device_.tamper(key(3), std::nullopt);
    device_.tamper(key(4), value(99));
    device_.tamper(key(700), value(1));
    pass(4s);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_EQ(status().differing, 3U);
    EXPECT_EQ(status().found.size(), 3U);
    EXPECT_EQ(status().repaired, 3U);
    const int readings = device_.readings;
    pass(4s);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.readings, readings) << "nobody was there: nothing is read";
    pass(2h);
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.readings, readings + 4) << "but now and then all the same";
}

TEST_F(ClassReconcilerTest, AStructureThatWasTakenAwayIsMadeAgainWhole) {
    for (std::uint32_t i = 0; i < 50; ++i)
        want(i, i);
    ASSERT_TRUE(settle());
    device_.tamper_drop_structure();
    pass(4s);
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_EQ(device_.rebuilds, 2);
}

TEST_F(ClassReconcilerTest, ForeignEntriesAreLeftThereWhereOnlyToldAbout) {
    access_.foreign = ForeignEntries::report;
    start();
    want(1, 1);
    ASSERT_TRUE(settle());
    device_.tamper(key(700), value(1));
    pass(4s);
    ASSERT_TRUE(settle());
    EXPECT_TRUE(device_.entries().contains(key(700)));
    EXPECT_EQ(status().foreign, 1U);
    start();
    ASSERT_TRUE(settle());
    EXPECT_TRUE(device_.entries().contains(key(700)));
    EXPECT_EQ(status().foreign, 1U);
    want(700, std::nullopt);  // somebody does ask for it to go
    ASSERT_TRUE(settle());
    EXPECT_FALSE(device_.entries().contains(key(700)));
    EXPECT_EQ(status().foreign, 0U);
}

TEST_F(ClassReconcilerTest, AStartFindsOutWhatIsThere) {
    for (std::uint32_t i = 0; i < 50; ++i)
        want(i, i);
    ASSERT_TRUE(settle());
    device_.tamper(key(3), std::nullopt);
    device_.tamper(key(4), value(99));
    device_.tamper(key(700), value(1));
    want(5, 500);
    book_.lose_records = 1;
    EXPECT_FALSE(settle()) << "applied, but the record was lost";
    start();
    device_.changes_sent = 0;
    ASSERT_TRUE(settle());
    expect_in_step();
    EXPECT_EQ(device_.changes_sent, 3);
}

TEST_F(ClassReconcilerTest, MuchToRepairIsReplacedAtOnce) {
    options_.most_repairs = 20;
    for (std::uint32_t i = 0; i < 50; ++i)
        want(i, i);
    ASSERT_TRUE(settle());
    for (std::uint32_t i = 0; i < 50; ++i)
        device_.tamper(key(i), std::nullopt);
    start();
    ASSERT_TRUE(settle());
    EXPECT_EQ(device_.rebuilds, 2);
    EXPECT_EQ(device_.changes_sent, 0);
    expect_in_step();
}

TEST_F(ClassReconcilerTest, AnswersWhoAsks) {
    want(1, 1);
    ASSERT_TRUE(settle());
    device_.tamper(key(1), value(2));
    auto audit = reconciler_->ask(ClassReconciler::Request::audit);
    auto rebuild = reconciler_->ask(ClassReconciler::Request::rebuild, "inet_access");
    auto nobody = reconciler_->ask(ClassReconciler::Request::rebuild, "none_such");
    ASSERT_TRUE(settle());
    const auto found = audit.get();
    ASSERT_TRUE(found);
    ASSERT_EQ(found->size(), 2U);
    ASSERT_EQ(found->front().found.size(), 1U);
    EXPECT_EQ(found->front().found.front().should, value(1));
    EXPECT_EQ(found->front().found.front().was, value(2));
    ASSERT_TRUE(rebuild.get());
    EXPECT_EQ(device_.rebuilds, 2);
    EXPECT_EQ(nobody.get().error().code, ErrorCode::not_found);
    device_.away = gone;
    auto away = reconciler_->ask(ClassReconciler::Request::audit);
    (void)reconciler_->step(now_);
    EXPECT_EQ(away.get().error().text, gone.text);
}

/// Changes of all kinds, a device that goes away in the middle of a batch, a store that loses what is
/// recorded, other people's hands, and starts at any moment: in the end the device has what is wanted.
TEST_F(ClassReconcilerTest, WhateverHappensTheDeviceEndsAsWanted) {
    for (unsigned seed = 1; seed <= 600; ++seed) {
        std::mt19937 random(seed);
        const auto pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
        fakes::MemoryClassBook book;
        fakes::MemoryClassBackend device;
        device.batch = 1 + pick(7);
        device.part_count = 1 + pick(4);
        device.refusal_retry = Retry::later;
        int until_gone = 1 << 30;
        device.before_change = [&]() -> std::optional<Error> {
            return --until_gone < 0 ? std::optional(gone) : std::nullopt;
        };
        KeptClass rules{"inet_access", &device};
        if (pick(2) == 0) rules.absent = value(0);
        ClassReconcilerOptions options;
        options.jitter_seed = seed;
        options.most_repairs = 5 + pick(30);
        const ClassReconciler::World world{book, {}, {}};
        auto reconciler = std::make_unique<ClassReconciler>(world, "d", std::vector{rules}, options);
        for (int event = 0; event < 250; ++event) {
            switch (pick(12)) {
                case 0:
                    device.tamper(key(pick(40)), pick(2) == 0 ? std::nullopt : std::optional(value(pick(4))));
                    break;
                case 1:
                    if (pick(8) == 0) device.tamper_drop_structure();
                    break;
                case 2:
                    until_gone = static_cast<int>(pick(12));
                    break;
                case 3:
                    until_gone = 1 << 30;
                    break;
                case 4:
                    book.lose_records = static_cast<int>(pick(3));
                    break;
                case 5:
                    if (pick(3) == 0)
                        reconciler =
                            std::make_unique<ClassReconciler>(world, "d", std::vector{rules}, options);
                    break;
                case 6:
                    device.refused = {key(pick(40))};
                    break;
                case 7:
                    now_ += std::chrono::seconds(pick(400));
                    break;
                default:
                    for (unsigned i = pick(9); i > 0; --i)
                        book.want("inet_access", key(pick(30)),
                                  pick(4) == 0 ? std::nullopt : std::optional(value(pick(4))),
                                  pick(2) == 0 ? Lane::quick : Lane::bulk);
            }
            (void)reconciler->step(now_);
        }
        until_gone = 1 << 30;
        book.lose_records = 0;
        device.refused.clear();
        for (int i = 0; i < 400; ++i) {
            now_ += 31s;
            (void)reconciler->step(now_);
        }
        Entries should = book.wanted_now("inet_access");
        if (rules.absent) std::erase_if(should, [&](const auto& one) { return one.second == *rules.absent; });
        ASSERT_TRUE(device.entries() == should) << "seed " << seed;
        ASSERT_TRUE(book.current("inet_access") == book.wanted_now("inet_access")) << "seed " << seed;
        ASSERT_TRUE(book.refused("inet_access")->empty()) << "seed " << seed;
    }
}

}  // namespace
}  // namespace garita::enforce
