// Who is said to lose: a host, or the network that many share.
#include <gtest/gtest.h>

#include "simulated_network.hpp"

namespace garita::scan {
namespace {

using simulation::job_of;
using simulation::Network;
using simulation::ports;
using simulation::Truth;
using std::chrono::milliseconds;

Report scan(const Job& job, Network& network) {
    Asking asking;
    asking.key = 7;
    Planner planner(job, asking, Network::start());
    const Time end = network.run(planner);
    return planner.report(Report::End::complete, end);
}

class PlannerAndABottleneck : public testing::TestWithParam<std::tuple<unsigned, unsigned>> {};

TEST_P(PlannerAndABottleneck, DoesNotBlameTheHostsBehindIt) {
    const auto [hosts, seed] = GetParam();
    const Job job = job_of(hosts, ports("1-1000"));
    Network network(
        std::vector<Truth>(
            hosts, Truth{.open = ports("80"), .silent = {}, .forbidden = {}, .delay = milliseconds{2}}),
        seed);
    network.bottleneck = 5'000;
    const Report report = scan(job, network);
    for (const auto& target : report.targets) {
        EXPECT_EQ(target.open, ports("80"));
        EXPECT_EQ(target.closed.size(), 999U);
    }
    for (const auto& warning : report.warnings)
        EXPECT_EQ(warning.find("limits its answers"), std::string::npos) << warning;
    EXPECT_LE(report.warnings.size(), 1U);
}

INSTANTIATE_TEST_SUITE_P(Sizes, PlannerAndABottleneck,
                         testing::Combine(testing::Values(5, 20, 100), testing::Range(1U, 5U)));

TEST(Planner, BlamesTheOneHostThatLimitsItsAnswersAmongMany) {
    const Job job = job_of(20, ports("1-1000"));
    std::vector<Truth> truths(20, Truth{.open = ports("80"), .silent = {}, .forbidden = {}});
    truths[7].answers_per_second = 500;
    Network network(truths, 3);
    const Report report = scan(job, network);
    EXPECT_EQ(report.warnings,
              std::vector<std::string>{"10.0.0.8 limits its answers and was asked more slowly"});
    EXPECT_EQ(report.targets[7].closed.size(), 999U);
}

}  // namespace
}  // namespace garita::scan
