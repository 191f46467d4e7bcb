// What the planner is made of.
#include <cmath>
#include <set>

#include <gtest/gtest.h>

#include "scan/cell.hpp"
#include "scan/loss.hpp"
#include "scan/network_pace.hpp"
#include "scan/permutation.hpp"
#include "scan/port_index.hpp"
#include "scan/round_trip.hpp"
#include "scan/sweep.hpp"
#include "scan/target_pace.hpp"
#include "scan/token_bucket.hpp"

namespace garita::scan {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

const Time start = Time{} + std::chrono::hours{1};

TEST(Permutation, HitsEachNumberOnceAndBackAgain) {
    for (const std::uint32_t size : {1U, 2U, 3U, 10U, 255U, 256U, 257U, 1000U, 65535U, 65536U}) {
        const Permutation order(size, 42);
        std::vector<bool> hit(size, false);
        for (std::uint32_t place = 0; place < size; ++place) {
            const std::uint32_t number = order.at(place);
            ASSERT_LT(number, size);
            ASSERT_FALSE(hit[number]) << size;
            hit[number] = true;
            ASSERT_EQ(order.place_of(number), place);
        }
    }
}

TEST(Permutation, DependsOnItsKeyAndHasNoPattern) {
    const Permutation one(65536, 1);
    const Permutation two(65536, 2);
    unsigned same = 0;
    unsigned neighbours = 0;
    for (std::uint32_t place = 0; place + 1 < 65536; ++place) {
        if (one.at(place) == two.at(place)) ++same;
        if (one.at(place) + 1 == one.at(place + 1)) ++neighbours;
    }
    EXPECT_LT(same, 20U);
    EXPECT_LT(neighbours, 20U);
}

TEST(PortIndex, NumbersPortsBothWays) {
    const PortIndex index(PortSet::parse("0,22,80-90,65530-65535").value());
    EXPECT_EQ(index.size(), 19U);
    for (std::uint32_t number = 0; number < index.size(); ++number)
        EXPECT_EQ(index.number_of(index.at(number)), number);
    EXPECT_EQ(index.at(2), 80);
    EXPECT_EQ(index.number_of(79), std::nullopt);
    EXPECT_EQ(index.number_of(91), std::nullopt);
    EXPECT_EQ(PortIndex(PortSet{}).number_of(5), std::nullopt);
}

TEST(RoundTrip, IsSmoothedAsRfc6298Says) {
    RoundTrip trip;
    EXPECT_EQ(trip.patience(), std::nullopt);
    trip.measured(milliseconds{100});
    EXPECT_EQ(trip.smoothed(), milliseconds{100});
    EXPECT_EQ(trip.patience(), milliseconds{300});  // 100 + 4 * 50
    trip.measured(milliseconds{180});
    EXPECT_EQ(trip.smoothed(), milliseconds{110});  // 7/8 * 100 + 1/8 * 180
    EXPECT_EQ(trip.patience(), milliseconds{340});  // 110 + 4 * (3/4 * 50 + 1/4 * 80)
}

TEST(TokenBucket, KeepsItsRate) {
    TokenBucket bucket(1000, 10, start);
    std::size_t taken = 0;
    for (Time now = start; now < start + seconds{1}; now += Duration{137}) {
        const auto count = bucket.available(100, now);
        ASSERT_LE(count, 10U);
        bucket.take(count);
        taken += count;
    }
    EXPECT_GE(taken, 1000U);
    EXPECT_LE(taken, 1010U);
}

TEST(TokenBucket, TellsWhen) {
    TokenBucket bucket(100, 5, start);
    bucket.take(5);
    EXPECT_EQ(bucket.available(1, start), 0U);
    EXPECT_EQ(bucket.when(1), start + milliseconds{10});
    EXPECT_EQ(bucket.available(1, bucket.when(1)), 1U);
    EXPECT_EQ(TokenBucket(0, 5, start).available(77, start), 77U);
}

TEST(Cell, HoldsEverythingInAByte) {
    Cell cell;
    EXPECT_TRUE(cell.waiting());
    for (unsigned i = 1; i <= 15; ++i) {
        cell.send();
        EXPECT_EQ(cell.tries(), i);
        EXPECT_EQ(cell.mark(), Mark::in_flight);
    }
    cell.withdraw();
    EXPECT_EQ(cell.tries(), 14U);
    EXPECT_TRUE(cell.withdrawn());
    EXPECT_TRUE(cell.waiting());
    cell.set(Mark::filtered);
    EXPECT_EQ(cell.state(), PortState::filtered);
    EXPECT_EQ(cell.tries(), 14U);
    cell.start_over();
    EXPECT_TRUE(cell.waiting());
    EXPECT_EQ(cell.tries(), 0U);
}

TEST(Sweep, TellsWhatIsDue) {
    Sweep sweep;
    const Duration grain = milliseconds{1};
    EXPECT_EQ(sweep.sent(0, start, grain), Sweep::Stretch::begun);
    EXPECT_EQ(sweep.sent(1, start + Duration{500}, grain), Sweep::Stretch::continued);
    EXPECT_EQ(sweep.sent(5, start + milliseconds{2}, grain), Sweep::Stretch::begun);
    EXPECT_EQ(sweep.oldest(), start + Duration{500});
    EXPECT_EQ(sweep.sent_at(1), start);
    EXPECT_EQ(sweep.sent_at(5), start + milliseconds{2});
    EXPECT_EQ(sweep.sent_at(6), std::nullopt);
    EXPECT_EQ(sweep.due_to(start), 0U);
    EXPECT_EQ(sweep.due_to(start + milliseconds{1}), 5U);
    EXPECT_EQ(sweep.due_to(start + milliseconds{2}), 6U);
    EXPECT_EQ(sweep.oldest(), std::nullopt);
}

TEST(Loss, IsLearntFromWhatAnsweredAgain) {
    Loss loss;
    for (int i = 0; i < 900; ++i)
        loss.answered(1);
    for (int i = 0; i < 90; ++i)
        loss.answered(2);
    for (int i = 0; i < 9; ++i)
        loss.answered(3);
    EXPECT_NEAR(loss.at_least(3), 0.1, 0.001);
    EXPECT_NEAR(loss.share(3, 0.01), 0.1, 0.005);
    EXPECT_EQ(loss.at_least(1), 0);
}

TEST(Loss, AsksAsOftenAsItTakes) {
    EXPECT_EQ(sweeps_needed(0, 0.01, 0.01), 2U);
    EXPECT_EQ(sweeps_needed(4, 0.01, 0.01), 2U);
    EXPECT_EQ(sweeps_needed(65535, 0.1, 0.01), 7U);
    EXPECT_EQ(sweeps_needed(65535, 0.02, 0.01), 5U);
    for (const double share : {0.01, 0.1, 0.3}) {
        const unsigned sweeps = sweeps_needed(1000, share, 0.01);
        EXPECT_LT(expected_misses(1000, share, sweeps), 0.01);
        EXPECT_GE(expected_misses(1000, share, sweeps - 1), 0.01);
    }
    EXPECT_EQ(sweeps_needed(1000, 1.0, 0.01), Loss::most_attempts);
}

TEST(NetworkPace, DoublesWhileAnswersComeUpToTheUsersLimit) {
    NetworkPace pace(1000, 4000, start);
    for (Time now = start; now < start + seconds{1}; now += milliseconds{1}) {
        pace.evaluate(now, milliseconds{1});
        const auto count = pace.available(1000, now);
        pace.sent(count);
        for (std::size_t i = 0; i < count; ++i)
            pace.answered(1);
    }
    EXPECT_EQ(pace.rate(), 4000);
}

TEST(NetworkPace, StaysWhereNobodyAnswers) {
    NetworkPace pace(1000, 0, start);
    for (Time now = start; now < start + seconds{1}; now += milliseconds{1}) {
        pace.evaluate(now, milliseconds{1});
        pace.sent(pace.available(1000, now));
    }
    EXPECT_EQ(pace.rate(), 1000);
    EXPECT_NEAR(pace.sent_per_second(), 1000, 150);
}

TEST(NetworkPace, HalvesWhenTheReceiveQueueDropsAndGrowsAgain) {
    NetworkPace pace(1000, 1000, start);
    pace.receive_drops(3);
    pace.evaluate(start + milliseconds{5}, milliseconds{1});
    EXPECT_EQ(pace.cuts(), 1U);
    EXPECT_LE(pace.rate(), 500);
    for (Time now = start + milliseconds{6}; now < start + seconds{2}; now += milliseconds{1}) {
        pace.evaluate(now, milliseconds{1});
        const auto count = pace.available(1000, now);
        pace.sent(count);
        for (std::size_t i = 0; i < count; ++i)
            pace.answered(1);
    }
    EXPECT_EQ(pace.rate(), 1000);
}

TEST(TargetPace, MeasuresWhatATargetAnswersAndStaysBelow) {
    TargetPace pace(0, start);
    Loss loss;
    Time now = start;
    auto advice = TargetPace::Advice::go_on;
    // 500 answers a second, whatever is asked; every second one to a later attempt
    for (int i = 0; i < 1000 && advice == TargetPace::Advice::go_on; ++i) {
        now += milliseconds{2};
        loss.answered(i % 2 == 0 ? 1 : 2);
        pace.answered();
        advice = pace.judge(loss, now);
    }
    EXPECT_EQ(advice, TargetPace::Advice::start_over);
    EXPECT_TRUE(pace.limiting());
    EXPECT_NEAR(pace.rate(), 450, 25);
}

}  // namespace
}  // namespace garita::scan
