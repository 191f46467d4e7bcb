#pragma once
// What detectors see, in memory: a log that the test writes, processes, processor time, and a spool.

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "detect/alert_spool.hpp"
#include "detect/cpu_source.hpp"
#include "detect/detector.hpp"
#include "detect/log_follower.hpp"
#include "detect/process_table.hpp"

namespace garita::fakes {

class CollectedAlerts final : public detect::AlertSink {
  public:
    std::vector<Alert> alerts;
    void add(Alert alert) override { alerts.push_back(std::move(alert)); }
    std::vector<Alert> take() { return std::exchange(alerts, {}); }
};

class MemoryLog final : public detect::LogFollower {
  public:
    std::deque<std::string> waiting;  ///< written and not yet read
    std::uint64_t read_lines = 0;
    std::vector<std::string> reported_troubles;
    std::vector<std::string> before;  ///< read in an earlier life

    Result<void> read_again(Duration, Time, detect::LineReceiver& receiver) override {
        for (const auto& line : before)
            receiver.on_line(
                {.text = line, .source = "memory", .id = {}, .at = {}, .identifier = {}, .host = {}});
        return {};
    }
    Result<Duration> read(Time, detect::LineReceiver& receiver) override {
        while (!waiting.empty()) {
            const auto line = waiting.front();
            waiting.pop_front();
            receiver.on_line({.text = line,
                              .source = "memory",
                              .id = {1, read_lines++},
                              .at = {},
                              .identifier = {},
                              .host = {}});
        }
        return std::chrono::hours(1);
    }
    int wake_fd() const override { return -1; }
    std::string checkpoint() const override { return std::to_string(read_lines); }
    std::string describe() const override { return "reads memory"; }
    std::vector<std::string> troubles(Time) const override { return reported_troubles; }
    std::vector<detect::Silence> silent;
    std::vector<detect::Silence> silences(Time) const override { return silent; }
    detect::FollowCounters counters() const override { return {.lines = read_lines, .bytes = read_lines}; }
};

class MemorySpool final : public detect::AlertSpool {
  public:
    std::optional<Error> full;  ///< saving fails with this while it is set
    std::vector<Alert> alerts;
    std::map<std::string, std::string, std::less<>> checkpoints;
    int saves = 0;

    Result<void> save(const std::vector<Alert>& found, std::string_view reader,
                      std::string_view checkpoint) override {
        if (full) return tl::unexpected(*full);
        ++saves;
        alerts.insert(alerts.end(), found.begin(), found.end());
        checkpoints.insert_or_assign(std::string(reader), std::string(checkpoint));
        return {};
    }
    Result<std::optional<std::string>> checkpoint(std::string_view reader) override {
        const auto found = checkpoints.find(reader);
        if (found == checkpoints.end()) return std::nullopt;
        return found->second;
    }
};

class MemoryProcessTable final : public detect::ProcessTable {
  public:
    std::optional<Error> away;
    std::vector<detect::SshSession> sessions;
    std::vector<detect::ProcessRef> processes;
    int listings = 0;

    Result<std::optional<detect::ProcessRef>> find(const detect::Connection& connection) override {
        for (const auto& session : sessions)
            if (session.peer == connection.remote && session.peer_port == connection.remote_port)
                return session.process;
        return std::nullopt;
    }
    std::optional<detect::ProcessRef> process(std::int32_t pid) override {
        for (const auto& known : processes)
            if (known.pid == pid) return known;
        return std::nullopt;
    }
    Result<std::vector<detect::SshSession>> list_ssh_sessions() override {
        ++listings;
        if (away) return tl::unexpected(*away);
        return sessions;
    }
    Result<std::vector<detect::SshSession>> watch_ssh_sessions() override { return list_ssh_sessions(); }
};

class MemoryCpu final : public detect::CpuSource {
  public:
    detect::CpuTimes times;
    std::vector<detect::ProcessUse> top;
    int walks = 0;

    /// Time passes with this much of the machine busy.
    void pass(unsigned seconds, unsigned percent) {
        times.busy += std::uint64_t{seconds} * percent;
        times.idle += std::uint64_t{seconds} * (100 - percent);
    }
    Result<detect::CpuTimes> read() override { return times; }
    Result<std::vector<detect::ProcessUse>> top_processes(std::size_t limit) override {
        ++walks;
        auto busiest = walks == 1 ? std::vector<detect::ProcessUse>() : top;
        if (busiest.size() > limit) busiest.resize(limit);
        return busiest;
    }
};

}  // namespace garita::fakes
