#include "scan/planner.hpp"

#include <set>

#include <gtest/gtest.h>

#include "simulated_network.hpp"

namespace garita::scan {
namespace {

using simulation::job_of;
using simulation::Network;
using simulation::ports;
using simulation::Truth;
using std::chrono::milliseconds;
using std::chrono::seconds;

Report scan(const Job& job, Network& network, Asking asking = {}) {
    asking.key = 7;
    Planner planner(job, asking, Network::start());
    const Time end = network.run(planner);
    return planner.report(planner.done() ? Report::End::complete : Report::End::stopped, end);
}

TEST(Planner, AsksEachPortOfATargetThatAnswersOnce) {
    const Job job = job_of(1, ports("0-65535"));
    Network network({Truth{.open = ports("22,80,443,65535"), .silent = {}, .forbidden = {}}}, 1);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].open, ports("22,80,443,65535"));
    EXPECT_EQ(report.targets[0].closed.size(), 65532U);
    EXPECT_TRUE(report.targets[0].filtered.empty());
    EXPECT_EQ(report.probes_sent, 65536U);
    EXPECT_EQ(network.sent, 65536U);
    EXPECT_EQ(report.targets[0].round_trip, Duration{200});
    EXPECT_TRUE(report.warnings.empty());
}

TEST(Planner, AsksASilentPortTwice) {
    const Job job = job_of(1, ports("1-1000"));
    Network network({Truth{.open = ports("22"), .silent = ports("1-21,23-1000"), .forbidden = {}}}, 1);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].open, ports("22"));
    EXPECT_EQ(report.targets[0].filtered, ports("1-21,23-1000"));
    EXPECT_EQ(report.probes_sent, 1999U);
    EXPECT_LT(report.took, seconds{1});
}

TEST(Planner, TellsSilenceFromNothingAtAll) {
    const Job job = job_of(1, ports("1-100"));
    Network network({Truth{.open = {}, .silent = ports("1-100"), .forbidden = {}}}, 1);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].filtered, ports("1-100"));
    EXPECT_EQ(report.targets[0].round_trip, std::nullopt);
    EXPECT_EQ(report.probes_sent, 200U);
}

TEST(Planner, LetsTargetsTakeTurns) {
    const Job job = job_of(64, ports("1-500"));
    Network network(std::vector<Truth>(64, Truth{.open = ports("80"), .silent = {}, .forbidden = {}}), 1);
    const Report report = scan(job, network);
    for (const auto& target : report.targets)
        EXPECT_EQ(target.open, ports("80"));
    EXPECT_EQ(network.longest_burst(), 1U);
    EXPECT_EQ(report.probes_sent, 64U * 500);
}

TEST(Planner, TakesIcmpForFilteredWithoutAskingAgain) {
    const Job job = job_of(1, ports("1-100"));
    Network network({Truth{.open = ports("5"), .silent = {}, .forbidden = ports("6-100")}}, 1);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].filtered, ports("6-100"));
    EXPECT_EQ(report.targets[0].closed, ports("1-4"));
    EXPECT_EQ(report.probes_sent, 100U);
}

class PlannerUnderLoss : public testing::TestWithParam<std::tuple<double, unsigned>> {};

TEST_P(PlannerUnderLoss, IsExact) {
    const auto [loss, seed] = GetParam();
    const Job job = job_of(1, ports("1-65535"));
    const PortSet open = ports("22,80,443,1000-1009,65535");
    Network network({Truth{.open = open,
                           .silent = ports("5000-5999"),
                           .forbidden = {},
                           .loss = loss,
                           .delay = milliseconds{20}}},
                    seed);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].open, open);
    EXPECT_EQ(report.targets[0].filtered, ports("5000-5999"));
    EXPECT_EQ(report.targets[0].closed.size(), 65535 - open.size() - 1000);
    EXPECT_LT(report.took, seconds{3});
    EXPECT_TRUE(report.warnings.empty());
}

INSTANTIATE_TEST_SUITE_P(Loss, PlannerUnderLoss,
                         testing::Combine(testing::Values(0.01, 0.05, 0.1), testing::Range(1U, 9U)));

