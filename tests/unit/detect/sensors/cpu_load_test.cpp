#include "detect/cpu_load.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/detect_world.hpp"

namespace garita::detect {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class CpuLoadTest : public ::testing::Test {
  protected:
    /// Five seconds at a time, as the detector asks for them.
    std::vector<Alert> pass(std::chrono::seconds span, unsigned percent) {
        for (auto passed = 0s; passed < span; passed += 5s) {
            now += 5s;
            cpu.pass(5, percent);
            EXPECT_EQ(detector.tick(now, sink), 5s);
        }
        return sink.take();
    }
    static std::vector<Severity> severities(const std::vector<Alert>& alerts) {
        std::vector<Severity> all;
        for (const auto& alert : alerts)
            all.push_back(alert.severity);
        return all;
    }

    Time now{500000h};
    fakes::MemoryCpu cpu;
    fakes::CollectedAlerts sink;
    CpuLoad detector{CpuLoadSettings{}, cpu};
};

TEST_F(CpuLoadTest, APeakShorterThanTheWindowIsNotAlarmed) {
    EXPECT_THAT(pass(60s, 5), IsEmpty());
    EXPECT_THAT(pass(10s, 100), IsEmpty());
    EXPECT_THAT(pass(60s, 5), IsEmpty());
}

TEST_F(CpuLoadTest, NothingIsSaidBeforeAWholeWindowWasSeen) {
    EXPECT_THAT(pass(30s, 100), IsEmpty());
    EXPECT_THAT(pass(5s, 100), SizeIs(1));
}

TEST_F(CpuLoadTest, SaysHowBusyAndWhoIsBusy) {
    cpu.top = {{42, "miner\x1b[0m", 0.9}, {7, "nginx", 0.03}};
    pass(60s, 5);
    const auto alerts = pass(60s, 95);
    ASSERT_THAT(alerts, SizeIs(2));  // the mean passes 50 on its way to 95
    EXPECT_THAT(severities(alerts), ElementsAre(Severity::warning, Severity::critical));
    EXPECT_EQ(alerts[1].kind, "cpu_load");
    EXPECT_EQ(alerts[1].subject, "host");
    EXPECT_EQ(alerts[1].facts.at("usage"), "95");
    EXPECT_EQ(alerts[1].facts.at("window"), "30s");
    EXPECT_EQ(alerts[1].facts.at("top"), "miner?[0m[42] 90%, nginx[7] 3%");
    EXPECT_NE(alerts[0].uid, alerts[1].uid);
}

TEST_F(CpuLoadTest, ALoadThatStaysIsRepeatedAfterTheSetTimeOnly) {
    pass(60s, 5);
    EXPECT_THAT(pass(60s, 70), SizeIs(1));
    EXPECT_THAT(pass(28min, 70), IsEmpty());
    EXPECT_THAT(pass(3min, 70), SizeIs(1));
}

TEST_F(CpuLoadTest, SwingingAroundTheThresholdAlarmsOnce) {
    pass(60s, 5);
    EXPECT_THAT(pass(60s, 52), SizeIs(1));
    for (int swing = 0; swing < 5; ++swing) {
        EXPECT_THAT(pass(60s, 45), IsEmpty());
        EXPECT_THAT(pass(60s, 55), IsEmpty());
    }
    EXPECT_THAT(pass(60s, 39), IsEmpty());  // ten points below: it may alarm anew
    EXPECT_THAT(pass(60s, 55), SizeIs(1));
}

TEST_F(CpuLoadTest, WorseAlarmsAtOnce) {
    pass(60s, 5);
    EXPECT_THAT(severities(pass(60s, 60)), ElementsAre(Severity::warning));
    EXPECT_THAT(severities(pass(60s, 97)), ElementsAre(Severity::critical));
    EXPECT_THAT(pass(60s, 60), IsEmpty());
    EXPECT_THAT(severities(pass(60s, 97)), ElementsAre(Severity::critical));
}

TEST_F(CpuLoadTest, ACalmMachineIsNeverWalkedThrough) {
    pass(10min, 30);
    EXPECT_EQ(cpu.walks, 0);
}

TEST_F(CpuLoadTest, ExactlyAllProcessorsAndAClockThatGoesBack) {
    pass(60s, 5);
    now -= 24h;
    cpu.pass(5, 100);
    detector.tick(now, sink);
    EXPECT_THAT(pass(60s, 100), ElementsAre(::testing::Field(&Alert::severity, Severity::critical)));
}

}  // namespace
}  // namespace garita::detect
