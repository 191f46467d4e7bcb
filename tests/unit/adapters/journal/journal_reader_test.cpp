// Real journal files, written by systemd-journal-remote from the export format.

#include "adapters/journal/journal_reader.hpp"

#include <cstdio>
#include <filesystem>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_directory.hpp"

namespace garita::journal {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;

constexpr auto writer = "/lib/systemd/systemd-journal-remote";
constexpr std::string_view boot = "0123456789abcdef0123456789abcdef";

struct Written {
    std::string message;
    std::string identifier = "sshd";
    std::string uid = "0";
    std::string command = "sshd";
    std::string unit = "ssh.service";
};

std::string export_of(const Written& entry, Time at, int number) {
    std::string text = "__REALTIME_TIMESTAMP=" + std::to_string(to_micros(at)) +
                       "\n__MONOTONIC_TIMESTAMP=" + std::to_string(1000 + number) +
                       "\n_BOOT_ID=" + std::string(boot) +
                       "\n_TRANSPORT=syslog\n_PID=4242\n_HOSTNAME=web-1\n_UID=" + entry.uid +
                       "\nSYSLOG_IDENTIFIER=" + entry.identifier + "\n_SYSTEMD_UNIT=" + entry.unit;
    if (!entry.command.empty()) text += "\n_COMM=" + entry.command + "\n_EXE=/usr/sbin/" + entry.command;
    // the binary form, which may hold any byte
    text += "\nMESSAGE\n";
    for (unsigned byte = 0; byte < 8; ++byte)
        text.push_back(
            static_cast<char>(static_cast<std::uint64_t>(entry.message.size()) >> (8 * byte) & 0xff));
    return text + entry.message + "\n\n";
}

class JournalReaderTest : public ::testing::Test, public detect::LineReceiver {
  protected:
    void SetUp() override {
        if (::access(writer, X_OK) != 0) GTEST_SKIP() << "needs systemd-journal-remote";
    }
    void on_line(const detect::LogLine& line) override {
        lines.emplace_back(line.text);
        ids.push_back(line.id.position);
        last_pid = line.pid;
        last_at = line.at;
        last_host = line.host;
    }
    /// Appends to a journal file as a rotated journal has several.
    void write(const std::vector<Written>& entries, const std::string& file = "system.journal") {
        const auto command = std::string(writer) + " --output=" + (directory / file) + " - 2>/dev/null";
        FILE* to = ::popen(command.c_str(), "w");
        ASSERT_NE(to, nullptr);
        for (const auto& entry : entries) {
            now += 1s;
            const auto text = export_of(entry, now, ++written);
            ASSERT_EQ(std::fwrite(text.data(), 1, text.size(), to), text.size());
        }
        ASSERT_EQ(::pclose(to), 0);
    }
    std::vector<std::string> read(JournalReader& reader) {
        for (int portions = 0; portions < 100; ++portions) {
            const auto rest = reader.read(now, *this);
            EXPECT_TRUE(rest);
            if (!rest || *rest > Duration::zero()) break;
        }
        return std::exchange(lines, {});
    }
    JournalSettings settings() {
        auto ssh = sshd_journal();
        ssh.directory = directory.path().string();
        ssh.announced_by.clear();
        return ssh;
    }