TEST(Planner, AsksSilentTargetsMoreOftenWhereNeighboursLose) {
    const Job job = job_of(20, ports("1-1000"));
    std::vector<Truth> truths(20, Truth{.open = ports("80"), .silent = {}, .forbidden = {}, .loss = 0.08});
    truths[7].silent = ports("1-79,81-1000");
    Network network(truths, 3);
    const Report report = scan(job, network);
    for (const auto& target : report.targets)
        EXPECT_EQ(target.open, ports("80"));
    EXPECT_EQ(report.targets[7].filtered, ports("1-79,81-1000"));
    EXPECT_GT(network.asked(7), 2500U);
}

class PlannerAndLimits : public testing::TestWithParam<double> {};

TEST_P(PlannerAndLimits, AsksATargetThatLimitsItsAnswersJustBelow) {
    const double limit = GetParam();
    const Job job = job_of(1, ports("1-5000"));
    Network network(
        {Truth{.open = ports("80,4000"), .silent = {}, .forbidden = {}, .answers_per_second = limit}}, 5);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].open, ports("80,4000"));
    EXPECT_EQ(report.targets[0].closed.size(), 4998U);
    EXPECT_TRUE(report.targets[0].filtered.empty());
    // not much slower than it bears
    EXPECT_LT(report.took, Duration{static_cast<Duration::rep>(5000 / limit * 1e6 * 1.35)} + seconds{2});
    ASSERT_EQ(report.warnings.size(), 1U);
    EXPECT_EQ(report.warnings[0], "10.0.0.1 limits its answers and was asked more slowly");
}

INSTANTIATE_TEST_SUITE_P(Limits, PlannerAndLimits, testing::Values(100, 300, 1000, 5000));

TEST(Planner, DoesNotTakeABadLinkForALimit) {
    const Job job = job_of(1, ports("1-5000"));
    Network network(
        {Truth{.open = ports("80"), .silent = {}, .forbidden = {}, .loss = 0.25, .delay = milliseconds{5}}},
        5);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].open, ports("80"));
    EXPECT_LE(report.targets[0].filtered.size(), 1U);
    EXPECT_LT(report.took, seconds{10});
}

TEST(Planner, SlowsDownBeforeABottleneckThatManyTargetsShare) {
    const Job job = job_of(100, ports("1-500"));
    Network network(
        std::vector<Truth>(
            100, Truth{.open = ports("80"), .silent = {}, .forbidden = {}, .delay = milliseconds{2}}),
        9);
    network.bottleneck = 20'000;
    const Report report = scan(job, network);
    for (const auto& target : report.targets) {
        EXPECT_EQ(target.open, ports("80"));
        EXPECT_EQ(target.closed.size(), 499U);
    }
    EXPECT_LT(report.took, seconds{8});
}

TEST(Planner, KeepsTheRateOfTheUser) {
    Job job = job_of(4, ports("1-500"));
    job.limits.probes_per_second = 1000;
    Network network(std::vector<Truth>(4, Truth{.open = ports("80"), .silent = {}, .forbidden = {}}), 2);
    const Report report = scan(job, network);
    EXPECT_GE(report.took, milliseconds{1990});
    EXPECT_LT(report.took, milliseconds{2200});
}

TEST(Planner, KeepsTheRateOfEachHost) {
    Job job = job_of(4, ports("1-200"));
    job.limits.probes_per_second_of_host = 100;
    Network network(std::vector<Truth>(4, Truth{.open = ports("80"), .silent = {}, .forbidden = {}}), 2);
    const Report report = scan(job, network);
    EXPECT_GE(report.took, milliseconds{1980});
    EXPECT_LT(report.took, milliseconds{2200});
}

TEST(Planner, KnowsAnAnswerToAnEarlierAttemptAndARepeatedOne) {
    const Job job = job_of(1, ports("1-2000"));
    Network network({Truth{.open = ports("80"),
                           .silent = {},
                           .forbidden = {},
                           .delay = milliseconds{30},
                           .jitter = milliseconds{150},
                           .twice = 0.5}},
                    4);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].open, ports("80"));
    EXPECT_EQ(report.targets[0].closed.size(), 1999U);
    EXPECT_TRUE(report.warnings.empty());
}

