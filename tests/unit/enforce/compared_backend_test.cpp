#include "enforce/compared_backend.hpp"

#include <gtest/gtest.h>

#include "fakes/memory_class_backend.hpp"
#include "support/packed.hpp"

namespace garita::enforce {
namespace {

using namespace std::chrono_literals;
using testing_support::mark_of;
using testing_support::numbered_key;

/// One that only counts its entries, and takes its time to list them.
class CountingBackend final : public ClassBackend {
  public:
    CountingBackend(fakes::MemoryClassBackend& device, Time& now, const Duration& listing)
        : device_(device), now_(now), listing_(listing) {}
    Result<void> prepare() override { return device_.prepare(); }
    Result<std::vector<ChangeFailure>> apply(std::span<const ClassChange> changes) override {
        return device_.apply(changes);
    }
    Result<void> read_back(const EntrySink& entry) override {
        now_ += listing_;
        return device_.read_back(entry);
    }
    Result<std::vector<ChangeFailure>> rebuild(const EntrySource& all, std::size_t count) override {
        return device_.rebuild(all, count);
    }
    Result<Drift> check(std::size_t count) override {
        return device_.entries().size() == count ? Drift::none : Drift::possible;
    }
    Result<void> remove_all() override { return device_.remove_all(); }

  private:
    fakes::MemoryClassBackend& device_;
    Time& now_;
    const Duration& listing_;
};

class ComparedBackendTest : public ::testing::Test {
  protected:
    void SetUp() override {
        ASSERT_TRUE(backend_.prepare());
        ASSERT_TRUE(backend_.read_back([](const RuleKey&, const RuleValue&) {}));
        const std::vector<ClassChange> changes{{numbered_key(1), std::nullopt, mark_of(1)},
                                               {numbered_key(2), std::nullopt, mark_of(2)}};
        ASSERT_TRUE(backend_.apply(changes));
    }
    /// One entry less and one more.
    void exchange() {
        device_.tamper(numbered_key(1), std::nullopt);
        device_.tamper(numbered_key(7), mark_of(1));
    }
    Drift check() { return backend_.check(2).value(); }

    Time now_ = from_micros(1'800'000'000'000'000);
    Duration listing_ = 10ms;
    fakes::MemoryClassBackend device_;
    ComparedBackend backend_{std::make_unique<CountingBackend>(device_, now_, listing_),
                             [this] { return now_; }};
};

TEST_F(ComparedBackendTest, AnExchangeIsSeenOnceThereIsTimeForIt) {
    const int before = device_.readings;
    exchange();
    EXPECT_EQ(check(), Drift::none) << "it was read only now";
    EXPECT_EQ(device_.readings, before);
    now_ += 1s;
    EXPECT_EQ(check(), Drift::possible);
    EXPECT_EQ(device_.readings, before + 1);
}

TEST_F(ComparedBackendTest, ItsOwnChangesAreNone) {
    now_ += 1s;
    EXPECT_EQ(check(), Drift::none);
    const std::vector<ClassChange> changes{{numbered_key(1), mark_of(1), mark_of(9)},
                                           {numbered_key(2), mark_of(2), std::nullopt},
                                           {numbered_key(3), std::nullopt, mark_of(3)}};
    ASSERT_TRUE(backend_.apply(changes));
    now_ += 2s;
    EXPECT_EQ(check(), Drift::none);
    ASSERT_TRUE(backend_.rebuild(
        [](const EntrySink& sink) {
            sink(numbered_key(4), mark_of(4));
            sink(numbered_key(5), mark_of(5));
        },
        2));
    now_ += 2s;
    EXPECT_EQ(check(), Drift::none);
    device_.tamper(numbered_key(5), mark_of(6));
    now_ += 2s;
    EXPECT_EQ(check(), Drift::possible);
}

TEST_F(ComparedBackendTest, ARefusedChangeIsNotBelieved) {
    device_.refused.insert(numbered_key(3));
    const std::vector<ClassChange> changes{{numbered_key(3), std::nullopt, mark_of(3)},
                                           {numbered_key(2), mark_of(2), mark_of(4)}};
    const auto failed = backend_.apply(changes);
    ASSERT_TRUE(failed);
    ASSERT_EQ(failed->size(), 1U);
    now_ += 2s;
    EXPECT_EQ(check(), Drift::none);
}

TEST_F(ComparedBackendTest, AWrongBeliefCostsOneReading) {
    const std::vector<ClassChange> changes{{numbered_key(1), std::nullopt, mark_of(1)}};  // it is there
    ASSERT_TRUE(backend_.apply(changes));
    now_ += 2s;
    EXPECT_EQ(check(), Drift::possible);
    ASSERT_TRUE(backend_.read_back([](const RuleKey&, const RuleValue&) {}));
    now_ += 2s;
    EXPECT_EQ(check(), Drift::none);
}

TEST_F(ComparedBackendTest, WhatTakesLongIsNotReadForIt) {
    listing_ = 300ms;
    ASSERT_TRUE(backend_.read_back([](const RuleKey&, const RuleValue&) {}));
    const int before = device_.readings;
    exchange();
    now_ += 10min;
    EXPECT_EQ(check(), Drift::none);
    EXPECT_EQ(device_.readings, before);
}

}  // namespace
}  // namespace garita::enforce