    support::TemporaryDirectory directory;
    Time now{500000h};
    int written = 0;
    std::vector<std::string> lines;
    std::vector<std::uint64_t> ids;
    std::int32_t last_pid = 0;
    std::optional<Time> last_at;
    std::string last_host;
};

TEST_F(JournalReaderTest, TheVeryFirstStartBeginsWithWhatComesThen) {
    write({{"old"}});
    JournalReader reader(settings(), std::nullopt, now + 1us);
    EXPECT_THAT(read(reader), IsEmpty());
    write({{"new"}});
    EXPECT_THAT(read(reader), ElementsAre("new"));
    EXPECT_EQ(last_pid, 4242);
    EXPECT_EQ(last_at, now);
    EXPECT_EQ(last_host, "web-1");
    EXPECT_THAT(read(reader), IsEmpty());
}

TEST_F(JournalReaderTest, GoesOnAfterTheLastEntryAndGivesItTheSameId) {
    write({{"0"}});
    JournalReader first(settings(), std::nullopt, now + 1us);
    read(first);
    write({{"1"}, {"2"}});
    EXPECT_THAT(read(first), ElementsAre("1", "2"));
    const auto place = first.checkpoint();
    write({{"3"}});
    EXPECT_THAT(read(first), ElementsAre("3"));
    JournalReader second(settings(), place, now);
    EXPECT_THAT(read(second), ElementsAre("3"));
    EXPECT_EQ(second.counters().gaps, 0U);
    ASSERT_THAT(ids, SizeIs(4));
    EXPECT_EQ(ids[2], ids[3]);
    EXPECT_NE(ids[1], ids[2]);
}

TEST_F(JournalReaderTest, ARestartBeforeTheFirstEntryMissesNothing) {
    write({{"old"}});
    const auto place = JournalReader(settings(), std::nullopt, now + 1us).checkpoint();
    write({{"while away"}});
    JournalReader reader(settings(), place, now + 1h);
    EXPECT_THAT(read(reader), ElementsAre("while away"));
}

TEST_F(JournalReaderTest, ACursorThatIsGoneIsCountedAndReadingGoesOnBehindIt) {
    write({{"0"}}, "system@1.journal");
    JournalReader first(settings(), std::nullopt, now - 1min);
    EXPECT_THAT(read(first), ElementsAre("0"));
    const auto place = first.checkpoint();
    write({{"1"}, {"2"}}, "system@2.journal");
    std::filesystem::remove(directory / "system@1.journal");
    JournalReader second(settings(), place, now);
    EXPECT_THAT(read(second), ElementsAre("1", "2"));
    EXPECT_EQ(second.counters().gaps, 1U);
}

TEST_F(JournalReaderTest, BelievesOnlySshd) {
    JournalReader reader(settings(), std::nullopt, now);
    write({{"user's own", "sshd", "1000", "logger", "session-1.scope"},
           {"user's program of that name", "sshd", "1000", "sshd", "session-1.scope"},
           {"root's logger", "sshd", "0", "logger", "ssh.service"},
           {"of the unit, not of sshd", "systemd", "0", "systemd", "ssh.service"},
           {"gone before it was looked at", "sshd", "0", "", "ssh.service"},
           {"real", "sshd-session", "0", "sshd-session", "ssh@3.service"}});
    EXPECT_THAT(read(reader), ElementsAre("gone before it was looked at", "real"));
    EXPECT_EQ(reader.counters().refused, 4U);
}

TEST_F(JournalReaderTest, AUnitIsReadWhoeverWritesInIt) {
    auto unit = unit_journal("nginx");
    unit.directory = directory.path().string();
    JournalReader reader(unit, std::nullopt, now);
    write({{"other", "x", "0", "x", "ssh.service"},
           {"\xff\x01 binary\nand two lines", "nginx", "33", "nginx", "nginx.service"}});
    EXPECT_THAT(read(reader), ElementsAre("\xff\x01 binary\nand two lines"));
}

TEST_F(JournalReaderTest, AMissingDirectoryIsATroubleUntilItIsThere) {
    auto away = settings();
    away.directory = directory / "later";
    JournalReader reader(away, std::nullopt, now);
    EXPECT_THAT(read(reader), IsEmpty());
    EXPECT_THAT(reader.troubles(now), SizeIs(1));
    std::filesystem::create_directory(directory / "later");
    write({{"1"}}, "later/system.journal");
    EXPECT_THAT(read(reader), ElementsAre("1"));
    EXPECT_THAT(reader.troubles(now), IsEmpty());
}

TEST_F(JournalReaderTest, ARubbishFileAmongTheJournalsDoesNoHarm) {
    JournalReader reader(settings(), std::nullopt, now);
    FILE* rubbish = std::fopen((directory / "user-1.journal").c_str(), "w");
    std::fputs("LPKSHHRH rubbish", rubbish);
    std::fclose(rubbish);
    write({{"1"}});
    EXPECT_THAT(read(reader), ElementsAre("1"));
}

TEST(JournalPlace, SurvivesItsText) {
    const JournalPlace place{"s=1;i=2;b=3", 1234567};
    EXPECT_EQ(parse_journal_place(to_text(place)), place);
    EXPECT_FALSE(parse_journal_place("journal 2\n1\ns=1"));
    EXPECT_FALSE(parse_journal_place("journal 1\n-1\ns=1"));
    EXPECT_FALSE(parse_journal_place(""));
}

}  // namespace
}  // namespace garita::journal
