#include "detect/sensor.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fakes/detect_world.hpp"

namespace garita::detect {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

/// Alarms about every line that says so.
class Echo final : public Detector {
  public:
    std::string_view name() const override { return "echo"; }
    std::string describe() const override { return "lines that say alarm"; }
    std::vector<std::string> troubles(Time) const override { return {"a trouble"}; }
    void on_line(const LogLine& line, Time now, AlertSink& sink) override {
        if (line.text != "alarm") return;
        Alert alert;
        alert.uid = alert_uid("echo", line);
        alert.at = now;
        sink.add(alert);
    }
    Duration tick(Time, AlertSink&) override { return no_tick_wanted; }
};

class SensorTest : public ::testing::Test {
  protected:
    SensorTest() {
        auto follower = std::make_unique<fakes::MemoryLog>();
        log = follower.get();
        Sensor::Parts parts;
        parts.name = "echo";
        parts.device = "web-1";
        parts.follower = std::move(follower);
        parts.detectors.push_back(std::make_unique<Echo>());
        sensor = std::make_unique<Sensor>(std::move(parts), spool);
    }
    Time now{500000h};
    fakes::MemorySpool spool;
    fakes::MemoryLog* log = nullptr;
    std::unique_ptr<Sensor> sensor;
};

TEST_F(SensorTest, LeavesAlertsAndPlaceInOneSave) {
    ASSERT_TRUE(sensor->step(now));
    EXPECT_EQ(spool.saves, 1);  // where the first start stands
    log->waiting = {"x", "alarm", "alarm"};
    ASSERT_TRUE(sensor->step(now));
    ASSERT_THAT(spool.alerts, SizeIs(2));
    EXPECT_EQ(spool.alerts[0].device, "web-1");
    EXPECT_NE(spool.alerts[0].uid, spool.alerts[1].uid);
    EXPECT_EQ(spool.saves, 2);
    EXPECT_EQ(*spool.checkpoint(Sensor::checkpoint_key("echo")).value(), "3");
}

TEST_F(SensorTest, LinesWithoutFindingsAreSavedNowAndThenOnly) {
    ASSERT_TRUE(sensor->step(now));
    for (int i = 0; i < 49; ++i) {
        log->waiting = {"x"};
        now += 100ms;
        ASSERT_TRUE(sensor->step(now));
    }
    EXPECT_EQ(spool.saves, 1);
    now += 100ms;
    ASSERT_TRUE(sensor->step(now));
    EXPECT_EQ(spool.saves, 2);
    now += 1h;
    ASSERT_TRUE(sensor->step(now));
    EXPECT_EQ(spool.saves, 2);  // nothing new: no write
}

TEST_F(SensorTest, WhileTheSpoolIsFullNothingIsReadAndNothingIsLost) {
    ASSERT_TRUE(sensor->step(now));
    spool.full = Error{ErrorCode::full, "no space", Retry::later};
    log->waiting = {"alarm"};
    EXPECT_FALSE(sensor->step(now));
    log->waiting = {"alarm"};
    EXPECT_FALSE(sensor->step(now));
    EXPECT_THAT(log->waiting, SizeIs(1));
    spool.full.reset();
    EXPECT_TRUE(sensor->step(now));
    EXPECT_THAT(spool.alerts, SizeIs(2));
    EXPECT_EQ(sensor->status(now).alerts, 2U);
}

TEST_F(SensorTest, AsksToBeCalledSoonWhileLinesCome) {
    ASSERT_TRUE(sensor->step(now));
    log->waiting = {"x"};
    EXPECT_EQ(sensor->step(now).value(), 1ms);
    EXPECT_GT(sensor->step(now).value(), 1s);
}

TEST_F(SensorTest, ItsEndSavesThePlace) {
    ASSERT_TRUE(sensor->step(now));
    log->waiting = {"x"};
    ASSERT_TRUE(sensor->step(now));
    sensor.reset();
    EXPECT_EQ(*spool.checkpoint(Sensor::checkpoint_key("echo")).value(), "1");
}

TEST_F(SensorTest, ShowsWhatItWatchesAndItsTroubles) {
    log->reported_troubles = {"log trouble"};
    const auto status = sensor->status(now);
    EXPECT_THAT(status.watches, ElementsAre("reads memory", "lines that say alarm"));
    EXPECT_THAT(status.troubles, ElementsAre("log trouble", "a trouble"));
}

TEST(CleanFact, ShowsNothingThatIsNotWhatItSeems) {
    EXPECT_EQ(clean_fact("plain \xc3\xa9 \xd0\x96"), "plain \xc3\xa9 \xd0\x96");
    EXPECT_EQ(clean_fact("a\nb\x1b[31m\x7f\x80\xff"), "a?b?[31m???");
    EXPECT_EQ(clean_fact("evil\xe2\x80\xaegpj.exe"), "evil?gpj.exe");
    EXPECT_EQ(clean_fact("\xc0\xaf\xed\xa0\x80"), "?????");
    EXPECT_EQ(clean_fact("abcdef", 3), "abc\u2026");
    EXPECT_EQ(clean_fact("ab\xc3\xa9", 3), "ab\u2026");
}

TEST_F(SensorTest, ASilentLogIsToldOnceUntilItHasSpokenAgain) {
    const auto listen = [&] {
        now += 1min;
        EXPECT_TRUE(sensor->step(now));
        return std::exchange(spool.alerts, {});
    };
    EXPECT_THAT(listen(), IsEmpty());
    log->silent = {{"/var/log/x.log", Silence::Why::silent, now - 30h, 1h}};
    const auto alerts = listen();
    ASSERT_THAT(alerts, SizeIs(1));
    EXPECT_EQ(alerts[0].kind, "log_silent");
    EXPECT_EQ(alerts[0].device, "web-1");
    EXPECT_THAT(listen(), IsEmpty());
    EXPECT_THAT(sensor->status(now).troubles,
                ElementsAre(::testing::HasSubstr("/var/log/x.log"), "a trouble"));
    log->silent.clear();
    EXPECT_THAT(listen(), IsEmpty());
    log->silent = {{"/var/log/x.log", Silence::Why::silent, now, 1h}};
    EXPECT_THAT(listen(), SizeIs(1));
}

TEST_F(SensorTest, LinesOfAnEarlierLifeAreToldOnceAndRaiseNothing) {
    auto follower = std::make_unique<fakes::MemoryLog>();
    follower->before = {"alarm", "alarm"};
    follower->waiting = {"alarm"};
    /// Remembers how many lines it was told again.
    class Counting final : public Detector {
      public:
        explicit Counting(int& recalled) : recalled_(recalled) {}
        std::string_view name() const override { return "counting"; }
        std::string describe() const override { return ""; }
        std::vector<std::string> troubles(Time) const override { return {}; }
        Duration memory() const override { return 1min; }
        void recall(const LogLine&, Time) override { ++recalled_; }
        Duration tick(Time, AlertSink&) override { return no_tick_wanted; }

      private:
        int& recalled_;
    };
    int recalled = 0;
    Sensor::Parts parts;
    parts.name = "both";
    parts.follower = std::move(follower);
    parts.detectors.push_back(std::make_unique<Echo>());
    parts.detectors.push_back(std::make_unique<Counting>(recalled));
    Sensor both(std::move(parts), spool);
    ASSERT_TRUE(both.step(now));
    ASSERT_TRUE(both.step(now));
    EXPECT_EQ(recalled, 2);
    EXPECT_THAT(spool.alerts, SizeIs(1));
}

}  // namespace
}  // namespace garita::detect
