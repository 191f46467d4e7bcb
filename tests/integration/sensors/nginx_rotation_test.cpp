// A real nginx under load, rotated by the real logrotate in both ways: every line is read once.

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/log_files/log_files.hpp"
#include "detect/sensor.hpp"
#include "integration/sensors/nginx_world.hpp"
#include "integration/sensors/numbered_requests.hpp"
#include "integration/sensors/timed_spool.hpp"
#include "runtime/worker/runner.hpp"

namespace garita {
namespace {

using namespace std::chrono_literals;
using testing_support::eventually;
using testing_support::NginxWorld;
using testing_support::NumberedRequests;

/// The number in a whole line of the log, or nothing.
std::optional<std::size_t> number_of(std::string_view line) {
    static constexpr std::string_view request = "] \"GET /";
    const auto at = line.find(request);
    if (!line.starts_with("127.0.0.1 - - [") || !line.ends_with("\"numbered\"") ||
        at == std::string_view::npos)
        return std::nullopt;
    std::size_t number = 0;
    const auto* digits = line.data() + at + request.size();
    const auto [end, error] = std::from_chars(digits, line.data() + line.size(), number);
    if (error != std::errc() || *end != ' ') return std::nullopt;
    return number;
}

/// Counts how often each numbered line comes, as the detectors would take it.
class LineCount final : public detect::Detector {
  public:
    explicit LineCount(std::vector<std::atomic<std::uint8_t>>& times) : times_(times) {}
    std::string_view name() const override { return "count"; }
    std::string describe() const override { return "lines"; }
    std::vector<std::string> troubles(Time) const override { return {}; }
    void on_line(const detect::LogLine& line, Time, detect::AlertSink&) override {
        const auto number = number_of(line.text);
        if (number && *number < times_.size()) ++times_[*number];
    }
    Duration tick(Time, detect::AlertSink&) override { return detect::no_tick_wanted; }

  private:
    std::vector<std::atomic<std::uint8_t>>& times_;
};

class NginxRotation : public ::testing::Test {
  protected:
    /// A thousand rotations where there is time for them.
    static int rotations_wanted() { return std::getenv("GARITA_SOAK") != nullptr ? 1000 : 100; }
    static constexpr std::size_t most_requests = 20'000'000;

    void SetUp() override {
        world = NginxWorld::make();
        if (!world) GTEST_SKIP() << "needs root, network namespaces, nginx and logrotate";
        log_files::LogFilesSettings settings;
        settings.patterns = {world->log()};
        detect::Sensor::Parts parts;
        parts.name = "count";
        parts.follower = std::make_unique<log_files::LogFiles>(settings, std::nullopt, runtime::system_now());
        parts.detectors.push_back(std::make_unique<LineCount>(times));
        sensor = std::make_unique<detect::Sensor>(std::move(parts), spool);
        thread = std::make_unique<runtime::WorkerThread>(
            *sensor, runtime::system_now,
            [](std::string_view, const Error& error, Duration) { ADD_FAILURE() << error.text; });
    }
    void rotate_under_load(NginxWorld::Rotation rotation, int per_second) {
        NumberedRequests client(world->space(), most_requests, per_second);
        for (int done = 0; done < rotations_wanted(); ++done)
            ASSERT_TRUE(world->rotate(rotation));
        client.stop();
        ASSERT_TRUE(eventually([&] { return client.over(); }));
        requests = client.answered();
        ASSERT_GE(requests, rotations_wanted() * 10) << "that was no load";
    }
    [[nodiscard]] int lines_that_came(int how_often) const {
        return static_cast<int>(std::count_if(times.begin(), times.begin() + requests,
                                              [&](const auto& t) { return t == how_often; }));
    }
    /// Whole lines in the log and its rotated forms: what the rotation itself has left of them.
    [[nodiscard]] std::set<std::size_t> lines_on_disk() const {
        std::set<std::size_t> numbers;
        for (const auto& file : std::filesystem::directory_iterator(world->directory())) {
            std::ifstream log(file.path());
            for (std::string line; std::getline(log, line);)
                if (const auto number = number_of(line)) numbers.insert(*number);
        }
        return numbers;
    }
    [[nodiscard]] detect::FollowCounters counters() const {
        return sensor->status(runtime::system_now()).counters;
    }

    std::vector<std::atomic<std::uint8_t>> times = std::vector<std::atomic<std::uint8_t>>(most_requests);
    int requests = 0;  ///< answered, each with a line of its own
    testing_support::TimedSpool spool;
    std::unique_ptr<NginxWorld> world;
    std::unique_ptr<detect::Sensor> sensor;
    std::unique_ptr<runtime::WorkerThread> thread;
};

TEST_F(NginxRotation, ByRenamingLosesAndDoublesNothing) {
    ASSERT_NO_FATAL_FAILURE(rotate_under_load(NginxWorld::Rotation::rename, 20000));
    EXPECT_TRUE(eventually([&] { return lines_that_came(1) == requests; }));
    std::this_thread::sleep_for(200ms);
    EXPECT_EQ(lines_that_came(1), requests);
    EXPECT_EQ(counters().gaps, 0U);
    EXPECT_EQ(counters().cut, 0U);
    std::printf("%d lines through %d rotations, %llu seen\n", requests, rotations_wanted(),
                static_cast<unsigned long long>(counters().rotations));
}

TEST_F(NginxRotation, ByEmptyingInPlaceLosesNoLineThatTheRotationKeeps) {
    ASSERT_NO_FATAL_FAILURE(rotate_under_load(NginxWorld::Rotation::copy_and_truncate, 20000));
    std::this_thread::sleep_for(500ms);  // the last lines
    const int lost = lines_that_came(0);
    const int once = lines_that_came(1);
    const auto seen = counters();
    const auto kept = lines_on_disk();
    const auto missed = std::count_if(kept.begin(), kept.end(), [&](auto n) { return times[n] == 0; });
    std::printf("%d lines in %d cuts, %llu seen: the files have lost %zu, the reader %d\n", requests,
                rotations_wanted(), static_cast<unsigned long long>(seen.truncations), requests - kept.size(),
                lost);
    EXPECT_EQ(missed, 0) << "lines that are on the disk were not read";
    EXPECT_EQ(lost + once, requests) << "lines were doubled";
    EXPECT_TRUE(lost == 0 || seen.truncations > 0) << "a loss must show";
    const auto told = sensor->status(runtime::system_now()).watches.at(0);
    EXPECT_NE(told.find(std::to_string(seen.truncations) + " times emptied in place"), std::string::npos)
        << told;
}

}  // namespace
}  // namespace garita
