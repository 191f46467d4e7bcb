// A detector that counts, over restarts: what was counted stays counted, and nothing counts twice.

#include <ctime>
#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "adapters/log_files/log_files.hpp"
#include "detect/finding_alarms.hpp"
#include "detect/sensor.hpp"
#include "fakes/detect_world.hpp"
#include "support/temporary_directory.hpp"

namespace garita {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

enum class End { in_order, killed };

class Restarts : public ::testing::TestWithParam<End> {
  protected:
    void start() {
        detect::HttpErrorOptions options;
        options.source.statuses = *detect::StatusSet::parse("404");
        options.thresholds = {0, 50, 1h};
        log_files::LogFilesSettings settings;
        settings.patterns = {log};
        settings.first_start = log_files::TailFile::Start::at_start;
        detect::Sensor::Parts parts;
        parts.name = "http_errors";
        parts.device = "web1";
        parts.follower = std::make_unique<log_files::LogFiles>(
            settings, spool.checkpoint(detect::Sensor::checkpoint_key("http_errors")).value(), now);
        parts.detectors.push_back(std::make_unique<detect::HttpErrorAlarms>(options, "404"));
        sensor = std::make_unique<detect::Sensor>(std::move(parts), spool);
    }
    void stop() {
        if (GetParam() == End::killed) spool.full = Error{ErrorCode::io, "killed", Retry::no};
        sensor.reset();  // in good order it leaves its place
        spool.full.reset();
    }
    void restart() {
        stop();
        start();
    }
    void errors(int count, const std::string& address = "192.0.2.7") {
        std::ofstream file(log, std::ios::app);
        for (int i = 0; i < count; ++i) {
            const auto seconds = std::chrono::system_clock::to_time_t(
                std::chrono::time_point_cast<std::chrono::system_clock::duration>(now));
            char stamp[64];
            std::tm parts{};
            gmtime_r(&seconds, &parts);
            std::strftime(stamp, sizeof stamp, "%d/%b/%Y:%H:%M:%S +0000", &parts);
            file << address << " - - [" << stamp << "] \"GET /" << number++
                 << " HTTP/1.1\" 404 153 \"-\" \"x\"\n";
        }
    }
    void look(int steps = 3) {
        for (int i = 0; i < steps; ++i) {
            ASSERT_TRUE(sensor->step(now));
            now += 200ms;
        }
    }

    Time now{std::chrono::sys_days{std::chrono::year{2026} / 11 / 22} + 8h};
    support::TemporaryDirectory directory;
    std::string log = directory / "access.log";
    fakes::MemorySpool spool;
    std::unique_ptr<detect::Sensor> sensor;
    int number = 0;
};

TEST_P(Restarts, ThirtyErrorsAndTwentyMoreAreOneAlarm) {
    start();
    errors(30);
    look();
    restart();
    look();
    EXPECT_TRUE(spool.alerts.empty());
    errors(19);
    look();
    EXPECT_TRUE(spool.alerts.empty()) << "49, and not one counted twice";
    restart();
    look();
    errors(1);
    look();
    ASSERT_EQ(spool.alerts.size(), 1U);
    EXPECT_EQ(spool.alerts[0].facts.at("count"), "50");
    restart();
    errors(30);
    look();
    EXPECT_EQ(spool.alerts.size(), 1U) << "it was told already";
}

TEST_P(Restarts, ErrorsThatComeWhileNobodyLooksCountTogetherWithThoseBefore) {
    start();
    errors(30);
    look();
    stop();
    now += 10s;
    errors(20);
    now += 1h;
    start();
    look();
    ASSERT_EQ(spool.alerts.size(), 1U);
    EXPECT_EQ(spool.alerts[0].facts.at("count"), "50");
}

TEST_P(Restarts, WhatHasLeftTheWindowDoesNotCount) {
    start();
    errors(30);
    look();
    stop();
    now += 61s;
    errors(20);
    start();
    look();
    EXPECT_TRUE(spool.alerts.empty());
}

TEST_P(Restarts, RotationInBetweenChangesNothing) {
    for (const bool in_place : {false, true}) {
        spool.alerts.clear();
        now += 1h;
        start();
        errors(20);
        look();
        now += 30s;
        look();
        if (in_place) {
            fs::copy_file(log, log + ".1", fs::copy_options::overwrite_existing);
            fs::resize_file(log, 0);
        } else {
            fs::rename(log, log + ".1");
        }
        errors(10);
        look();
        restart();
        look();
        errors(19);
        look();
        EXPECT_TRUE(spool.alerts.empty()) << in_place;
        errors(1);
        look();
        EXPECT_EQ(spool.alerts.size(), 1U) << in_place;
        stop();
    }
}

TEST_P(Restarts, OthersAreNotMixedUpWithIt) {
    start();
    errors(30, "192.0.2.7");
    errors(49, "192.0.2.8");
    look();
    restart();
    errors(19, "192.0.2.7");
    errors(1, "192.0.2.8");
    look();
    ASSERT_EQ(spool.alerts.size(), 1U);
    EXPECT_EQ(spool.alerts[0].subject, "192.0.2.8");
}

INSTANTIATE_TEST_SUITE_P(HowItEnded, Restarts, ::testing::Values(End::in_order, End::killed),
                         [](const auto& chosen) {
                             return std::string(chosen.param == End::killed ? "Killed" : "InOrder");
                         });

}  // namespace
}  // namespace garita
