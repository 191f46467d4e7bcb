#include "detect/replay.hpp"

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <random>
#include <set>
#include <unistd.h>
#include <utime.h>

#include <fmt/core.h>
#include <gtest/gtest.h>
#include <zlib.h>

#include "unit/detect/reference_window.hpp"

namespace garita::detect {
namespace {

using std::chrono::seconds;

class Replay : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string name = ::testing::TempDir() + "garita-replay-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    std::string write(const std::string& name, const std::string& content) {
        const auto path = (folder_ / name).string();
        std::ofstream(path, std::ios::binary) << content;
        return path;
    }
    std::string write_gzip(const std::string& name, const std::string& content, const char* mode = "wb") {
        const auto path = (folder_ / name).string();
        gzFile file = gzopen(path.c_str(), mode);
        EXPECT_EQ(gzwrite(file, content.data(), static_cast<unsigned>(content.size())),
                  static_cast<int>(content.size()));
        gzclose(file);
        return path;
    }

    std::filesystem::path folder_;
};

std::string line(std::string_view address, std::int64_t second, int status = 404,
                 std::string_view path = "/x") {
    return fmt::format(
        "{} - - [22/Nov/2026:{:02}:{:02}:{:02} +0000] \"GET {} HTTP/1.1\" {} 404 \"-\" \"curl/8\"\n", address,
        second / 3600, second / 60 % 60, second % 60, path, status);
}

std::string attack(std::string_view address, int start, int count, int span) {
    std::string text;
    for (int i = 0; i < count; ++i)
        text += line(address, start + i * span / count);
    return text;
}

ReplayHttpErrors options() {
    ReplayHttpErrors result;
    result.source.statuses = *StatusSet::parse("404");
    return result;
}

std::set<std::string> sources(const Result<ReplayReport>& report) {
    std::set<std::string> result;
    if (!report) ADD_FAILURE() << report.error().text;
    if (report)
        for (const auto& alarm : report->alarms)
            result.insert(alarm.source.text());
    return result;
}

TEST_F(Replay, NamesExactlyTheAttackers) {
    std::string log;
    log += attack("203.0.113.1", 1000, 60, 30);
    log += attack("203.0.113.2", 1000, 49, 50);
    log += attack("203.0.113.3", 1000, 60, 119);
    log += attack("203.0.113.4", 1000 / 60 * 60 + 40, 50, 40);
    for (int i = 0; i < 100; ++i) {
        log += line("203.0.113.5", 1000 + i / 10, 200, "/404?x= 404 1");
        log += line(fmt::format("2001:db8:1:2::{:x}", i), 1000 + i / 10);
    }
    const auto file = write("access.log", log);
    const auto report = replay_http_errors({file}, options(), {});
    EXPECT_EQ(sources(report), (std::set<std::string>{"203.0.113.1", "203.0.113.4", "2001:db8:1:2::/64"}));
    EXPECT_EQ(report->lines, 419U);
    EXPECT_EQ(report->matched, 319U);
    EXPECT_EQ(report->unparsed, 0U);
    const auto& first = report->alarms.front();  // most events first
    EXPECT_EQ(first.source.text(), "2001:db8:1:2::/64");
    EXPECT_EQ(first.count, 100U);
    EXPECT_EQ(first.peak, 100U);
    EXPECT_EQ(to_iso8601(Time{first.first}).substr(11, 8), "00:16:40");
    EXPECT_EQ(to_iso8601(Time{first.last}).substr(11, 8), "00:16:49");
    auto by_address = options();
    by_address.prefixes.ipv6 = 128;
    EXPECT_EQ(sources(replay_http_errors({file}, by_address, {})),
              (std::set<std::string>{"203.0.113.1", "203.0.113.4"}));
}

