// A network as it is: hosts that answer, that are silent, that sleep, that limit what they say.
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

std::vector<Truth> office() {
    std::vector<Truth> all;
    for (int i = 0; i < 30; ++i)
        all.push_back({.open = ports("22,80"), .silent = {}, .forbidden = {}});
    for (int i = 0; i < 170; ++i)
        all.push_back({.open = {}, .silent = ports("1-1000"), .forbidden = {}});
    for (int i = 0; i < 5; ++i)
        all.push_back({.open = ports("443"), .silent = ports("1-442,444-1000"), .forbidden = {}});
    for (int i = 0; i < 2; ++i)
        all.push_back({.open = ports("80"),
                       .silent = {},
                       .forbidden = {},
                       .loss = 0.02,
                       .delay = milliseconds{1},
                       .jitter = milliseconds{200}});
    all.push_back({.open = ports("80"), .silent = {}, .forbidden = {}, .answers_per_second = 200});
    return all;
}

class PlannerInAnOffice : public testing::TestWithParam<unsigned> {};

TEST_P(PlannerInAnOffice, IsExactAndLetsFewHinderAll) {
    const auto truths = office();
    const Job job = job_of(truths.size(), ports("1-1000"));
    Network network(truths, GetParam());
    Asking asking;
    asking.key = GetParam();
    Planner planner(job, asking, Network::start());
    const Time end = network.run(planner);
    const Report report = planner.report(Report::End::complete, end);
    for (std::size_t i = 0; i < truths.size(); ++i) {
        EXPECT_EQ(report.targets[i].open, truths[i].open) << i;
        EXPECT_EQ(report.targets[i].filtered, truths[i].silent) << i;
    }
    EXPECT_LT(report.took, seconds{25});
    EXPECT_LT(report.probes_sent, 420'000U);
}

INSTANTIATE_TEST_SUITE_P(Seeds, PlannerInAnOffice, testing::Range(1U, 6U));

}  // namespace
}  // namespace garita::scan
