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
                       "\nSYSLOG_IDENTIFIER=" + entry.identifier;
    if (!entry.unit.empty()) text += "\n_SYSTEMD_UNIT=" + entry.unit;
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
        last_writer = line.writer;
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
    detect::Writer last_writer = detect::Writer::claimed;
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

TEST_F(JournalReaderTest, WhatWasReadInAnEarlierLifeIsReadAgainOnRequest) {
    const auto again = [&](JournalReader& reader, Duration span) {
        EXPECT_TRUE(reader.read_again(span, now, *this));
        return std::exchange(lines, {});
    };
    write({{"0"}});
    JournalReader first(settings(), std::nullopt, now + 1us);
    EXPECT_THAT(again(first, 1h), IsEmpty()) << "the very first start";
    write({{"1"}, {"a user's", "sshd", "1000", "logger", "session-1.scope"}, {"2"}, {"3"}});
    EXPECT_THAT(read(first), ElementsAre("1", "2", "3"));
    const auto place = first.checkpoint();
    write({{"4"}});
    JournalReader second(settings(), place, now);
    EXPECT_THAT(again(second, 1s), ElementsAre("2", "3")) << "within a second before the last entry";
    EXPECT_EQ(second.counters().lines, 0U);
    EXPECT_EQ(second.counters().refused, 0U);
    EXPECT_EQ(second.checkpoint(), place);
    EXPECT_THAT(read(second), ElementsAre("4")) << "and reading goes on where it stood";
    JournalReader third(settings(), place, now);
    EXPECT_THAT(again(third, 1h), ElementsAre("0", "1", "2", "3"));
    EXPECT_THAT(read(third), ElementsAre("4"));
}

TEST_F(JournalReaderTest, WhereTheLastEntryIsGoneNothingIsReadAgain) {
    write({{"0"}}, "system@1.journal");
    JournalReader first(settings(), std::nullopt, now - 1min);
    EXPECT_THAT(read(first), ElementsAre("0"));
    write({{"1"}}, "system@2.journal");
    std::filesystem::remove(directory / "system@1.journal");
    JournalReader second(settings(), first.checkpoint(), now);
    EXPECT_TRUE(second.read_again(1h, now, *this));
    EXPECT_THAT(lines, IsEmpty());
    EXPECT_THAT(read(second), ElementsAre("1"));
    EXPECT_EQ(second.counters().gaps, 1U);
}

TEST_F(JournalReaderTest, AnEntryOfRootWhoWasGoneIsGivenAndVouchedForByNobody) {
    JournalReader reader(settings(), std::nullopt, now);
    write({{"gone", "sshd", "0", "", ""}});
    EXPECT_THAT(read(reader), ElementsAre("gone"));
    EXPECT_EQ(last_writer, detect::Writer::claimed);
    EXPECT_EQ(reader.counters().claimed, 1U);
    write({{"there", "sshd", "0", "sshd", "ssh.service"}});
    EXPECT_THAT(read(reader), ElementsAre("there"));
    EXPECT_EQ(last_writer, detect::Writer::proven);
    EXPECT_EQ(reader.counters().claimed, 1U);
}

/// What journald says about those who write as sshd, whoever they are.
struct Claim {
    const char* what;
    const char* fields;
    EntryWriter writer;
};