TEST(Planner, TakesAnAnswerAfterEverythingWasJudged) {
    const Job job = job_of(2, ports("80"));
    Planner planner(job, {}, Network::start());
    std::array<Probe, 8> batch{};
    Time now = Network::start();
    ASSERT_EQ(planner.next(batch, now), 2U);
    const Probe late = batch[0];
    for (int i = 0; i < 1000 && planner.state(late.target, 80) == PortState::unknown; ++i) {
        now = planner.wake();
        ASSERT_NE(now, Time::max());
        (void)planner.next(batch, now);
    }
    EXPECT_EQ(planner.state(late.target, 80), PortState::filtered);
    EXPECT_EQ(planner.answered(late, Answer::open, now), Planner::News::first);
    EXPECT_EQ(planner.answered(late, Answer::open, now), Planner::News::known);
    EXPECT_EQ(planner.state(late.target, 80), PortState::open);
}

TEST(Planner, SendsAgainWhatWasPutBack) {
    const Job job = job_of(3, ports("1-300"));
    Asking asking;
    Planner planner(job, asking, Network::start());
    std::vector<Probe> batch(50);
    Time now = Network::start();
    std::set<std::pair<std::uint32_t, Port>> seen;
    unsigned turns = 0;
    while (!planner.done() && turns++ < 100000) {
        const auto count = planner.next(batch, now);
        const auto given = std::span(batch).first(count);
        if (turns % 3 == 0 && turns < 60) {
            planner.put_back(given, now);
        } else {
            for (const auto& probe : given) {
                EXPECT_EQ(probe.attempt, 1);
                EXPECT_TRUE(seen.emplace(probe.target, probe.port).second);
                planner.answered(probe, Answer::closed, now);
            }
        }
        now += milliseconds{1};
    }
    EXPECT_TRUE(planner.done());
    EXPECT_EQ(seen.size(), 900U);
    EXPECT_EQ(planner.probes_sent(), 900U);
}

TEST(Planner, KeepsItsWindow) {
    const Job job = job_of(1, ports("1-3000"));
    Asking asking;
    asking.first_window = 10;
    asking.most_window = 200;
    Network network({Truth{.open = ports("80"), .silent = {}, .forbidden = {}, .delay = milliseconds{10}}},
                    4);
    std::size_t most = 0;
    std::size_t first = 0;
    network.each_turn = [&](Planner& planner, Time now) {
        most = std::max(most, planner.in_flight());
        if (now < Network::start() + milliseconds{20}) first = std::max(first, planner.in_flight());
    };
    const Report report = scan(job, network, asking);
    EXPECT_EQ(report.targets[0].closed.size(), 2999U);
    EXPECT_EQ(first, 10U);
    EXPECT_EQ(most, 200U);
}

TEST(Planner, NeverHasMoreUnderWayThanTheEngineCanHold) {
    const Job job = job_of(50, ports("1-100"));
    Asking asking;
    asking.most_in_flight = 64;
    Network network(
        std::vector<Truth>(50, Truth{.open = ports("80"), .silent = ports("1-50"), .forbidden = {}}), 4);
    std::size_t most = 0;
    network.each_turn = [&](Planner& planner, Time) { most = std::max(most, planner.in_flight()); };
    const Report report = scan(job, network, asking);
    EXPECT_EQ(most, 64U);
    for (const auto& target : report.targets) {
        EXPECT_EQ(target.open, ports("80"));
        EXPECT_EQ(target.filtered, ports("1-50"));
    }
}

