#include <map>

#include <gtest/gtest.h>

#include "scan/vantage_bounds.hpp"
#include "scan/vantage_engine.hpp"

namespace garita::scan {
namespace {

IpAddress address(const std::string& text) {
    return IpAddress::parse(text).value();
}

Job job_of(std::size_t hosts, const std::string& ports) {
    Job job;
    job.port_sets.push_back(PortSet::parse(ports).value());
    for (std::size_t i = 0; i < hosts; ++i)
        job.targets.push_back({IpAddress::from_v4({10, 20, static_cast<std::uint8_t>(i / 256),
                                                   static_cast<std::uint8_t>(i % 256)}),
                               0});
    return job;
}

/// Says of every address that port 22 is open, until it is lost at some order.
class FakeVantage final : public Vantage {
  public:
    Result<std::string> order(const VantageTask& task) override {
        jobs.push_back(std::get<Job>(task));
        return std::to_string(jobs.size() - 1);
    }
    Result<VantageNews> look(const std::string& id) override {
        const auto number = std::stoul(id);
        VantageNews news;
        if (refused) {
            news.outcome = fail(ErrorCode::forbidden, "agent x refuses");
            return news;
        }
        if (number == lost_at) {
            news.open.push_back({jobs.at(number).targets.front().address, 22});
            if (looks++ == 0) return news;
            news.outcome = fail(ErrorCode::unavailable, "agent x is away", Retry::later);
            return news;
        }
        Report report;
        for (const auto& target : jobs.at(number).targets)
            report.targets.insert(report.targets.begin(), answer_of(target.address));
        news.outcome = VantageOutcome(std::move(report));
        return news;
    }
    void stop(const std::string& id) override { stopped.push_back(id); }
    std::string name() const override { return "agent x"; }

    static TargetResult answer_of(const IpAddress& of) {
        TargetResult result;
        result.address = of;
        result.open = PortSet::parse("22,9999").value();  // more than was asked
        result.closed = PortSet::parse("1-21").value();
        return result;
    }

    std::vector<Job> jobs;
    std::vector<std::string> stopped;
    std::size_t lost_at = 1'000'000;
    int looks = 0;
    bool refused = false;
};

TEST(VantageEngine, AsksInPartsThatOneOrderMayHaveAndPutsThemTogether) {
    FakeVantage vantage;
    const auto job = job_of(most_addresses_from_afar + 7, "1-30");
    const auto report = VantageEngine(vantage).scan(job, {}, {});
    ASSERT_TRUE(report);
    EXPECT_EQ(vantage.jobs.size(), 2U);
    EXPECT_EQ(report->end, Report::End::complete);
    ASSERT_EQ(report->targets.size(), job.targets.size());
    for (std::size_t i = 0; i < job.targets.size(); ++i) {
        const auto& result = report->targets[i];
        EXPECT_EQ(result.address, job.targets[i].address);
        EXPECT_EQ(result.open.text(), "22");
        EXPECT_EQ(result.closed.text(), "1-21");
        ASSERT_EQ(result.unknown.size(), 1U);
        EXPECT_EQ(result.unknown.front().ports.text(), "23-30");
    }
}

TEST(VantageEngine, KeepsWhatWasFoundOpenWhereThePlaceIsLost) {
    FakeVantage vantage;
    vantage.lost_at = 1;
    const auto report = VantageEngine(vantage).scan(job_of(3 * most_addresses_from_afar, "22,80"), {}, {});
    ASSERT_TRUE(report);
    EXPECT_EQ(vantage.jobs.size(), 2U);
    EXPECT_EQ(report->end, Report::End::cut_short);
    EXPECT_EQ(report->warnings, std::vector<std::string>{"agent x is away"});
    const auto& first = report->targets.at(most_addresses_from_afar);
    EXPECT_EQ(first.open.text(), "22");
    EXPECT_EQ(first.unknown.at(0).ports.text(), "80");
    EXPECT_EQ(first.unknown.at(0).why, "agent x is away");
    EXPECT_EQ(report->targets.back().unknown.at(0).ports.text(), "22,80");
}

TEST(VantageEngine, RefusedIsAnError) {
    FakeVantage vantage;
    vantage.refused = true;
    const auto report = VantageEngine(vantage).scan(job_of(2, "22"), {}, {});
    ASSERT_FALSE(report);
    EXPECT_EQ(report.error().text, "agent x refuses");
}

TEST(VantageEngine, StoppedAsksForNoMore) {
    FakeVantage vantage;
    std::stop_source stop;
    stop.request_stop();
    const auto report = VantageEngine(vantage).scan(job_of(2, "22"), {}, stop.get_token());
    ASSERT_TRUE(report);
    EXPECT_EQ(report->end, Report::End::stopped);
    EXPECT_TRUE(vantage.jobs.empty());
}

VantageBounds some_bounds() {
    return {{IpNetwork::parse("10.20.0.0/16").value()}, PortSet::parse("1-1000").value(), 500};
}

TEST(VantageBounds, RefuseTheWholeWhereSomeOfItIsOutside) {
    EXPECT_FALSE(within({}, job_of(1, "22")));
    EXPECT_FALSE(within(some_bounds(), job_of(1, "22,1001")));
    auto outside = job_of(2, "22");
    outside.targets.push_back({address("10.21.0.1"), 0});
    EXPECT_FALSE(within(some_bounds(), outside));
    EXPECT_FALSE(within(some_bounds(), job_of(most_addresses_from_afar + 1, "22")));
    EXPECT_FALSE(within(some_bounds(), ServiceQuestions{{{address("10.21.0.1"), 22, ""}}, Wanted::both}));
    EXPECT_FALSE(within(some_bounds(), ServiceQuestions{{{address("10.20.0.1"), 1001, ""}}, Wanted::both}));
    EXPECT_TRUE(within(some_bounds(), ServiceQuestions{{{address("10.20.0.1"), 22, ""}}, Wanted::both}));
}

TEST(VantageBounds, TheRateIsNeverAbove) {
    for (const auto& [wished, given] : std::map<double, double>{{0, 500}, {100, 100}, {9000, 500}}) {
        auto job = job_of(1, "22");
        job.limits.probes_per_second = wished;
        const auto task = within(some_bounds(), job);
        ASSERT_TRUE(task);
        EXPECT_EQ(std::get<Job>(*task).limits.probes_per_second, given);
    }
}

}  // namespace
}  // namespace garita::scan