TEST_F(Replay, AgreesWithTheReferenceOnRandomLogs) {
    for (unsigned seed = 0; seed < 20; ++seed) {
        std::mt19937 random(seed);
        const auto below = [&](unsigned n) { return static_cast<int>(random() % n); };
        std::map<std::string, std::vector<std::int64_t>> errors;
        std::string log;
        int now = 100;
        for (int i = 0; i < 4000; ++i) {
            if (below(3) == 0) now += below(3);
            const auto second = now - below(seed % 2 == 0 ? 1 : 30);
            const auto address = fmt::format("198.51.100.{}", below(12) * below(3));
            const int status = below(2) == 0 ? 404 : 200;
            log += line(address, second, status, status == 200 ? "/404" : "/x");
            if (status == 404) errors[address].push_back(second);
        }
        auto few = options();
        few.threshold = 8 + seed;
        few.limits.seed = seed;
        const auto report = replay_http_errors({write("random.log", log)}, few, {});
        std::map<std::string, std::uint32_t> expected;
        for (const auto& [address, times] : errors)
            if (const auto peak = testing::reference_peak(times, 60); peak >= few.threshold)
                expected[address] = peak;
        std::map<std::string, std::uint32_t> found;
        ASSERT_TRUE(report);
        for (const auto& alarm : report->alarms) {
            found[alarm.source.text()] = alarm.peak;
            EXPECT_EQ(alarm.count, errors[alarm.source.text()].size());
        }
        EXPECT_EQ(found, expected) << "seed " << seed;
        EXPECT_EQ(report->late, 0U);
    }
}

TEST_F(Replay, ReadsSeveralFilesGzipAndMembersInOrder) {
    const auto one = write_gzip("access.log.2.gz", attack("203.0.113.1", 1000, 30, 20));
    write_gzip("access.log.2.gz", attack("203.0.113.2", 1010, 60, 20), "ab");
    const auto two = write("access.log.1", attack("203.0.113.1", 1021, 30, 20));
    const auto report = replay_http_errors({one, two}, options(), {});
    EXPECT_EQ(sources(report), (std::set<std::string>{"203.0.113.1", "203.0.113.2"}));
    EXPECT_EQ(report->lines, 120U);
}

TEST_F(Replay, ALastLineWithoutNewlineCountsAndAnEmptyFileIsNone) {
    auto log = attack("203.0.113.1", 1000, 50, 20);
    log.pop_back();
    const auto report = replay_http_errors({write("a", log), write("empty", "")}, options(), {});
    EXPECT_EQ(sources(report).size(), 1U);
    EXPECT_EQ(report->lines, 50U);
}