TEST(Planner, TellsWhatHasExpired) {
    const Job job = job_of(1, ports("1-10"));
    Asking asking;
    asking.expiry = Asking::Expiry::tell;
    Network network({Truth{.open = ports("1"), .silent = ports("2-10"), .forbidden = {}}}, 4);
    std::vector<Probe> expired;
    network.each_turn = [&](Planner& planner, Time) {
        for (const auto& probe : planner.take_expired())
            expired.push_back(probe);
    };
    Planner planner(job, asking, Network::start());
    (void)network.run(planner);
    for (const auto& probe : planner.take_expired())
        expired.push_back(probe);
    EXPECT_EQ(expired.size(), 27U);  // twice, and nine few silent ports once more in the end
}

TEST(Planner, ReportsWhyNobodyKnows) {
    const Job job = job_of(3, ports("1-4"));
    Asking asking;
    asking.start = Asking::Start::held;
    Planner planner(job, asking, Network::start());
    std::array<Probe, 16> batch{};
    EXPECT_EQ(planner.next(batch, Network::start()), 0U);
    planner.give_up(0, "does not answer ARP");
    planner.release(2, milliseconds{1});
    ASSERT_EQ(planner.next(batch, Network::start()), 4U);
    planner.unclear(batch[0], "no route to host", Network::start());
    planner.answered(batch[1], Answer::open, Network::start());
    const Report report = planner.report(Report::End::stopped, Network::start() + milliseconds{5});
    ASSERT_EQ(report.targets[0].unknown.size(), 1U);
    EXPECT_EQ(report.targets[0].unknown[0].why, "does not answer ARP");
    EXPECT_EQ(report.targets[0].unknown[0].ports, ports("1-4"));
    EXPECT_EQ(report.targets[1].unknown[0].why, "not asked to the end");
    EXPECT_EQ(report.targets[2].open.size(), 1U);
    ASSERT_EQ(report.targets[2].unknown.size(), 2U);
    EXPECT_EQ(report.targets[2].unknown[0].why, "no route to host");
    EXPECT_EQ(report.targets[2].unknown[0].ports, PortSet::of(batch[0].port, batch[0].port));
    EXPECT_EQ(report.targets[2].unknown[1].ports.size(), 2U);
    EXPECT_EQ(report.end, Report::End::stopped);
}

TEST(Planner, EndsATargetWhenItsTimeIsOver) {
    Job job = job_of(1, ports("1-60000"));
    job.limits.host_timeout = milliseconds{300};
    job.limits.probes_per_second = 10'000;
    Network network({Truth{.open = ports("80"), .silent = {}, .forbidden = {}}}, 4);
    const Report report = scan(job, network);
    EXPECT_LT(report.took, milliseconds{400});
    ASSERT_EQ(report.targets[0].unknown.size(), 1U);
    EXPECT_EQ(report.targets[0].unknown[0].why, "the time for this host is over");
    EXPECT_GT(report.targets[0].closed.size(), 2000U);
}

TEST(Planner, GoesSlowerWhenTheReceiveQueueDrops) {
    const Job job = job_of(1, ports("1-60000"));
    Asking asking;
    Network network({Truth{.open = {}, .silent = {}, .forbidden = {}}}, 4);
    network.each_turn = [told = 0](Planner& planner, Time now) mutable {
        if (now > Network::start() + milliseconds{50} && told == 0) {
            planner.receive_drops(10);
            told = 1;
        }
    };
    const Report slow = scan(job, network, asking);
    Network calm({Truth{.open = {}, .silent = {}, .forbidden = {}}}, 4);
    const Report fast = scan(job, calm, asking);
    EXPECT_GT(slow.took, fast.took);
    ASSERT_EQ(slow.warnings.size(), 1U);
    EXPECT_EQ(slow.targets[0].closed.size(), 60000U);
}

TEST(Planner, CutsLargeJobsIntoSlices) {
    Job job = job_of(5, ports("1-100"));
    job.limits.tries = 3;
    const auto parts = slices(job, 250);
    ASSERT_EQ(parts.size(), 3U);
    EXPECT_EQ(parts[0].targets.size(), 2U);
    EXPECT_EQ(parts[2].targets.size(), 1U);
    EXPECT_EQ(parts[2].targets[0].address, job.targets[4].address);
    EXPECT_EQ(parts[1].limits.tries, 3U);
}

}  // namespace
}  // namespace garita::scan
