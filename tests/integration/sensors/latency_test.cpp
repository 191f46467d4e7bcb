// How soon an attack in a busy log is handed over, what reading costs, and that an idle sensor costs nothing.

#include <algorithm>
#include <array>
#include <atomic>
#include <ctime>
#include <fcntl.h>
#include <fstream>
#include <memory>
#include <unistd.h>
#include <vector>

#include <gtest/gtest.h>

#include "adapters/log_files/log_files.hpp"
#include "detect/finding_alarms.hpp"
#include "detect/sensor.hpp"
#include "integration/sensors/timed_spool.hpp"
#include "runtime/worker/runner.hpp"
#include "support/child_process.hpp"
#include "support/temporary_directory.hpp"

namespace garita {
namespace {

using namespace std::chrono_literals;
using testing_support::eventually;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr int patience = 10;  // a checked build is slower
#else
constexpr int patience = 1;
#endif

std::string line_of(const std::string& address, const char* status) {
    std::array<char, 64> stamp{};
    const auto now = std::time(nullptr);
    std::tm utc{};
    ::gmtime_r(&now, &utc);
    std::strftime(stamp.data(), stamp.size(), "%d/%b/%Y:%H:%M:%S +0000", &utc);
    return address + " - - [" + stamp.data() + "] \"GET /index.html HTTP/1.1\" " + status +
           " 153 \"https://example.org/from\" \"Mozilla/5.0 (X11; Linux x86_64)\"\n";
}

double cpu_seconds() {
    timespec used{};
    ::clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return static_cast<double>(used.tv_sec) + static_cast<double>(used.tv_nsec) / 1e9;
}

/// Writes as a web server does: one write() a line, appending.
class LogWriter {
  public:
    explicit LogWriter(const std::string& path)
        : fd_(::open(path.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644)) {}
    LogWriter(const LogWriter&) = delete;
    LogWriter& operator=(const LogWriter&) = delete;
    ~LogWriter() { ::close(fd_); }
    void write(const std::string& line) const {
        if (::write(fd_, line.data(), line.size()) < 0) ADD_FAILURE() << "the log cannot be written";
    }

  private:
    int fd_;
};

class SensorCost : public ::testing::Test {
  protected:
    void start() {
        log_files::LogFilesSettings files;
        files.patterns = {log};
        files.first_start = log_files::TailFile::Start::at_start;
        detect::HttpErrorOptions options;
        options.source.statuses = *detect::StatusSet::parse("404");
        options.thresholds = {0, 50, 10min};
        detect::Sensor::Parts parts;
        parts.name = "http_errors";
        parts.follower = std::make_unique<log_files::LogFiles>(files, std::nullopt, runtime::system_now());
        parts.detectors.push_back(std::make_unique<detect::HttpErrorAlarms>(options, "404"));
        sensor = std::make_unique<detect::Sensor>(std::move(parts), spool);
        thread = std::make_unique<runtime::WorkerThread>(
            *sensor, runtime::system_now,
            [](std::string_view, const Error& error, Duration) { ADD_FAILURE() << error.text; });
    }
    [[nodiscard]] std::uint64_t lines_read() const {
        return sensor->status(runtime::system_now()).counters.lines;
    }

    support::TemporaryDirectory directory;
    std::string log = directory / "access.log";
    testing_support::TimedSpool spool;
    std::unique_ptr<detect::Sensor> sensor;
    std::unique_ptr<runtime::WorkerThread> thread;
};

TEST_F(SensorCost, TheFiftiethErrorIsHandedOverWithinMilliseconds) {
    start();
    constexpr int attacks = 100;
    std::atomic<bool> over = false;
    std::thread others([&] {
        const LogWriter writer(log);
        const auto line = line_of("198.51.100.1", "200");
        for (auto next = std::chrono::steady_clock::now(); !over; next += 1ms) {
            for (int i = 0; i < 10; ++i)  // ten thousand a second
                writer.write(line);
            std::this_thread::sleep_until(next);
        }
    });
    const LogWriter attacker(log);
    std::vector<Duration> delays;
    for (int attack = 0; attack < attacks; ++attack) {
        const auto line = line_of("10.9." + std::to_string(attack) + ".1", "404");
        for (int i = 0; i < 49; ++i)
            attacker.write(line);
        std::this_thread::sleep_for(std::chrono::milliseconds(5 + attack % 7));
        EXPECT_EQ(spool.alerts().size(), static_cast<std::size_t>(attack));
        const auto fiftieth = runtime::system_now();
        attacker.write(line);
        ASSERT_TRUE(
            eventually([&] { return spool.alerts().size() == static_cast<std::size_t>(attack) + 1; }));
        delays.push_back(spool.alerts().back().handed_over - fiftieth);
    }
    over = true;
    others.join();
    std::sort(delays.begin(), delays.end());
    std::printf("from the 50th line to the alert: median %lld us, 99%% within %lld us, longest %lld us\n",
                static_cast<long long>(delays[attacks / 2].count()),
                static_cast<long long>(delays[attacks - 2].count()),
                static_cast<long long>(delays.back().count()));
    EXPECT_LE(delays[attacks / 2], patience * 5ms);
    EXPECT_LE(delays[attacks - 2], patience * 50ms);  // the machine of a test run is busy with other things
}

TEST_F(SensorCost, ReadingKeepsAheadOfAnyServer) {
    constexpr std::uint64_t lines = 1000000;
    {
        std::ofstream out(log);
        const auto line = line_of("198.51.100.1", "200");
        for (std::uint64_t i = 0; i < lines; ++i)
            out << line;
    }
    const auto before = cpu_seconds();
    start();
    ASSERT_TRUE(eventually([&] { return lines_read() == lines; }, 60s));
    const auto used = cpu_seconds() - before;
    std::printf("%.0f lines a second of processor time, follower and detector\n",
                static_cast<double>(lines) / used);
    EXPECT_LT(used, 2.0 * patience);
}

TEST_F(SensorCost, IdleCostsNothing) {
    LogWriter(log).write(line_of("198.51.100.1", "200"));
    start();
    ASSERT_TRUE(eventually([&] { return lines_read() == 1; }));
    std::this_thread::sleep_for(100ms);
    const auto before = cpu_seconds();
    std::this_thread::sleep_for(3s);
    const auto used = cpu_seconds() - before;
    std::printf("%.3f ms of processor time in 3 s without a line\n", used * 1e3);
    EXPECT_LT(used, 0.003 * patience);
}

}  // namespace
}  // namespace garita
