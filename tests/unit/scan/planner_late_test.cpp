// Ports that are silent for a moment, because somebody's queue is full: asked again late, where it costs
// little.
#include <gtest/gtest.h>

#include "scan/late_choice.hpp"
#include "scan/late_rounds.hpp"
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
    asking.key = 11;
    Planner planner(job, asking, Network::start());
    const Time end = network.run(planner);
    EXPECT_EQ(planner.in_flight(), 0U);
    return planner.report(planner.done() ? Report::End::complete : Report::End::stopped, end);
}

/// As connect() is asked: sockets for each question, and told when nobody waits any more.
Asking by_sockets() {
    Asking asking;
    asking.first_rate = 5000;
    asking.first_patience = milliseconds{900};
    asking.most_in_flight = 100;
    asking.expiry = Asking::Expiry::tell;
    return asking;
}

Truth with_open(std::string_view open) {
    return Truth{.open = ports(open), .silent = {}, .forbidden = {}};
}

class PlannerAndAFullListener : public testing::TestWithParam<std::tuple<double, double>> {};

TEST_P(PlannerAndAFullListener, FindsItAtEachAddress) {
    const auto [room, takes] = GetParam();
    const Job job = job_of(256, ports("8000"));
    for (const auto& asking : {Asking{}, by_sockets()}) {
        Network network(std::vector<Truth>(256, with_open("8000")), 1);
        network.listener_room = room;
        network.listener_takes_a_second = takes;
        const Report report = scan(job, network, asking);
        for (const auto& target : report.targets) {
            EXPECT_EQ(target.open, ports("8000")) << target.address.text();
            EXPECT_TRUE(target.round_trip) << target.address.text();
        }
        EXPECT_LT(report.took, seconds{30});
        EXPECT_LT(network.sent, 256U * 16);
    }
}

INSTANTIATE_TEST_SUITE_P(Listeners, PlannerAndAFullListener,
                         testing::Combine(testing::Values(2, 5, 128), testing::Values(50, 500, 5000)));

TEST(PlannerLate, AsksTheFewSilentPortsOfAHostThatAnswersAgain) {
    const Job job = job_of(1, ports("1-100"));
    auto host = with_open("22,80");
    host.late = ports("80");
    host.late_for = milliseconds{900};
    host.silent = ports("7,9");
    Network network({host}, 1);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].open, ports("22,80"));
    EXPECT_EQ(report.targets[0].filtered, ports("7,9"));
    EXPECT_LT(report.took, seconds{5});
}

TEST(PlannerLate, NeedsNoMoreThanOneAnswer) {
    const Job job = job_of(1, ports("22,80"));
    auto host = with_open("22,80");
    host.late = ports("80");
    host.late_for = milliseconds{1500};
    Network network({host}, 1);
    EXPECT_EQ(scan(job, network).targets[0].open, ports("22,80"));
}

TEST(PlannerLate, GoesOnWhileAnswersAppear) {
    const Job job = job_of(2, ports("22,80"));
    std::vector<Truth> hosts(2, with_open("22,80"));
    hosts[0].late = hosts[1].late = ports("80");
    hosts[0].late_for = milliseconds{1500};
    hosts[1].late_for = milliseconds{3000};
    Network network(hosts, 1);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[0].open, ports("22,80"));
    EXPECT_EQ(report.targets[1].open, ports("22,80"));
}

TEST(PlannerLate, AsksSilentHostsAtAPortThatIsOpenElsewhere) {
    const Job job = job_of(20, ports("443"));
    std::vector<Truth> hosts(20, with_open("443"));
    hosts[3].late = ports("443");
    hosts[3].late_for = milliseconds{1300};
    hosts[4].silent = ports("443");
    Network network(hosts, 1);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[3].open, ports("443"));
    EXPECT_EQ(report.targets[4].filtered, ports("443"));
    EXPECT_LE(network.asked(4), 5U);
}

TEST(PlannerLate, CostsNothingWhereAFirewallIsSilent) {
    const Job one = job_of(1, ports("1-65535"));
    auto host = with_open("22,80,443,8080");
    host.silent = ports("1-65535") - host.open;
    Network network({host}, 1);
    Report report = scan(one, network);
    EXPECT_EQ(report.targets[0].open, host.open);
    EXPECT_EQ(network.sent, 2U * 65531 + 4);

    const Job many = job_of(256, ports("1-1000"));
    host.open = ports("22,80,443");
    Network wide(std::vector<Truth>(256, host), 1);
    report = scan(many, wide);
    EXPECT_EQ(report.targets[77].open, host.open);
    EXPECT_LT(wide.sent, 256U * 2050);
    EXPECT_LT(report.took, milliseconds{5600});  // at the careful rate, and no second longer
}