TEST(WriterOfAnEntry, IsBelievedByWhatJournaldSaysAlone) {
    using enum EntryWriter;
    constexpr Claim claims[] = {
        {"sshd", "_UID=0|_TRANSPORT=syslog|_COMM=sshd|_EXE=/usr/sbin/sshd|_SYSTEMD_UNIT=ssh.service", sshd},
        {"OpenSSH 9.8 and later",
         "_UID=0|_TRANSPORT=syslog|_COMM=sshd-session|_EXE=/usr/lib/openssh/sshd-session|_SYSTEMD_UNIT="
         "ssh.service",
         sshd},
        {"sshd in the session that it has begun",
         "_UID=0|_TRANSPORT=syslog|_COMM=sshd|_EXE=/usr/sbin/sshd|_SYSTEMD_UNIT=session-3.scope", sshd},
        {"sshd that somebody started by hand",
         "_UID=0|_TRANSPORT=syslog|_COMM=sshd|_EXE=/usr/sbin/sshd|_SYSTEMD_UNIT=user@0.service", sshd},
        {"sshd without systemd", "_UID=0|_TRANSPORT=syslog|_COMM=sshd|_EXE=/usr/sbin/sshd", sshd},
        {"sshd, read while it was ending", "_UID=0|_TRANSPORT=syslog|_COMM=sshd", sshd},
        {"sshd that was gone, its unit known", "_UID=0|_TRANSPORT=syslog|_SYSTEMD_UNIT=ssh.service", sshd},
        {"the same behind a socket unit",
         "_UID=0|_TRANSPORT=syslog|_SYSTEMD_UNIT=ssh@3-192.0.2.1:22-192.0.2.7:50222.service", sshd},

        {"sshd that was gone altogether, or root's logger", "_UID=0|_TRANSPORT=syslog", unknown},

        {"a user's logger",
         "_UID=1000|_TRANSPORT=syslog|_COMM=logger|_EXE=/usr/bin/logger|_SYSTEMD_UNIT=session-3.scope",
         other},
        {"a user's logger that was gone", "_UID=1000|_TRANSPORT=syslog", other},
        {"a user's that was gone, as if from the unit",
         "_UID=1000|_TRANSPORT=syslog|_SYSTEMD_UNIT=ssh.service", other},
        {"a user's program with sshd's name",
         "_UID=1000|_TRANSPORT=syslog|_COMM=sshd|_EXE=/home/ann/sshd|_SYSTEMD_UNIT=session-3.scope", other},
        {"a user's sshd", "_UID=1000|_TRANSPORT=syslog|_COMM=sshd|_EXE=/usr/sbin/sshd", other},
        {"root's logger in a session",
         "_UID=0|_TRANSPORT=syslog|_COMM=logger|_EXE=/usr/bin/logger|_SYSTEMD_UNIT=session-1.scope", other},
        {"root's logger in a session, gone", "_UID=0|_TRANSPORT=syslog|_SYSTEMD_UNIT=session-1.scope", other},
        {"root's logger below the unit's control group",
         "_UID=0|_TRANSPORT=syslog|_COMM=logger|_EXE=/usr/bin/logger|_SYSTEMD_UNIT=ssh.service", other},
        {"a script that calls itself sshd",
         "_UID=0|_TRANSPORT=syslog|_COMM=sshd|_EXE=/usr/bin/python3.11|_SYSTEMD_UNIT=ssh.service", other},
        {"a container's, gone", "_UID=0|_TRANSPORT=syslog|_SYSTEMD_UNIT=docker-0a1b.scope", other},
        {"cron's, gone", "_UID=0|_TRANSPORT=syslog|_SYSTEMD_UNIT=cron.service", other},
        {"a unit that only sounds like it", "_UID=0|_TRANSPORT=syslog|_SYSTEMD_UNIT=ssh.service.scope",
         other},
        {"another such unit", "_UID=0|_TRANSPORT=syslog|_SYSTEMD_UNIT=ssh-forger.service", other},
        {"through the native protocol, gone", "_UID=0|_TRANSPORT=journal|_SYSTEMD_UNIT=ssh.service", other},
        {"what a child of the unit prints", "_UID=0|_TRANSPORT=stdout|_SYSTEMD_UNIT=ssh.service", other},
        {"the kernel's ring buffer, where root may write",
         "_UID=0|_TRANSPORT=kernel|_COMM=sshd|_SYSTEMD_UNIT=ssh.service", other},
        {"the audit log", "_UID=0|_TRANSPORT=audit|_COMM=sshd", other},
        {"nobody's", "_TRANSPORT=syslog|_COMM=sshd|_EXE=/usr/sbin/sshd|_SYSTEMD_UNIT=ssh.service", other},
        {"a user that is no number", "_UID=0x|_TRANSPORT=syslog|_COMM=sshd", other},
        {"without a way that it came", "_UID=0|_COMM=sshd|_EXE=/usr/sbin/sshd", other},
        {"fields of the writer's own", "UID=0|TRANSPORT=syslog|COMM=sshd|EXE=/usr/sbin/sshd", other},
    };
    for (const auto& claim : claims) {
        JournalEntry entry;
        entry.take("SYSLOG_IDENTIFIER=sshd");
        entry.take("MESSAGE=Accepted publickey for root from 192.0.2.7 port 1 ssh2");
        for (std::string_view rest = claim.fields; !rest.empty();) {
            const auto field = rest.substr(0, rest.find('|'));
            entry.take(field);
            rest.remove_prefix(std::min(rest.size(), field.size() + 1));
        }
        EXPECT_EQ(writer_of(entry), claim.writer) << claim.what;
        entry.identifier = "sshd2";
        EXPECT_EQ(writer_of(entry), other) << claim.what;
    }
}

TEST(JournalPlace, SurvivesItsText) {
    const JournalPlace place{"s=1;i=2;b=3", 1234567};
    EXPECT_EQ(parse_journal_place(to_text(place)), place);
    const JournalPlace heard{"s=1", 5, {1, 200, 30}};
    EXPECT_EQ(parse_journal_place(to_text(heard)), heard);
    EXPECT_EQ(parse_journal_place("journal 1\n7\ns=1"), (JournalPlace{"s=1", 7}));
    for (const auto* numbers : {"5 1", "5 1 2", "5 1 2 x", "5 2 1 3", "5 1 2 3 4", "5 1 2 -3", "x 1 2 3", ""})
        EXPECT_FALSE(parse_journal_place("journal 1\n" + std::string(numbers) + "\ns=1")) << numbers;
    EXPECT_FALSE(parse_journal_place("journal 2\n1\ns=1"));
    EXPECT_FALSE(parse_journal_place("journal 1\n-1\ns=1"));
    EXPECT_FALSE(parse_journal_place(""));
}

TEST_F(JournalReaderTest, AJournalThatUsedToSpeakIsMissed) {
    JournalReader reader(settings(), std::nullopt, now);
    for (int hour = 0; hour < 26; ++hour) {
        now += 1h;
        write({{"x"}});
    }
    read(reader);
    EXPECT_THAT(reader.silences(now + 23h), IsEmpty());
    const auto silences = reader.silences(now + 24h);
    ASSERT_THAT(silences, SizeIs(1));
    EXPECT_EQ(silences[0].last, now);
    EXPECT_EQ(silences[0].longest, 1h + 1s);
    EXPECT_EQ(silences[0].source, "journal of ssh.service, sshd.service, sshd, sshd-session, sshd-auth");
    JournalReader second(settings(), reader.checkpoint(), now);
    EXPECT_THAT(second.silences(now + 24h), SizeIs(1)) << "over a restart";
    write({{"forged", "sshd", "1000", "logger", "session-1.scope"}});
    read(second);
    EXPECT_EQ(second.silences(now + 24h).at(0).last, silences[0].last) << "a forged line does not hide it";
    write({{"y"}});
    read(second);
    EXPECT_THAT(second.silences(now + 23h), IsEmpty());
}

}  // namespace
}  // namespace garita::journal