TEST_F(Replay, SurvivesLongLinesAndRubbish) {
    std::string log = attack("203.0.113.1", 1000, 25, 10);
    log += std::string(3'000'000, 'x') + "\n" + std::string("\0\xff\n\n", 4);
    log += line("203.0.113.1", 1010, 404, "/" + std::string(900'000, 'y'));
    log += attack("203.0.113.1", 1010, 24, 10);
    const auto report = replay_http_errors({write("a", log)}, options(), {});
    EXPECT_EQ(sources(report).size(), 1U);
    EXPECT_EQ(report->lines, 53U);
    EXPECT_EQ(report->matched, 50U);
    EXPECT_EQ(report->unparsed, 3U);
}

TEST_F(Replay, EveryBlockBoundaryIsAWholeLine) {
    std::string log;
    int count = 0;
    for (int i = 0; log.size() < 1'500'000; ++i, ++count)
        log += line("203.0.113.1", i % 1000, 200, "/" + std::string(static_cast<std::size_t>(i % 700), 'a'));
    const auto file = write("a", log);
    auto source = ReplaySource::open(file);
    ASSERT_TRUE(source);
    std::string joined;
    while (true) {
        const auto block = source->next();
        ASSERT_TRUE(block);
        if (block->empty()) break;
        EXPECT_EQ(block->back(), '\n');
        joined += *block;
    }
    EXPECT_EQ(joined, log);
    EXPECT_EQ(replay_http_errors({file}, options(), {})->lines, static_cast<std::uint64_t>(count));
}

TEST_F(Replay, SaysWhatIsWrongWithAFile) {
    const auto text = [&](const std::string& path) {
        const auto report = replay_http_errors({path}, options(), {});
        return report ? std::string("read") : report.error().text;
    };
    EXPECT_NE(text((folder_ / "missing").string()).find("missing: cannot be opened: No such file"),
              std::string::npos);
    EXPECT_NE(text(folder_.string()).find("is a directory"), std::string::npos);
    EXPECT_NE(text(write("a.xz",
                         "\xfd"
                         "7zXZ and more"))
                  .find("compressed with xz"),
              std::string::npos);
    const auto whole = write_gzip("a.gz", attack("203.0.113.1", 1000, 500, 20));
    std::filesystem::resize_file(whole, std::filesystem::file_size(whole) - 9);
    EXPECT_NE(text(whole).find("ends early"), std::string::npos);
    EXPECT_NE(text(write("b.gz", "\x1f\x8b\x08 this is not deflate at all")).find("damaged gzip"),
              std::string::npos);
}

TEST_F(Replay, CountsWhatCameTooLate) {
    auto log = attack("203.0.113.1", 2000, 40, 20) + attack("203.0.113.1", 1000, 40, 20);
    const auto report = replay_http_errors({write("a", log)}, options(), {});
    EXPECT_EQ(report->late, 40U);
    EXPECT_TRUE(report->alarms.empty());
}

TEST_F(Replay, FailedSshLoginsWithTheYearOfTheFile) {
    std::string log;
    for (int i = 0; i < 6; ++i)
        log += fmt::format(
            "Dec 31 23:59:{:02} gate sshd[{}]: Failed password for invalid user x from 192.0.2.9 port 22 "
            "ssh2 "
            "from 203.0.113.5 port {} ssh2\n",
            50 + i, 100 + i, 5000 + i);
    log += "Jan  1 00:00:01 gate sshd[200]: Failed password for root from 203.0.113.5 port 7 ssh2\n";
    log +=
        "Jan  1 00:00:02 gate sudo: 192.0.2.9 Failed password for root from 192.0.2.9 port 7 ssh2\nrubbish\n";
    const auto file = write("auth.log", log);
    const utimbuf times{1'798'765'300, 1'798'765'300};  // 2027-01-01
    ASSERT_EQ(utime(file.c_str(), &times), 0);
    ReplayLogPatterns ssh;
    ssh.filter.name = "sshd";
    ssh.zone = utc_zone();
    const auto report = replay_log_patterns({file}, ssh, {});
    ASSERT_TRUE(report) << report.error().text;
    ASSERT_EQ(report->alarms.size(), 1U);
    EXPECT_EQ(report->alarms[0].source.text(), "203.0.113.5");
    EXPECT_EQ(report->alarms[0].count, 7U);
    EXPECT_EQ(report->alarms[0].peak, 7U);
    EXPECT_EQ(to_iso8601(Time{report->alarms[0].first}).substr(0, 19), "2026-12-31T23:59:50");
    EXPECT_EQ(to_iso8601(Time{report->alarms[0].last}).substr(0, 19), "2027-01-01T00:00:01");
    EXPECT_EQ(report->unparsed, 1U);
}

TEST_F(Replay, SshLoginsAreGroupedByUserAddressAndKey) {
    const std::string head = "2026-11-22T06:08:2";
    const auto file =
        write("auth.log",
              head +
                  "5+01:00 gate sshd[1]: Accepted publickey for root from 203.0.113.5 port 1 ssh2: ED25519 "
                  "SHA256:a\n" +
                  head +
                  "3+01:00 gate sshd-session[2]: Accepted publickey for root from 203.0.113.5 port 2 ssh2: "
                  "ED25519 SHA256:a\n" +
                  head +
                  "6+01:00 gate sshd[3]: Accepted publickey for root from 203.0.113.5 port 3 ssh2: ED25519 "
                  "SHA256:b\n" +
                  head + "7+01:00 gate sshd[4]: Accepted password for bob from 2001:db8::1 port 4 ssh2\n" +
                  head + "8+01:00 gate su[5]: Accepted password for bob from 192.0.2.9 port 4 ssh2\n");
    const auto report = replay_ssh_sessions({file}, {utc_zone(), {}}, {});
    ASSERT_TRUE(report);
    ASSERT_EQ(report->logins.size(), 3U);
    EXPECT_EQ(report->matched, 4U);
    const auto& first = report->logins[0];
    EXPECT_EQ(first.user, "root");
    EXPECT_EQ(first.key, "SHA256:a");
    EXPECT_EQ(first.count, 2U);
    EXPECT_EQ(to_iso8601(Time{first.first}).substr(0, 19), "2026-11-22T05:08:23");
    EXPECT_EQ(to_iso8601(Time{first.last}).substr(0, 19), "2026-11-22T05:08:25");
    EXPECT_EQ(report->logins[2].address.text(), "2001:db8::1");
}

}  // namespace
}  // namespace garita::detect