TEST(PlannerLate, BelievesSilentHostsWhereFewAreOpen) {
    const Job job = job_of(250, ports("443"));
    std::vector<Truth> hosts(250, Truth{.open = {}, .silent = ports("443"), .forbidden = {}});
    hosts[9] = with_open("443");
    Network network(hosts, 1);
    const Report report = scan(job, network);
    EXPECT_EQ(report.targets[9].open, ports("443"));
    EXPECT_EQ(network.sent, 3U * 249 + 1);  // thrice because it is many
}

TEST(PlannerLate, KeepsToTheTriesOfTheUserAndToTheTimeOfAHost) {
    auto host = with_open("22");
    host.silent = ports("80");
    Job job = job_of(1, ports("22,80"));
    job.limits.tries = 3;
    Network thrice({host}, 1);
    (void)scan(job, thrice);
    EXPECT_EQ(thrice.asked(0), 4U);

    job.limits.tries = 0;
    job.limits.host_timeout = milliseconds{1500};
    Network soon({host}, 1);
    (void)scan(job, soon);
    EXPECT_EQ(soon.asked(0), 3U);
}

TEST(PlannerLate, KeepsTheRateOfEachHost) {
    auto host = with_open("1-90");
    host.silent = ports("91-100");
    Job job = job_of(1, ports("1-100"));
    job.limits.probes_per_second_of_host = 20;
    Network network({host}, 1);
    const Report report = scan(job, network);
    EXPECT_EQ(network.asked(0), 120U);
    EXPECT_GT(report.took, seconds{6});  // 110 at that pace, a second, and ten at that pace
}

TEST(PlannerLate, TellsWhatHasExpiredAndStopsForWhoIsGivenUp) {
    auto host = with_open("22");
    host.silent = ports("80-84");
    const Job job = job_of(1, ports("22,80-84"));
    Planner planner(job, by_sockets(), Network::start());
    Network network({host}, 1);
    std::size_t expired = 0;
    network.each_turn = [&](Planner& asked, Time now) {
        expired += asked.take_expired().size();
        if (now > Network::start() + milliseconds{1100} && asked.in_flight() > 0) asked.give_up(0, "gone");
    };
    const Time end = network.run(planner);
    expired += planner.take_expired().size();
    EXPECT_EQ(expired, network.sent - 1);
    const Report report = planner.report(Report::End::complete, end);
    EXPECT_EQ(report.targets[0].filtered, ports("80-84"));  // as was judged before
    EXPECT_LT(report.took, seconds{3});
}

TEST(LateRounds, BringWhatWasPutBackAgain) {
    LateRounds rounds;
    const Time start = Network::start();
    rounds.begin({{.target = 1, .port = 80, .attempts = 2}, {.target = 2, .port = 81, .attempts = 15}},
                 milliseconds{300}, start);
    EXPECT_TRUE(rounds.active());
    EXPECT_FALSE(rounds.next(start));
    Time now = rounds.wake();
    EXPECT_EQ(now, start + seconds{1});
    EXPECT_EQ(rounds.next(now), (Probe{1, 80, 3}));
    rounds.put_back({1, 80, 3}, now);
    EXPECT_EQ(rounds.under_way(), 0U);
    now += milliseconds{20};
    EXPECT_EQ(rounds.next(now), (Probe{2, 81, 15}));
    EXPECT_EQ(rounds.next(now), (Probe{1, 80, 3}));
    EXPECT_EQ(rounds.under_way(), 2U);
    EXPECT_EQ(rounds.answered(1, 80), now);
    EXPECT_EQ(rounds.answered(1, 80), std::nullopt);
    EXPECT_EQ(rounds.answered(3, 80), std::nullopt);
    rounds.tick(now + milliseconds{300});
    EXPECT_EQ(rounds.take_expired(), std::vector<Probe>({{2, 81, 15}}));
    EXPECT_TRUE(rounds.active());  // it has brought something: once more
    now = rounds.wake();
    EXPECT_EQ(rounds.next(now), (Probe{2, 81, 15}));
    rounds.tick(now + milliseconds{300});
    EXPECT_FALSE(rounds.active());
    EXPECT_EQ(rounds.wake(), Time::max());
}

}  // namespace
}  // namespace garita::scan
