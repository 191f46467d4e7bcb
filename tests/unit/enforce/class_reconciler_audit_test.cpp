// What others did on a device is found and mended; whatever happens it ends as wanted.

#include <random>

#include "unit/enforce/class_reconciler_world.hpp"

namespace garita::enforce {
namespace {

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
