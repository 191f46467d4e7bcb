// Times when nothing comes through: what was asked meanwhile is asked again, and who has fallen silent for
// good is believed in the end.
#include <algorithm>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include "scan/port_order.hpp"
#include "simulated_network.hpp"

namespace garita::scan {
namespace {

using simulation::job_of;
using simulation::Network;
using simulation::ports;
using simulation::Truth;
using std::chrono::milliseconds;
using std::chrono::seconds;

const Truth host{.open = ports("22,80,443,9000"), .silent = {}, .forbidden = {}};

/// For 200 ms.
Report scan(Network& network) {
    Job job = job_of(1, ports("1-20000"));
    job.limits.probes_per_second = 100'000;
    Asking asking;
    asking.key = 5;
    Planner planner(job, asking, Network::start());
    const Time end = network.run(planner);
    return planner.report(planner.done() ? Report::End::complete : Report::End::stopped, end);
}

TEST(PlannerLull, AsksAgainWhatWasAskedWhileNothingCameThrough) {
    for (const auto begins : {milliseconds{5}, milliseconds{40}, milliseconds{120}}) {
        Network network({host}, 1);
        network.outage_begins = Network::start() + begins;
        network.outage_ends = network.outage_begins + milliseconds{900};
        const auto report = scan(network);
        EXPECT_EQ(report.targets[0].open, host.open) << begins.count();
        EXPECT_EQ(report.targets[0].closed.size(), 20000U - 4) << begins.count();
    }
}

TEST(PlannerLull, BelievesATargetThatStaysSilent) {
    Network network({host}, 1);
    network.outage_begins = Network::start() + milliseconds{40};
    const auto report = scan(network);
    EXPECT_EQ(
        report.targets[0].closed.size() + report.targets[0].open.size() + report.targets[0].filtered.size(),
        20000U);
    EXPECT_GT(report.targets[0].filtered.size(), 10000U);
    EXPECT_LT(network.sent, 8U * 20000);
    EXPECT_LT(report.took, seconds{8});
}

TEST(PlannerLull, LosesNoTimeWhereAFirewallIsSilent) {
    Truth guarded = host;
    guarded.silent = ports("1-20000") - guarded.open;
    Network network({guarded}, 1);
    const auto report = scan(network);
    EXPECT_EQ(report.targets[0].open, host.open);
    EXPECT_EQ(network.sent, 2U * (20000 - 4) + 4);
}

TEST(PortOrder, HasEachNumberOnceWhereverItBegins) {
    for (const std::uint32_t size : {1U, 2U, 3U, 1000U, 65536U}) {
        const ShuffledPorts shuffled(size, 42);
        for (const std::uint64_t key :
             {std::uint64_t{0}, std::uint64_t{0x123456789abcdef0}, ~std::uint64_t{0}}) {
            const PortOrder order(shuffled, key);
            std::vector<std::uint32_t> found(size);
            for (std::uint32_t place = 0; place < size; ++place) {
                found[place] = order.at(place);
                if (place % 997 == 0) {
                    EXPECT_EQ(order.place_of(found[place]), place);
                }
            }
            std::sort(found.begin(), found.end());
            std::vector<std::uint32_t> all(size);
            std::iota(all.begin(), all.end(), 0U);
            EXPECT_EQ(found, all) << size;
        }
    }
}

TEST(PortOrder, DependsOnTheKeyAndHasNoPattern) {
    const ShuffledPorts one(65536, 1);
    const ShuffledPorts two(65536, 2);
    std::size_t same = 0;
    std::size_t neighbours = 0;
    for (std::uint32_t i = 0; i < 65535; ++i) {
        same += one.numbers()[i] == two.numbers()[i] ? 1U : 0U;
        neighbours += one.numbers()[i] + 1U == one.numbers()[i + 1U] ? 1U : 0U;
    }
    EXPECT_LT(same, 10U);
    EXPECT_LT(neighbours, 10U);
    EXPECT_NE(PortOrder(one, 1ULL << 40).at(0), PortOrder(one, 1ULL << 60).at(0));
}

}  // namespace
}  // namespace garita::scan
