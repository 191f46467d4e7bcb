#pragma once
// Logs in a directory of the test's own, followed by the real follower.

#include <chrono>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <poll.h>
#include <thread>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include "adapters/log_files/log_files.hpp"
#include "support/temporary_directory.hpp"

namespace garita::log_files {
using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;
namespace fs = std::filesystem;

class Collected final : public detect::LineReceiver {
  public:
    void on_line(const detect::LogLine& line) override {
        lines.emplace_back(line.text);
        ids.push_back(line.id);
    }
    std::vector<std::string> take() { return std::exchange(lines, {}); }
    std::vector<std::string> lines;
    std::vector<detect::LineId> ids;
};

inline void append(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::app | std::ios::binary) << text;
}

inline void write_new(const std::string& path, std::string_view text) {
    std::ofstream(path, std::ios::trunc | std::ios::binary) << text;
}

/// As logrotate does it with `copytruncate`.
inline void copy_and_truncate(const std::string& from, const std::string& to) {
    fs::copy_file(from, to, fs::copy_options::overwrite_existing);
    fs::resize_file(from, 0);
}

class LogFilesTest : public ::testing::Test {
  protected:
    void follow(std::vector<std::string> patterns, const std::optional<std::string>& checkpoint = {},
                TailFile::Start first = TailFile::Start::at_start) {
        LogFilesSettings settings;
        settings.patterns = std::move(patterns);
        settings.first_start = first;
        settings.line_limit = 1000;
        settings.expected = expected;
        files = std::make_unique<LogFiles>(settings, checkpoint, now);
    }
    std::vector<std::string> read() {
        for (int portions = 0; portions < 1000; ++portions) {
            const auto rest = files->read(now, got);
            EXPECT_TRUE(rest);
            if (!rest || *rest > Duration::zero()) break;
        }
        return got.take();
    }
    [[nodiscard]] bool woken() const {
        pollfd ready{files->wake_fd(), POLLIN, 0};
        return ::poll(&ready, 1, 0) == 1;
    }

    Expected expected = Expected::configured;
    support::TemporaryDirectory directory;
    std::string log = directory / "access.log";
    Time now{std::chrono::hours(500000)};
    std::unique_ptr<LogFiles> files;
    Collected got;
};

}  // namespace garita::log_files
