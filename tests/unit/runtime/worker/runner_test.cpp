#include "runtime/worker/runner.hpp"

#include <array>
#include <atomic>
#include <chrono>
#include <fcntl.h>
#include <stdexcept>
#include <thread>
#include <unistd.h>

#include <gtest/gtest.h>

namespace garita::runtime {
namespace {

using namespace std::chrono_literals;

class CountingWorker : public Worker {
  public:
    explicit CountingWorker(std::function<Result<Duration>(int)> step) : step_(std::move(step)) {}
    std::string_view name() const override { return "counting"; }
    Result<Duration> step(Time) override { return step_(++steps); }
    std::atomic<int> steps = 0;

  private:
    std::function<Result<Duration>(int)> step_;
};

bool eventually(const std::function<bool()>& holds) {
    const auto end = std::chrono::steady_clock::now() + 5s;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

Time now() {
    return std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
}
void ignore_failure(std::string_view, const Error&, Duration) {}

TEST(WorkerThread, StepsAgainAtOnceWhileThereIsWork) {
    CountingWorker worker(
        [](int n) -> Result<Duration> { return n < 100 ? Duration::zero() : Duration(1h); });
    const WorkerThread thread(worker, now, ignore_failure);
    EXPECT_TRUE(eventually([&] { return worker.steps >= 100; }));
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(worker.steps, 100);
}

TEST(WorkerThread, AWakeUpEndsThePause) {
    CountingWorker worker([](int) -> Result<Duration> { return Duration(1h); });
    WorkerThread thread(worker, now, ignore_failure);
    ASSERT_TRUE(eventually([&] { return worker.steps == 1; }));
    thread.wake();
    EXPECT_TRUE(eventually([&] { return worker.steps == 2; }));
}

class RestingWorker final : public CountingWorker {
  public:
    RestingWorker() : CountingWorker([](int) -> Result<Duration> { return Duration(1h); }) {}
    Duration rest() const override { return span; }
    std::atomic<Duration> span = Duration(150ms);
};

TEST(WorkerThread, ARestMakesOneStepOfManyWakeUps) {
    RestingWorker worker;
    WorkerThread thread(worker, now, ignore_failure);
    ASSERT_TRUE(eventually([&] { return worker.steps == 1; }));
    const auto began = std::chrono::steady_clock::now();
    for (int i = 0; i < 50; ++i)
        thread.wake();
    EXPECT_TRUE(eventually([&] { return worker.steps == 2; })) << "the wake-ups are kept";
    EXPECT_GE(std::chrono::steady_clock::now() - began, 100ms);
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(worker.steps, 2);
}

TEST(WorkerThread, AStopDoesNotWaitForTheRest) {
    RestingWorker worker;
    worker.span = Duration(1h);
    auto thread = std::make_unique<WorkerThread>(worker, now, ignore_failure);
    ASSERT_TRUE(eventually([&] { return worker.steps == 1; }));
    const auto began = std::chrono::steady_clock::now();
    thread.reset();
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s);
}

/// A worker with something in the world to wait for: one end of a pipe.
class ListeningWorker final : public CountingWorker {
  public:
    using CountingWorker::CountingWorker;
    ListeningWorker(const ListeningWorker&) = delete;
    ListeningWorker& operator=(const ListeningWorker&) = delete;
    ~ListeningWorker() override {
        ::close(ends[0]);
        ::close(ends[1]);
    }
    int wake_fd() const override { return ends[0]; }
    std::array<int, 2> ends{-1, -1};
};

TEST(WorkerThread, ItsOwnDescriptorEndsThePause) {
    ListeningWorker* self = nullptr;
    ListeningWorker worker([&](int) -> Result<Duration> {
        std::array<char, 8> taken{};
        [[maybe_unused]] const auto got = ::read(self->ends[0], taken.data(), taken.size());
        return Duration(1h);
    });
    self = &worker;
    ASSERT_EQ(::pipe2(worker.ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
    const WorkerThread thread(worker, now, ignore_failure);
    ASSERT_TRUE(eventually([&] { return worker.steps == 1; }));
    ASSERT_EQ(::write(worker.ends[1], "x", 1), 1);
    EXPECT_TRUE(eventually([&] { return worker.steps == 2; }));
    std::this_thread::sleep_for(20ms);
    EXPECT_EQ(worker.steps, 2);
}

TEST(WorkerThread, AfterAFailureTheDescriptorDoesNotCutTheBackOffShort) {
    ListeningWorker worker([](int) -> Result<Duration> { return fail(ErrorCode::io, "disk"); });
    ASSERT_EQ(::pipe2(worker.ends.data(), O_NONBLOCK | O_CLOEXEC), 0);
    ASSERT_EQ(::write(worker.ends[1], "x", 1), 1);  // stays readable
    const WorkerThread thread(worker, now, ignore_failure);
    ASSERT_TRUE(eventually([&] { return worker.steps == 1; }));
    std::this_thread::sleep_for(50ms);
    EXPECT_EQ(worker.steps, 1);
}

TEST(WorkerThread, AWakeUpDuringAStepIsNotLost) {
    std::atomic<bool> in_step = false;
    std::atomic<bool> go_on = false;
    CountingWorker worker([&](int n) -> Result<Duration> {
        if (n == 1) {
            in_step = true;
            while (!go_on)
                std::this_thread::yield();
        }
        return Duration(1h);
    });
    WorkerThread thread(worker, now, ignore_failure);
    ASSERT_TRUE(eventually([&] { return in_step.load(); }));
    thread.wake();
    go_on = true;
    EXPECT_TRUE(eventually([&] { return worker.steps == 2; }));
}

TEST(WorkerThread, AFailureIsReportedAndTriedAgain) {
    std::atomic<int> reports = 0;
    CountingWorker worker([](int n) -> Result<Duration> {
        if (n == 1) return fail(ErrorCode::io, "the disk is away", Retry::later);
        if (n == 2) throw std::runtime_error("thrown");
        return Duration(1h);
    });
    const WorkerThread thread(worker, now, [&](std::string_view, const Error&, Duration back_off) {
        EXPECT_GT(back_off, Duration::zero());
        ++reports;
    });
    EXPECT_TRUE(eventually([&] { return worker.steps == 3; }));
    EXPECT_EQ(reports, 2);
    EXPECT_TRUE(eventually([&] { return thread.health().failures_in_a_row == 0; }));
}

TEST(WorkerGroup, StopsManyAtOnce) {
    CountingWorker a([](int) -> Result<Duration> { return Duration(1h); });
    CountingWorker b([](int) -> Result<Duration> { return fail(ErrorCode::io, "always", Retry::later); });
    const auto begin = std::chrono::steady_clock::now();
    {
        WorkerGroup group(now, ignore_failure);
        group.start(a);
        group.start(b);
        EXPECT_TRUE(eventually([&] { return a.steps > 0 && b.steps > 0; }));
        EXPECT_EQ(group.health().size(), 2U);
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 2s);
}

}  // namespace
}  // namespace garita::runtime
